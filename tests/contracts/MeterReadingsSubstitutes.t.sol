// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IMeterReadingsFacts, Quality} from "../../contracts/interfaces/IMeterReadings.sol";

import {EditsTest} from "./base/EditsTest.sol";

/// The grid operator's word for readings that never came.
contract MeterReadingsSubstitutesTest is EditsTest {
    function test_TheGridOperatorSubstitutesAMissingReadingBetweenAnHourAndADay() public {
        missing();
        uint256 from = endsAt(period) + calendarTimes().finalAfter;
        vm.warp(from - 1);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.TooEarly.selector, from));
        readings.postSubstitute(point, period, 300, 20);
        vm.warp(from);
        vm.expectEmit(address(readings));
        emit IMeterReadingsFacts.SubstituteBooked(point, period, 300, 20);
        readings.postSubstitute(point, period, 300, 20);
        assertEnergy(point, period, 300, 20);
        vm.assertTrue(readings.reading(point, period).quality == Quality.Substituted);
        settleAll();
        vm.assertEq(cashOf(ben), -280 * 3200);
    }

    function test_AfterADayNobodySubstitutes() public {
        missing();
        warpToDefault();
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.TooLate.selector, block.timestamp));
        readings.postSubstitute(point, period, 300, 20);
    }

    function test_OnlyTheGridOperatorSubstitutes() public {
        missing();
        warpToFinal();
        vm.prank(address(1));
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, address(1)));
        readings.postSubstitute(point, period, 300, 20);
    }

    function test_ASubstituteStaysWithinTheConnectionsLimits() public {
        missing();
        warpToFinal();
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.AboveLimit.selector, point, period, LIMIT + 1, 0));
        readings.postSubstitute(point, period, LIMIT + 1, 0);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.AboveLimit.selector, point, period, 0, LIMIT + 1));
        readings.postSubstitute(point, period, 0, LIMIT + 1);
        readings.postSubstitute(point, period, LIMIT, LIMIT);
    }

    function test_NothingKnownIsSubstituted() public {
        meterPeriod();
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.AlreadyMetered.selector, point, period));
        readings.postSubstitute(point, period, 300, 20);
        uint32 early = registry.point(point).firstPeriod - 1;
        vm.warp(endsAt(early) + calendarTimes().finalAfter);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.AlreadyMetered.selector, point, early));
        readings.postSubstitute(point, early, 300, 20);
    }

    function test_ASubstituteWaitsForTheBoundaryBeforeIt() public {
        missing();
        vm.warp(endsAt(period + 1) + calendarTimes().finalAfter);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.BoundaryMissing.selector, point, period));
        readings.postSubstitute(point, period + 1, 300, 20);
    }

    function test_WhatARunTookIsAtMostWhatTheConnectionLetThroughInAllItsPeriods() public {
        substitute(300, 60);
        vm.warp(endsAt(period + 1) + calendarTimes().finalAfter);
        readings.postSubstitute(point, period + 1, 300, 20);
        uint256 most = 2 * uint256(LIMIT);
        bytes memory reading = measured(point, importBase + most + 1, exportBase);
        for (uint256 i; i < 2; ++i) {
            vm.expectEmit(address(readings));
            emit IMeterReadingsFacts.ReadingSkipped(point, period + 1, IMeterReadingsFacts.SkipReason.AboveLimit);
            post(period + 1, reading);
            reading = measured(point, importBase, exportBase + most + 1);
        }
        vm.expectEmit(address(readings));
        emit IMeterReadingsFacts.RegisterKnownAgain(point, period, period + 1, most, most);
        post(period + 1, measured(point, importBase + most, exportBase + most));
    }

    function test_SubstitutesAndDefaultsShareOneRun() public {
        substitute(300, 60);
        vm.warp(endsAt(period + 1) + calendarTimes().substitutesUntil);
        settlement.bookDefault(ben, ELECTRICITY, period + 1);
        post(period + 1, measured(point, importBase + 800, exportBase + 120));
        readings.shareDifference(point, 2);
        assertEnergy(point, period, 600, 120);
        assertEnergy(point, period + 1, 200, 0);
    }
}
