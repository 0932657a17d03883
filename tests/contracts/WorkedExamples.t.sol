// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../../contracts/types/AccountId.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";

import {SettlementTest} from "./base/SettlementTest.sol";

/// The worked example of the design and those of its vectors that need one area and order books only, from signed orders and
/// readings to money and certificates, to the unit.
contract WorkedExamplesTest is SettlementTest {
    uint256 private constant EVA = 0xE7A;

    uint256 private constant GUARANTEE = uint256(FEED_IN) * EXPORT_CAPACITY;

    OrderRef private _next;
    AccountId private ana;
    AccountId private ben;
    AccountId private cem;

    function test_TheDesignsExampleComesOutToTheUnit() public {
        (ana, ben, cem) = (join(ANA), join(BEN), join(CEM));
        open();
        trade(ana, ben, 1500, 1900);
        trade(ana, cem, 500, 2100);
        meter(ana, 0, 1800);
        meter(ben, 1700, 0);
        meter(cem, 400, 0);
        settlePeriod();
        assertCash(ana, 3_260_000);
        assertCash(ben, -3_490_000);
        assertCash(cem, -970_000);
        assertBackstop(1_200_000);
        handOutAll();
        assertCertificates(ana, 0);
        assertCertificates(ben, 1350);
        assertCertificates(cem, 450);
    }

    function test_Flip_APositionMayChangeItsSign() public {
        (ana, ben, cem) = (join(ANA), join(BEN), join(CEM));
        open();
        trade(ben, ana, 1000, 1500);
        collectAll();
        placeOffer(ana, 1600, 1900);
        placeBid(ben, 1300, 1900);
        placeBid(cem, 300, 1900);
        meter(ana, 0, 500);
        meter(ben, 250, 0);
        meter(cem, 300, 0);
        claimAll();
        vm.assertEq(positionOf(ana).locked, 2_080_000);
        vm.assertEq(positionOf(ben).locked, 1_700_000);
        lowerLocks();
        vm.assertEq(positionOf(ana).locked, 0);
        vm.assertEq(positionOf(ben).locked, 0);
        meterPeriod();
        settleAll();
        assertCash(ana, 1_220_000);
        assertCash(ben, -930_000);
        assertCash(cem, -570_000);
        assertBackstop(280_000);
        handOutAll();
        assertCertificates(ana, 0);
        assertCertificates(ben, 250);
        assertCertificates(cem, 250);
    }

    function test_TwoSellers_RemaindersAreNotMinted() public {
        (AccountId bea, AccountId dan, AccountId eva) = (join(BEN), join(DORA), join(EVA));
        (ana, cem) = (join(ANA), join(CEM));
        open();
        placeOffer(ana, 700, 1900);
        placeOffer(bea, 300, 1900);
        placeBid(cem, 334, 1900);
        placeBid(dan, 333, 1900);
        placeBid(eva, 333, 1900);
        meter(ana, 0, 650);
        meter(bea, 0, 400);
        meter(cem, 334, 0);
        meter(dan, 300, 0);
        meter(eva, 400, 0);
        settlePeriod();
        assertCash(ana, 1_170_000);
        assertCash(bea, 650_000);
        assertCash(cem, -634_600);
        assertCash(dan, -606_300);
        assertCash(eva, -847_100);
        assertBackstop(268_000);
        vm.assertEq(areaNow().poolWh, 950);
        handOutAll();
        assertCertificates(ana, 0);
        assertCertificates(bea, 100);
        assertCertificates(cem, 317);
        assertCertificates(dan, 316);
        assertCertificates(eva, 316);
        vm.assertEq(certificates.totalSupply(market), 1049);
    }

    function test_Debt_IsRepaidFirstFromReceipts() public {
        (ana, ben, cem) = (join(ANA), join(BEN, 1_100_000), join(CEM));
        open();
        placeOffer(ana, 500, 1900);
        placeBid(ben, 500, 2000);
        sellFourHundredInTheNextPeriod();
        meter(ana, 0, 500);
        meter(ben, 800, 0);
        settlePeriod();
        assertCash(ana, 950_000);
        vm.assertEq(vault.balanceOf(ben), 0);
        vm.assertEq(vault.debtOf(ben), 810_000);
        vm.assertEq(areaNow().backstopCash, 960_000);
        vm.assertEq(vault.balanceOf(backstop()), FUNDS - GUARANTEE + 150_000);
        settleTheNextPeriod();
        vm.assertEq(vault.debtOf(ben), 90_000);
        vm.assertEq(vault.balanceOf(ben), 560_000);
        vm.assertEq(vault.withdrawable(ben), 470_000);
        vm.assertEq(vault.balanceOf(backstop()), FUNDS + 150_000 + 720_000);
    }

    function sellFourHundredInTheNextPeriod() private {
        vm.warp(block.timestamp + PERIOD_SECONDS);
        fund(ben, 560_000);
        (OrderRef ref,) = place(offer(ben, electricity(period + 1), 400, 1800));
        place(bid(cem, electricity(period + 1), 400, 1800));
        _next = ref;
    }

    function settleTheNextPeriod() private {
        AccountId[] memory takers = new AccountId[](1);
        takers[0] = cem;
        book.claim(electricity(period + 1), refs(_next), takers);
        (uint256 importA, uint256 exportA) = basesOf(1);
        (uint256 importB, uint256 exportB) = basesOf(2);
        (uint256 importC, uint256 exportC) = basesOf(3);
        bytes memory body = bytes.concat(
            measured(1, importA, exportA + 500),
            measured(2, importB + 800, exportB + 400),
            measured(3, importC + 400, exportC)
        );
        post(period + 1, body);
        vm.warp(endsAt(period + 1) + calendarTimes().finalAfter);
        settlement.settle(AREA, ELECTRICITY, period + 1, 0, MOST);
    }

    function lowerLocks() private {
        settlement.lowerLock(ana, ELECTRICITY, period);
        settlement.lowerLock(ben, ELECTRICITY, period);
    }

    function assertCash(AccountId account, int256 expected) private view {
        vm.assertEq(cashOf(account), expected, "cash");
    }

    /// Its own word, and what it really has.
    function assertBackstop(int256 expected) private view {
        vm.assertEq(areaNow().backstopCash, expected, "backstop's cash");
        vm.assertEq(cashOf(backstop()), expected, "backstop's balance");
        vm.assertEq(potOfSettlement(), 0, "pot");
    }

    function assertCertificates(AccountId account, uint256 expected) private view {
        vm.assertEq(certificatesOf(account), expected, "certificates");
    }
}
