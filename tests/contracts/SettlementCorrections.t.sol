// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlementFacts} from "../../contracts/interfaces/ISettlement.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";

import {SettlementTest} from "./base/SettlementTest.sol";

/// Readings that change after an account has settled: only the difference is settled, between it and its backstop.
contract SettlementCorrectionsTest is SettlementTest {
    AccountId private ana;
    AccountId private ben;
    AccountId private dora;

    function setUp() public override {
        super.setUp();
        (ana, ben) = (join(ANA), join(BEN));
        dora = admit(DORA);
        fund(dora, 1_040_000);
        metered.push(Metered(dora, registerPoint(dora, 5000, 5000, 50), 0, 0));
        open();
    }

    // --- the shared example, by hand ----------------------------------------------------------------------------

    function test_ASubstituteThatIsCorrectedComesOutToTheUnit() public {
        trade(dora, ben, 800, 1900);
        vm.assertEq(vault.balanceOf(dora), 0);
        meter(ben, 800, 0);
        settleWithout(dora);
        vm.assertEq(vault.debtOf(dora), 160_000);
        vm.assertEq(areaNow().backstopCash, 2_720_000);
        vm.assertEq(cashOf(ben), -1_520_000);
        correct(dora, 20, 780);
        vm.expectEmit(address(settlement));
        emit ISettlementFacts.CorrectionSettled(dora, ELECTRICITY, period, 20, 780, 2_592_000, 0);
        settle(dora);
        vm.assertEq(vault.debtOf(dora), 0);
        vm.assertEq(vault.balanceOf(dora), 2_432_000);
        vm.assertEq(areaNow().backstopCash, 128_000);
        vm.assertEq(cashOf(backstop()), 128_000);
        vm.assertEq(potOfSettlement(), 0);
        handOutAll();
        vm.assertEq(certificatesOf(ben), 760);
    }

    // --- when ---------------------------------------------------------------------------------------------------

    function test_OnlyReadingsNoteCorrections() public {
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.NotReadings.selector, address(this)));
        settlement.noteCorrection(ana, ELECTRICITY, period);
    }

    function test_WhoHasNotSettledSettlesOnceAsCorrected() public {
        trade(ana, ben, 1000, 1900);
        meterAs(1000, 900);
        correct(ana, 0, 1100);
        settleAll();
        vm.assertEq(cashOf(ana), 1000 * 1900 + 100 * 800);
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.NothingToCorrect.selector, ana, period));
        settle(ana);
    }

    function test_CorrectionsSettleTheDifferenceAgainAndAgain() public {
        settleAs(1000, 900);
        correct(ana, 0, 1100);
        settle(ana);
        vm.assertEq(cashOf(ana), 1000 * 1900 + 100 * 800);
        correct(ana, 0, 700);
        correct(ana, 0, 800);
        settle(ana);
        settle(ana);
        vm.assertEq(cashOf(ana), 1000 * 1900 - 200 * 3200);
        vm.assertEq(cashOf(backstop()), 200 * 3200);
        vm.assertEq(areaNow().backstopCash, 200 * 3200);
    }

    function test_WhatACorrectionTakesBeyondTheBalanceIsOwed() public {
        settleAs(1000, 1000);
        uint256 all = vault.balanceOf(ana) / CASH_PER_TOKEN_UNIT;
        vm.prank(vm.addr(ANA));
        vault.withdraw(ana, all - 1000, vm.addr(ANA));
        correct(ana, 0, 900);
        settle(ana);
        vm.assertEq(vault.balanceOf(ana), 0);
        vm.assertEq(vault.debtOf(ana), 100 * 3200 - 10_000);
        vm.assertEq(areaNow().backstopCash, 100 * 3200);
    }

    // --- means --------------------------------------------------------------------------------------------------

    function test_WhatTheBackstopCantPayWaitsAloneAndCountsForCertificates() public {
        settleAs(1000, 900);
        correct(ana, 0, 1000);
        correct(ben, 1100, 0);
        drain();
        vm.expectEmit(address(settlement));
        emit ISettlementFacts.CorrectionUnfunded(ana, ELECTRICITY, period, 100 * 3200, 0);
        settle(ana);
        vm.assertEq(settlement.openCorrections(ELECTRICITY, period), 1);
        settle(ben);
        vm.assertEq(cashOf(ben), -1000 * 1900 - 100 * 3200);
        handOutAll();
        vm.assertEq(certificatesOf(ben), 1000);
        settle(ana);
        vm.assertEq(cashOf(ana), 1000 * 1900);
    }

    function test_CertificatesWaitForEveryCorrectionToBeCounted() public {
        settleAs(1000, 900);
        correct(ana, 0, 1000);
        vm.warp(endsAt(period) + calendarTimes().correctionsUntil);
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.CorrectionsOpen.selector, ELECTRICITY, period, 1));
        settlement.handOut(AREA, ELECTRICITY, period, 0, MOST);
        settle(ana);
        handOutAll();
        vm.assertEq(certificatesOf(ben), 1000);
    }

    // --- disputes -----------------------------------------------------------------------------------------------

    function test_ADisputeHoldsUpItsOwnMemberAloneAndIsSetAside() public {
        readings.connectDisputes(address(this));
        trade(ana, ben, 1000, 1900);
        meterAs(1000, 900);
        readings.setDisputed(meteredOf(ana).point, period, true);
        settleAll();
        vm.assertEq(cashOf(ben), -1000 * 1900);
        vm.assertEq(cashOf(ana), -1000 * 1300, "only her lock is away");
        vm.warp(endsAt(period) + calendarTimes().correctionsUntil);
        settlement.setAside(AREA, ELECTRICITY, period, 0, MOST);
        vm.assertEq(cashOf(ana), 1000 * 1900 - 100 * 3200, "as the reading stands");
        handOutAll();
        vm.assertEq(certificatesOf(ben), 900);
        decide(ana, 0, 950);
        settle(ana);
        vm.assertEq(cashOf(ana), 1000 * 1900 - 50 * 3200);
        vm.assertEq(certificatesOf(ben), 900, "what was handed out stays");
    }

    function test_ADisputeAfterSettlementSettlesItsDecision() public {
        readings.connectDisputes(address(this));
        settleAs(1000, 900);
        readings.setDisputed(meteredOf(ana).point, period, true);
        decide(ana, 0, 1000);
        settle(ana);
        vm.assertEq(cashOf(ana), 1000 * 1900);
        handOutAll();
        vm.assertEq(certificatesOf(ben), 1000);
    }

    // --- sums ---------------------------------------------------------------------------------------------------

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_CashSumsToZeroWhateverIsCorrected(uint256 seed) public {
        settleAs(10 + seed % 1000, 900);
        for (uint256 i; i < 6; ++i) {
            uint256 drawn = uint256(keccak256(abi.encode(seed, i)));
            AccountId account = drawn % 2 == 0 ? ana : ben;
            if ((drawn >> 8) % 4 == 0) drain();
            correct(account, (drawn >> 16) % 5000, (drawn >> 48) % 5000);
            if ((drawn >> 80) % 2 == 0) settle(account);
        }
        fund(backstop(), FUNDS);
        settleIfNoted(ana);
        settleIfNoted(ben);
        vm.assertEq(cashOf(ana), cashByRule(ana), "ana");
        vm.assertEq(cashOf(ben), cashByRule(ben), "ben");
        vm.assertEq(areaNow().backstopCash, -cashByRule(ana) - cashByRule(ben), "backstop");
        vm.assertEq(potOfSettlement(), 0, "pot");
        (uint256 entrusted, uint256 held) = vault.totals();
        vm.assertEq(entrusted, held);
        handOutAll();
        vm.assertLe(certificates.totalSupply(market), deliverable(ana) + deliverable(ben));
    }

    // --- steps --------------------------------------------------------------------------------------------------

    /// Ana sells `energyWh` to Ben, who takes just that; she feeds in `exportWh`. All settle.
    function settleAs(uint256 energyWh, uint256 exportWh) private {
        trade(ana, ben, energyWh, 1900);
        meterAs(energyWh, exportWh);
        settleAll();
    }

    function meterAs(uint256 importWh, uint256 exportWh) private {
        meter(ana, 0, exportWh);
        meter(ben, importWh, 0);
        claimAll();
        meterPeriod();
    }

    function settleWithout(AccountId account) private {
        claimAll();
        vm.warp(endsAt(period));
        postBases();
        postAllBut(account);
        warpToDefault();
        settlement.bookDefault(account, ELECTRICITY, period);
        settleAll();
    }

    function correct(AccountId account, uint256 importWh, uint256 exportWh) private {
        meter(account, importWh, exportWh);
        (uint48 importRegister, uint48 exportRegister) = registersOf(account);
        readings.correct(meteredOf(account).point, period, importRegister, exportRegister, "swapped");
    }

    function decide(AccountId account, uint256 importWh, uint256 exportWh) private {
        meter(account, importWh, exportWh);
        (uint48 importRegister, uint48 exportRegister) = registersOf(account);
        readings.correctDisputed(meteredOf(account).point, period, importRegister, exportRegister);
        readings.setDisputed(meteredOf(account).point, period, false);
    }

    function registersOf(AccountId account) private view returns (uint48, uint48) {
        (uint256 importWh, uint256 exportWh) = basesOf(meteredOf(account).point);
        return (uint48(importWh + meteredOf(account).importWh), uint48(exportWh + meteredOf(account).exportWh));
    }

    function settle(AccountId account) private {
        settlement.settleCorrection(account, ELECTRICITY, period);
    }

    function settleIfNoted(AccountId account) private {
        if (settlement.correctionOf(account, ELECTRICITY, period).noted) settle(account);
    }

    function drain() private {
        uint256 amount = vault.balanceOf(backstop()) / CASH_PER_TOKEN_UNIT;
        vm.prank(BACKSTOP);
        vault.withdraw(backstop(), amount, BACKSTOP);
    }

    function cashByRule(AccountId account) private view returns (int256) {
        ISettlementFacts.Position memory seen = positionOf(account);
        int256 metered_ = int256(meteredOf(account).exportWh) - int256(meteredOf(account).importWh);
        int256 imbalance = metered_ - int256(seen.soldWh) + int256(seen.boughtWh);
        int256 value = imbalance * int256(uint256(imbalance >= 0 ? FEED_IN : RETAIL));
        return int256(seen.received) - int256(seen.paid) + value;
    }

    function deliverable(AccountId account) private view returns (uint256) {
        Metered memory found = meteredOf(account);
        return found.exportWh > found.importWh ? found.exportWh - found.importWh : 0;
    }
}
