// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IMeterReadingsFacts} from "../../contracts/interfaces/IMeterReadings.sol";

import {EditsTest} from "./base/EditsTest.sol";

/// Disputed readings hold up their account, and nobody else.
contract MeterReadingsDisputedTest is EditsTest {
    function test_ADisputedReadingHoldsUpOnlyItsAccount() public {
        measureThree();
        vm.warp(endsAt(period + 2) + calendarTimes().finalAfter);
        readings.connectDisputes(address(this));
        readings.setDisputed(point, period + 1, true);
        vm.assertTrue(readings.reading(point, period + 1).disputed);
        assertEnergy(point, period + 1, 200, 10);
        settlement.settle(AREA, ELECTRICITY, period + 1, 0, MOST);
        vm.assertTrue(settlement.hasSettled(ana, ELECTRICITY, period + 1));
        vm.assertFalse(settlement.hasSettled(ben, ELECTRICITY, period + 1));
        settlement.settle(AREA, ELECTRICITY, period + 2, 17, 1);
        vm.assertFalse(settlement.hasSettled(ben, ELECTRICITY, period + 2));
        readings.setDisputed(point, period + 1, false);
        settlement.settle(AREA, ELECTRICITY, period + 1, 0, MOST);
        vm.assertTrue(settlement.hasSettled(ben, ELECTRICITY, period + 1));
    }

    function test_ADisputedDefaultWaitsToo() public {
        substitute(300, 0);
        readings.connectDisputes(address(this));
        readings.setDisputed(point, period, true);
        settleAll();
        vm.assertFalse(settlement.hasSettled(ben, ELECTRICITY, period));
        readings.correctDisputed(point, period, uint48(importBase + 40), uint48(exportBase));
        readings.setDisputed(point, period, false);
        settleAll();
        vm.assertEq(cashOf(ben), -40 * 3200);
    }

    function test_ASubstituteAfterADisputedReadingWaitsToo() public {
        substitute(300, 0);
        readings.connectDisputes(address(this));
        readings.setDisputed(point, period - 1, true);
        settleAll();
        vm.assertFalse(settlement.hasSettled(ben, ELECTRICITY, period));
        readings.setDisputed(point, period - 1, false);
        settleAll();
        vm.assertEq(cashOf(ben), -300 * 3200);
    }

    function test_ALateReadingDoesNotEndTheDisputeAboutItsSubstitute() public {
        substitute(300, 0);
        readings.connectDisputes(address(this));
        readings.setDisputed(point, period, true);
        post(period, measured(point, importBase + 40, exportBase));
        vm.assertTrue(readings.reading(point, period).disputed);
        readings.shareDifference(point, 1);
        settleAll();
        vm.assertFalse(settlement.hasSettled(ben, ELECTRICITY, period));
        readings.setDisputed(point, period, false);
        settleAll();
        vm.assertEq(cashOf(ben), -40 * 3200);
    }

    function test_ADisputedReadingIsCorrectedUntilCertificatesHaveLapsed() public {
        measureThree();
        readings.connectDisputes(address(this));
        readings.setDisputed(point, period + 1, true);
        vm.warp(endsAt(period + 1) + calendarTimes().handOutUntil - 1);
        readings.correctDisputed(point, period + 1, uint48(importBase + 450), uint48(exportBase + 20));
        vm.assertTrue(readings.reading(point, period + 1).disputed);
        assertEnergy(point, period + 1, 350, 10);
        vm.warp(block.timestamp + 1);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.PeriodTooOld.selector, period + 1));
        readings.correctDisputed(point, period + 1, uint48(importBase + 451), uint48(exportBase + 20));
    }

    function test_OnlyTheConnectedDisputesTouchesADisputedReading() public {
        measureThree();
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.NotDisputes.selector, address(this)));
        readings.setDisputed(point, period, true);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.NotDisputes.selector, address(this)));
        readings.correctDisputed(point, period, 1, 1);
        readings.connectDisputes(address(this));
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.DisputesFixed.selector, address(this)));
        readings.connectDisputes(ADMIN);
    }

    function test_OnlyAReadingIsDisputedButADisputeAlwaysEnds() public {
        missing();
        readings.connectDisputes(address(this));
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.BoundaryMissing.selector, point, period));
        readings.setDisputed(point, period, true);
        readings.setDisputed(point, period, false);
        vm.assertFalse(readings.reading(point, period).disputed);
    }

    function test_TheNextReadingGoesOnFromADisputedOne() public {
        measureThree();
        readings.connectDisputes(address(this));
        readings.setDisputed(point, period + 2, true);
        vm.warp(endsAt(period + 3));
        post(period + 3, measured(point, importBase + 650, exportBase + 30));
        assertEnergy(point, period + 3, 50, 0);
    }
}
