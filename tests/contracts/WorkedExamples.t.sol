// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../../contracts/types/AccountId.sol";

import {SettlementTest} from "./base/SettlementTest.sol";

/// The worked example of the design and those of its vectors that need one area and order books only, from signed orders and
/// readings to money and certificates, to the unit.
contract WorkedExamplesTest is SettlementTest {
    uint256 private constant EVA = 0xE7A;

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
        meter(ana, 0, 500);
        meter(ben, 800, 0);
        settlePeriod();
        assertCash(ana, 950_000);
        vm.assertEq(vault.balanceOf(ben), 0);
        vm.assertEq(vault.debtOf(ben), 810_000);
        vm.assertEq(areaNow().backstopCash, 960_000);
        vm.assertEq(vault.balanceOf(backstop()), FUNDS + 150_000);
        repayInTheNextPeriod();
    }

    function repayInTheNextPeriod() private {
        fund(ben, 560_000);
        uint256 funds = vault.balanceOf(cem);
        delete metered;
        (uint24 point, uint24 other) = (2, 3);
        metered.push(Metered(ben, point, 0, 400));
        metered.push(Metered(cem, other, 400, 0));
        uint32 before = period;
        period = uint32(block.timestamp / PERIOD_SECONDS) + 4;
        market = electricity(period);
        catchUp(before, point, other);
    }

    /// Readings of the periods between, all without energy, then a sale of 400 Wh at 1800.
    function catchUp(uint32 before, uint24 point, uint24 other) private {
        (uint256 importA, uint256 exportA) = basesOf(point);
        (uint256 importB, uint256 exportB) = basesOf(other);
        place(offer(ben, market, 400, 1800));
        place(bid(cem, market, 400, 1800));
        vm.warp(endsAt(period));
        for (uint32 p = before + 1; p <= period; ++p) {
            uint256 sold = p == period ? 400 : 0;
            bytes memory a = measured(point, importA + 800, exportA + sold);
            post(p, bytes.concat(a, measured(other, importB + sold, exportB)));
        }
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
