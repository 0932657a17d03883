// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {Disputes} from "../../contracts/Disputes.sol";
import {DisputeState, IDisputes} from "../../contracts/interfaces/IDisputes.sol";
import {IMeterReadingsFacts} from "../../contracts/interfaces/IMeterReadings.sol";
import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";

import {SettlementTest} from "./base/SettlementTest.sol";

/// A member's bonded word against a reading of its own.
contract DisputesTest is SettlementTest {
    uint256 private constant BOND = 1e8;
    uint96 private constant POT = 1;

    Disputes private disputes;
    AccountId private ana;
    AccountId private ben;
    uint24 private anasPoint;
    uint48 private imported;
    uint48 private exported;

    function setUp() public override {
        super.setUp();
        disputes = new Disputes(address(manager), calendarTimes(), vault, registry, readings, BOND);
        allow(address(disputes), disputes.decideDispute.selector, manager.GRID_OPERATOR());
        allow(address(readings), readings.connectDisputes.selector, manager.OPERATOR());
        readings.connectDisputes(address(disputes));
        vault.grantVenue(address(disputes), false);
        ana = join(ANA);
        ben = join(BEN);
        open();
        trade(ana, ben, 1000, 1900);
        meter(ana, 0, 1000);
        meter(ben, 1000, 0);
        claimAll();
        vm.warp(endsAt(period));
        postBases();
        postAll();
        anasPoint = meteredOf(ana).point;
        (uint256 importWh, uint256 exportWh) = basesOf(anasPoint);
        (imported, exported) = (uint48(importWh), uint48(exportWh + 1000));
    }

    // --- filing -------------------------------------------------------------------------------------------------

    function test_ADisputeLocksItsBondAndHoldsUpItsMemberAlone() public {
        uint256 before = vault.balanceOf(ana);
        _file(imported, exported + 300);
        vm.assertEq(before - vault.balanceOf(ana), BOND);
        vm.assertTrue(readings.reading(anasPoint, period).disputed);
        warpToFinal();
        settleAll();
        vm.assertFalse(settlement.hasSettled(ana, ELECTRICITY, period));
        vm.assertTrue(settlement.hasSettled(ben, ELECTRICITY, period));
    }

    function testFuzz_OnlyTheOwnerDisputesItsReading(address caller) public {
        vm.assume(caller != vm.addr(ANA));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotAccountOwner.selector, ana, caller));
        vm.prank(caller);
        disputes.fileDispute(anasPoint, period, imported, exported + 1);
    }

    function test_AReadingIsDisputedUntilHalfwayToTheEndOfCorrections() public {
        uint256 until = endsAt(period) + 4 days;
        vm.assertEq(disputes.disputableUntil(period), until);
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.TooLate.selector, until));
        _file(imported, exported + 1);
        vm.warp(until - 1);
        _file(imported, exported + 1);
    }

    function test_AReadingIsDisputedOnce() public {
        _file(imported, exported + 300);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputedBefore.selector, anasPoint, period));
        _file(imported, exported + 300);
        disputes.decideDispute(anasPoint, period, imported, exported);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputedBefore.selector, anasPoint, period));
        _file(imported, exported + 300);
    }

    function test_AReadingThatIsNotThereCannotBeDisputed() public {
        vm.warp(endsAt(period + 1));
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.BoundaryMissing.selector, anasPoint, period + 1));
        vm.prank(vm.addr(ANA));
        disputes.fileDispute(anasPoint, period + 1, 1, 0);
    }

    /// Turns of the ring are counted with 16 bits: so many periods later the same words are found.
    function test_NoReadingIsDisputedAsThatOfAFarPeriod() public {
        uint32 far = period + (uint32(calendarTimes().ringPeriods) << 16);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.TooEarly.selector, endsAt(far)));
        vm.prank(vm.addr(ANA));
        disputes.fileDispute(anasPoint, far, imported, exported + 300);
        vm.assertFalse(readings.reading(anasPoint, period).disputed);
    }

    function test_AClaimMustDifferByNoMoreThanTheConnectionCarries() public {
        bytes memory refusal = abi.encodeWithSelector(IDisputes.ClaimUnusable.selector, anasPoint, period);
        uint48 most = registry.point(anasPoint).maxExportWh;
        vm.expectRevert(refusal);
        _file(imported, exported);
        vm.expectRevert(refusal);
        _file(imported, exported + most + 1);
        vm.expectRevert(refusal);
        _file(imported, exported - most - 1);
        _file(imported, exported + most);
    }

    function test_WithoutTheBondThereIsNoDispute() public {
        uint256 all = vault.balanceOf(ana) / 10;
        vm.prank(vm.addr(ANA));
        vault.withdraw(ana, all, vm.addr(ANA));
        uint256 left = vault.balanceOf(ana);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.InsufficientBalance.selector, ana, left, BOND));
        _file(imported, exported + 300);
    }

    function test_WhoMayNotTradeOrOwesMayDisputeStill() public {
        vm.prank(address(registry));
        vault.setRights(ana, false, false);
        vault.grantVenue(address(this), true);
        vault.charge(ana, 1, vault.balanceOf(ana) + 7);
        fund(ana, BOND);
        _file(imported, exported + 300);
        vm.assertEq(vault.balanceOf(ana), 0);
    }

    // --- deciding -----------------------------------------------------------------------------------------------

    function test_AnUpheldDisputeCorrectsTheReadingAndReturnsTheBond() public {
        uint256 before = vault.balanceOf(ana);
        _file(imported, exported + 300);
        vm.expectEmit(address(disputes));
        emit IDisputes.DisputeDecided(anasPoint, period, ana, true, imported, exported + 200);
        disputes.decideDispute(anasPoint, period, imported, exported + 200);
        vm.assertEq(vault.balanceOf(ana), before);
        vm.assertFalse(readings.reading(anasPoint, period).disputed);
        (,, uint256 exportWh) = readings.energyOf(anasPoint, period);
        vm.assertEq(exportWh, 1200);
        warpToFinal();
        settleAll();
        // Its lock, 1000 at 1900, and 200 at feed-in: what was locked returned with what was earned.
        vm.assertEq(cashOf(ana), int256(1000 * 1900 + 200 * uint256(FEED_IN)));
    }

    function test_ADecisionAfterSettlementIsSettledAsADifference() public {
        warpToFinal();
        settleAll();
        int256 settled = cashOf(ana);
        _file(imported, exported + 300);
        disputes.decideDispute(anasPoint, period, imported, exported + 300);
        settlement.settleCorrection(ana, ELECTRICITY, period);
        vm.assertEq(cashOf(ana) - settled, int256(300 * uint256(FEED_IN)));
    }

    function test_ARejectedDisputeLeavesTheReadingAndItsBondGoesToTheFeeAccount() public {
        uint256 before = vault.balanceOf(ana);
        uint256 earned = vault.balanceOf(fees());
        _file(imported, exported + 300);
        disputes.decideDispute(anasPoint, period, imported, exported);
        vm.assertEq(before - vault.balanceOf(ana), BOND);
        vm.assertEq(vault.balanceOf(fees()) - earned, BOND);
        vm.assertEq(uint256(disputes.disputeOf(anasPoint, period).state), uint256(DisputeState.Rejected));
        (,, uint256 exportWh) = readings.energyOf(anasPoint, period);
        vm.assertEq(exportWh, 1000);
    }

    function testFuzz_ADecisionLiesBetweenReadingAndClaim(uint16 claimed, uint48 decided) public {
        uint48 claim = exported + claimed % 500 + 1;
        _file(imported, claim);
        decided = exported - 600 + decided % 1800;
        if (decided < exported || decided > claim) {
            vm.expectRevert(abi.encodeWithSelector(IDisputes.DecisionOutOfBounds.selector, anasPoint, period));
        }
        disputes.decideDispute(anasPoint, period, imported, decided);
    }

    function test_ADecisionNeverTouchesTheRegisterThatNobodyDisputed() public {
        _file(imported, exported + 300);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DecisionOutOfBounds.selector, anasPoint, period));
        disputes.decideDispute(anasPoint, period, imported + 1, exported);
    }

    function testFuzz_OnlyTheGridOperatorDecides(address caller) public {
        vm.assume(caller != ADMIN);
        _file(imported, exported + 300);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
        vm.prank(caller);
        disputes.decideDispute(anasPoint, period, imported, exported + 300);
    }

    function test_WhatIsNotOpenIsNotDecided() public {
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputeNotOpen.selector, anasPoint, period));
        disputes.decideDispute(anasPoint, period, imported, exported);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.DisputeNotOpen.selector, anasPoint, period));
        disputes.expireDispute(anasPoint, period);
    }

    // --- silence ------------------------------------------------------------------------------------------------

    function test_WithoutADecisionInTimeTheReadingStandsAndTheBondReturns() public {
        uint256 before = vault.balanceOf(ana);
        _file(imported, exported + 300);
        uint256 until = endsAt(period) + 7 days;
        vm.warp(until - 1);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.TooEarly.selector, until));
        disputes.expireDispute(anasPoint, period);
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.TooLate.selector, until));
        disputes.decideDispute(anasPoint, period, imported, exported + 300);
        vm.prank(vm.addr(DORA));
        disputes.expireDispute(anasPoint, period);
        vm.assertEq(vault.balanceOf(ana), before);
        vm.assertFalse(readings.reading(anasPoint, period).disputed);
        settleAll();
        vm.assertTrue(settlement.hasSettled(ana, ELECTRICITY, period));
        (uint128 left,) = vault.pot(address(disputes), POT);
        vm.assertEq(left, 0);
    }

    function test_ARevokedVenueReturnsItsBondsStill() public {
        _file(imported, exported + 300);
        vault.revokeVenue(address(disputes));
        disputes.decideDispute(anasPoint, period, imported, exported + 300);
        (uint128 left,) = vault.pot(address(disputes), POT);
        vm.assertEq(left, 0);
    }

    function _file(uint48 importRegister, uint48 exportRegister) private {
        vm.prank(vm.addr(ANA));
        disputes.fileDispute(anasPoint, period, importRegister, exportRegister);
    }
}
