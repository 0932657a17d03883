// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IMeterReadingsFacts, Quality} from "../../contracts/interfaces/IMeterReadings.sol";

import {EditsTest} from "./base/EditsTest.sol";

/// Corrected boundaries, and what becomes of the energies around them.
contract MeterReadingsCorrectionsTest is EditsTest {
    function test_ACorrectedBoundaryMovesEnergyBetweenTwoPeriods() public {
        measureThree();
        vm.expectEmit(address(readings));
        emit IMeterReadingsFacts.ReadingCorrected(
            point, period + 1, uint48(importBase + 450), uint48(exportBase + 25), "swapped"
        );
        readings.correct(point, period + 1, uint48(importBase + 450), uint48(exportBase + 25), "swapped");
        assertEnergy(point, period, 100, 10);
        assertEnergy(point, period + 1, 350, 15);
        assertEnergy(point, period + 2, 150, 5);
        vm.assertTrue(readings.reading(point, period + 1).quality == Quality.Corrected);
    }

    function test_BothSettledPeriodsSettleTheDifference() public {
        measureThree();
        vm.warp(endsAt(period + 2) + calendarTimes().finalAfter);
        for (uint32 i; i < 3; ++i) {
            settlement.settle(AREA, ELECTRICITY, period + i, 17, 1);
        }
        int256 before = cashOf(ben);
        correct(period + 1, 450, 20);
        vm.assertEq(cashOf(ben), before);
        settlement.settleCorrection(ben, ELECTRICITY, period + 1);
        vm.assertEq(cashOf(ben), before - 150 * 3200);
        settlement.settleCorrection(ben, ELECTRICITY, period + 2);
        vm.assertEq(cashOf(ben), before);
    }

    function test_ACorrectionStaysWithinTheLimitsOfBothPeriods() public {
        measureThree();
        bytes memory refused =
            abi.encodeWithSelector(IMeterReadingsFacts.AboveLimit.selector, point, period + 1, LIMIT + 1, 10);
        vm.expectRevert(refused);
        correct(period + 1, 100 + LIMIT + 1, 20);
        // Beyond what the next boundary says: the next period would have taken less than nothing.
        vm.expectRevert(
            abi.encodeWithSelector(IMeterReadingsFacts.AboveLimit.selector, point, period + 2, 2 ** 28 - 1, 10)
        );
        correct(period + 1, 601, 20);
    }

    function test_ACorrectionIsInTimeUntilTheDeadline() public {
        measureThree();
        vm.warp(endsAt(period) + calendarTimes().correctionsUntil - 1);
        correct(period, 101, 10);
        vm.warp(block.timestamp + 1);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.PeriodTooOld.selector, period));
        correct(period, 102, 10);
    }

    /// Its words are those of a period so many turns of the ring earlier.
    function test_NothingIsCorrectedAsThatOfAFarPeriod() public {
        measureThree();
        uint32 far = period + (uint32(calendarTimes().ringPeriods) << 16);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.PeriodInFuture.selector, far));
        correct(far, 101, 10);
    }

    function test_OnlyTheCorrectorCorrects() public {
        measureThree();
        vm.prank(address(1));
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, address(1)));
        readings.correct(point, period, 0, 0, "");
    }

    function test_WhatWasNeverReadIsNotCorrected() public {
        missing();
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.BoundaryMissing.selector, point, period));
        correct(period, 100, 10);
    }

    function test_ACorrectedBaseStaysABase() public {
        measureThree();
        correctTo(period - 1, importBase - 20, exportBase);
        vm.assertTrue(readings.reading(point, period - 1).quality == Quality.Base);
        assertEnergy(point, period - 1, 0, 0);
        assertEnergy(point, period, 120, 10);
    }

    function test_ACorrectedSubstituteIsThePeriodsEnergyAtOnce() public {
        substitute(50, 0);
        settleAll();
        correct(period, 20, 780);
        assertEnergy(point, period, 20, 780);
        settlement.settleCorrection(ben, ELECTRICITY, period);
        vm.assertEq(cashOf(ben), 760 * 800);
    }

    function test_InsideARunNothingIsCorrectedButItsEnd() public {
        substitute(300, 100);
        vm.warp(endsAt(period + 1) + calendarTimes().finalAfter);
        readings.postSubstitute(point, period + 1, 100, 0);
        vm.expectRevert(refused(period, IMeterReadingsFacts.SkipReason.AlreadyKnown));
        correct(period, 100, 10);
        correct(period + 1, 800, 200);
        vm.expectRevert(refused(period + 1, IMeterReadingsFacts.SkipReason.SharePending));
        correct(period + 1, 801, 200);
        readings.shareDifference(point, 2);
        assertEnergy(point, period, 600, 200);
        assertEnergy(point, period + 1, 200, 0);
    }

    function test_TheEndOfASharedRunIsCorrectedLater() public {
        substitute(300, 0);
        post(period, measured(point, importBase + 400, exportBase));
        readings.shareDifference(point, 1);
        post(period + 1, measured(point, importBase + 700, exportBase));
        correct(period, 500, 0);
        assertEnergy(point, period, 500, 0);
        assertEnergy(point, period + 1, 200, 0);
    }

    function test_TheStartOfAnOpenRunIsCorrectedBeforeItsEndIsKnown() public {
        missing();
        vm.warp(endsAt(period));
        post(period, measured(point, importBase + 100, exportBase));
        vm.warp(endsAt(period + 1) + calendarTimes().finalAfter);
        readings.postSubstitute(point, period + 1, 300, 0);
        correct(period, 150, 0);
        assertEnergy(point, period, 150, 0);
        post(period + 1, measured(point, importBase + 500, exportBase));
        readings.shareDifference(point, 1);
        assertEnergy(point, period + 1, 350, 0);
    }

    /// forge-config: default.fuzz.runs = 128
    function testFuzz_CorrectionsKeepTheSumOfEnergies(uint16[6] memory registers, uint8 gap) public {
        measureThree();
        uint32 late = period + 3;
        vm.warp(endsAt(late + 1) + calendarTimes().finalAfter);
        readings.postSubstitute(point, late, 100 + uint24(gap), gap);
        post(late, measured(point, importBase + 900, exportBase + 40));
        readings.shareDifference(point, 1);
        post(late + 1, measured(point, importBase + 1000, exportBase + 50));
        for (uint256 i; i < 6; ++i) {
            uint48 importRegister = uint48(importBase + registers[i] % 1100);
            try readings.correct(point, period + uint32(i % 4), importRegister, uint48(exportBase + 20), "") {} catch {}
        }
        uint256 sum;
        for (uint32 i; i < 5; ++i) {
            (, uint256 importWh,) = readings.energyOf(point, period + i);
            sum += importWh;
        }
        vm.assertEq(sum, 1000);
    }
}
