// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlementFacts} from "../../contracts/interfaces/ISettlement.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";

import {SettlementTest} from "./base/SettlementTest.sol";

/// Who still waits once corrections are over is set aside: the period is finished without it, and its money waits outside the
/// ring.
contract SettlementSetAsideTest is SettlementTest {
    uint256 private constant SURPLUS = 1800 * uint256(FEED_IN);

    AccountId private ana;
    AccountId private ben;

    function setUp() public override {
        super.setUp();
        (ana, ben) = (join(ANA), join(BEN));
        open();
        meter(ana, 0, 1800);
        meter(ben, 900, 0);
    }

    function test_NobodyIsSetAsideWhileCorrectionsAreOpen() public {
        meterPeriod();
        uint256 from = endsAt(period) + calendarTimes().correctionsUntil;
        vm.warp(from - 1);
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.TooEarly.selector, from));
        setAside();
    }

    function test_NobodyIsSetAsideWhileFillsAreUnclaimed() public {
        trade(ana, ben, 1000, 1900);
        warpToCorrected();
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.ClaimsOpen.selector, ELECTRICITY, period, 1));
        setAside();
    }

    function test_WhoCouldHaveSettledSimplySettles() public {
        trade(ana, ben, 1000, 1900);
        claimAll();
        meterPeriod();
        warpToCorrected();
        setAside();
        vm.assertTrue(settlement.isSettled(ELECTRICITY, period));
        vm.assertEq(cashOf(ana), 1000 * 1900 + 800 * 800);
        vm.assertFalse(settlement.correctionOf(ana, ELECTRICITY, period).noted);
    }

    function test_SurplusThatTheBackstopCantPayCountsAsSettledAndIsPaidLater() public {
        waitForTheBackstop();
        vm.assertFalse(settlement.isSettled(ELECTRICITY, period));
        warpToCorrected();
        vm.expectEmit(address(settlement));
        emit ISettlementFacts.SetAside(ana, ELECTRICITY, period);
        setAside();
        vm.assertTrue(settlement.isSettled(ELECTRICITY, period));
        vm.assertEq(cashOf(ana), 0);
        assertWaits(1800);
        vm.expectEmit(address(settlement));
        emit ISettlementFacts.CorrectionUnfunded(ana, ELECTRICITY, period, SURPLUS, 0);
        settlement.settleCorrection(ana, ELECTRICITY, period);
        fund(backstop(), SURPLUS);
        settlement.settleCorrection(ana, ELECTRICITY, period);
        vm.assertEq(cashOf(ana), int256(SURPLUS));
        vm.assertEq(vault.balanceOf(backstop()), 0);
        vm.assertEq(areaNow().backstopCash, 900 * 3200 - int256(SURPLUS));
        vm.assertEq(potOfSettlement(), 0);
    }

    function test_WhatWasSettledIsNotSettledAgain() public {
        waitForTheBackstop();
        warpToCorrected();
        setAside();
        fund(backstop(), 10 * SURPLUS);
        settlement.settleCorrection(ana, ELECTRICITY, period);
        settlement.settleCorrection(ana, ELECTRICITY, period);
        setAside();
        vm.assertEq(cashOf(ana), int256(SURPLUS));
    }

    function test_CertificatesOfUnpaidSurplusAreHandedOut() public {
        waitForTheBackstop();
        warpToCorrected();
        setAside();
        handOutAll();
        vm.assertEq(certificatesOf(ana), 1800);
    }

    function test_WhoseReadingNeverCameWaitsForItsDefault() public {
        trade(ana, ben, 1000, 1900);
        leaveOut(ben);
        warpToCorrected();
        setAside();
        vm.assertTrue(settlement.hasSettled(ana, ELECTRICITY, period));
        vm.assertFalse(settlement.hasSettled(ben, ELECTRICITY, period));
        settlement.bookDefault(ben, ELECTRICITY, period);
        setAside();
        vm.assertEq(cashOf(ben), -1000 * 1900);
    }

    function test_WhomNobodyDefaultedUntilCertificatesLapseMeteredNothing() public {
        trade(ana, ben, 1000, 1900);
        leaveOut(ben);
        vm.warp(endsAt(period) + calendarTimes().handOutUntil);
        setAside();
        vm.assertTrue(settlement.isSettled(ELECTRICITY, period));
        vm.assertEq(cashOf(ben), -1000 * 1900 + 1000 * 800);
        vm.assertEq(potOfSettlement(), 0);
    }

    function test_APeriodsWordsAreUsedAnewOnceTheLastMemberIsSetAside() public {
        trade(ana, ben, 1000, 1900);
        leaveOut(ben);
        settleAll();
        uint32 later = period + calendarTimes().ringPeriods;
        vm.warp(startsAt(later) - calendarTimes().opensBefore - 1);
        setAside();
        vm.warp(startsAt(later) - calendarTimes().opensBefore);
        place(offer(ana, electricity(later), 1500, 1900));
        vm.assertEq(settlement.openMarkets(ELECTRICITY, later), 1);
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    function setAside() private {
        settlement.setAside(AREA, ELECTRICITY, period, 0, MOST);
    }

    function warpToCorrected() private {
        vm.warp(endsAt(period) + calendarTimes().correctionsUntil);
    }

    /// Nobody trades, nobody guarantees: Ana is short of her surplus.
    function waitForTheBackstop() private {
        meterPeriod();
        settlement.settle(AREA, ELECTRICITY, period, 17, 1);
        uint256 cash = vault.balanceOf(backstop());
        vm.prank(BACKSTOP);
        vault.withdraw(backstop(), cash / CASH_PER_TOKEN_UNIT, BACKSTOP);
        settleAll();
    }

    function leaveOut(AccountId account) private {
        claimAll();
        vm.warp(endsAt(period));
        postBases();
        postAllBut(account);
        warpToFinal();
    }

    function assertWaits(uint256 exportWh) private view {
        ISettlementFacts.CorrectionView memory seen = settlement.correctionOf(ana, ELECTRICITY, period);
        vm.assertTrue(seen.noted);
        vm.assertFalse(seen.open);
        vm.assertEq(seen.settledExportWh, 0);
        vm.assertEq(seen.knownExportWh, exportWh);
    }
}
