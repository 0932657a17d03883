// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IMeterReadings, Quality} from "../../contracts/interfaces/IMeterReadings.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";

import {SettlementTest} from "./base/SettlementTest.sol";

/// What people change of readings: substitutes, corrections, disputes, and what becomes of the energies around them.
contract MeterReadingsEditsTest is SettlementTest {
    uint24 private constant LIMIT = 5000;

    AccountId private ana;
    AccountId private ben;
    uint24 private point; // ben's
    uint256 private importBase;
    uint256 private exportBase;

    function setUp() public override {
        super.setUp();
        (ana, ben) = (join(ANA), join(BEN));
        point = meteredOf(ben).point;
        (importBase, exportBase) = basesOf(point);
        open();
    }

    // --- substitutes --------------------------------------------------------------------------------------------

    function test_TheGridOperatorSubstitutesAMissingReadingBetweenAnHourAndADay() public {
        missing();
        uint256 from = endsAt(period) + calendarTimes().finalAfter;
        vm.warp(from - 1);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadings.TooEarly.selector, from));
        readings.postSubstitute(point, period, 300, 20);
        vm.warp(from);
        vm.expectEmit(address(readings));
        emit IMeterReadings.SubstituteBooked(point, period, 300, 20);
        readings.postSubstitute(point, period, 300, 20);
        assertEnergy(point, period, 300, 20);
        vm.assertTrue(readings.reading(point, period).quality == Quality.Substituted);
        settleAll();
        vm.assertEq(cashOf(ben), -280 * 3200);
    }

    function test_AfterADayNobodySubstitutes() public {
        missing();
        warpToDefault();
        vm.expectRevert(abi.encodeWithSelector(IMeterReadings.TooLate.selector, block.timestamp));
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
        vm.expectRevert(abi.encodeWithSelector(IMeterReadings.AboveLimit.selector, point, period, LIMIT + 1, 0));
        readings.postSubstitute(point, period, LIMIT + 1, 0);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadings.AboveLimit.selector, point, period, 0, LIMIT + 1));
        readings.postSubstitute(point, period, 0, LIMIT + 1);
        readings.postSubstitute(point, period, LIMIT, LIMIT);
    }

    function test_NothingKnownIsSubstituted() public {
        meterPeriod();
        vm.expectRevert(abi.encodeWithSelector(IMeterReadings.AlreadyMetered.selector, point, period));
        readings.postSubstitute(point, period, 300, 20);
        uint32 early = registry.point(point).firstPeriod - 1;
        vm.warp(endsAt(early) + calendarTimes().finalAfter);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadings.AlreadyMetered.selector, point, early));
        readings.postSubstitute(point, early, 300, 20);
    }

    function test_ASubstituteWaitsForTheBoundaryBeforeIt() public {
        missing();
        vm.warp(endsAt(period + 1) + calendarTimes().finalAfter);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadings.BoundaryMissing.selector, point, period));
        readings.postSubstitute(point, period + 1, 300, 20);
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

    // --- corrections --------------------------------------------------------------------------------------------

    function test_ACorrectedBoundaryMovesEnergyBetweenTwoPeriods() public {
        measureThree();
        vm.expectEmit(address(readings));
        emit IMeterReadings.ReadingCorrected(
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
            abi.encodeWithSelector(IMeterReadings.AboveLimit.selector, point, period + 1, LIMIT + 1, 10);
        vm.expectRevert(refused);
        correct(period + 1, 100 + LIMIT + 1, 20);
        // Beyond what the next boundary says: the next period would have taken less than nothing.
        vm.expectRevert(abi.encodeWithSelector(IMeterReadings.AboveLimit.selector, point, period + 2, 2 ** 28 - 1, 10));
        correct(period + 1, 601, 20);
    }

    function test_ACorrectionIsInTimeUntilTheDeadline() public {
        measureThree();
        vm.warp(endsAt(period) + calendarTimes().correctionsUntil - 1);
        correct(period, 101, 10);
        vm.warp(block.timestamp + 1);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadings.PeriodTooOld.selector, period));
        correct(period, 102, 10);
    }

    function test_OnlyTheCorrectorCorrects() public {
        measureThree();
        vm.prank(address(1));
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, address(1)));
        readings.correct(point, period, 0, 0, "");
    }

    function test_WhatWasNeverReadIsNotCorrected() public {
        missing();
        vm.expectRevert(abi.encodeWithSelector(IMeterReadings.BoundaryMissing.selector, point, period));
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
        vm.expectRevert(refused(period, IMeterReadings.SkipReason.AlreadyKnown));
        correct(period, 100, 10);
        correct(period + 1, 800, 200);
        vm.expectRevert(refused(period + 1, IMeterReadings.SkipReason.SharePending));
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

    // --- disputes -----------------------------------------------------------------------------------------------

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

    function test_ADisputedReadingIsCorrectedUntilCertificatesHaveLapsed() public {
        measureThree();
        readings.connectDisputes(address(this));
        readings.setDisputed(point, period + 1, true);
        vm.warp(endsAt(period + 1) + calendarTimes().handOutUntil - 1);
        readings.correctDisputed(point, period + 1, uint48(importBase + 450), uint48(exportBase + 20));
        vm.assertTrue(readings.reading(point, period + 1).disputed);
        assertEnergy(point, period + 1, 350, 10);
        vm.warp(block.timestamp + 1);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadings.PeriodTooOld.selector, period + 1));
        readings.correctDisputed(point, period + 1, uint48(importBase + 451), uint48(exportBase + 20));
    }

    function test_OnlyTheConnectedDisputesTouchesADisputedReading() public {
        measureThree();
        vm.expectRevert(abi.encodeWithSelector(IMeterReadings.NotDisputes.selector, address(this)));
        readings.setDisputed(point, period, true);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadings.NotDisputes.selector, address(this)));
        readings.correctDisputed(point, period, 1, 1);
        readings.connectDisputes(address(this));
        vm.expectRevert(abi.encodeWithSelector(IMeterReadings.DisputesFixed.selector, address(this)));
        readings.connectDisputes(ADMIN);
    }

    function test_OnlyAReadingIsDisputedButADisputeAlwaysEnds() public {
        missing();
        readings.connectDisputes(address(this));
        vm.expectRevert(abi.encodeWithSelector(IMeterReadings.BoundaryMissing.selector, point, period));
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

    // --- always -------------------------------------------------------------------------------------------------

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

    // --- helpers ------------------------------------------------------------------------------------------------

    /// Ben takes 100, 200 and 300 Wh and feeds in 10 Wh in each of three periods; ana nothing.
    function measureThree() private {
        vm.warp(endsAt(period + 2));
        postBases();
        (uint256 anaImport, uint256 anaExport) = basesOf(meteredOf(ana).point);
        uint256 taken;
        for (uint32 i; i < 3; ++i) {
            taken += 100 * (i + 1);
            bytes memory others = measured(meteredOf(ana).point, anaImport, anaExport);
            post(period + i, bytes.concat(others, measured(point, importBase + taken, exportBase + 10 * (i + 1))));
        }
    }

    /// The period passes; ben's reading doesn't come.
    function missing() private {
        vm.warp(endsAt(period));
        postBases();
        postAllBut(ben);
    }

    function substitute(uint24 importWh, uint24 exportWh) private {
        missing();
        warpToFinal();
        readings.postSubstitute(point, period, importWh, exportWh);
    }

    /// Registers since the base.
    function correct(uint32 at, uint256 importWh, uint256 exportWh) private {
        correctTo(at, importBase + importWh, exportBase + exportWh);
    }

    function correctTo(uint32 at, uint256 importRegister, uint256 exportRegister) private {
        readings.correct(point, at, uint48(importRegister), uint48(exportRegister), "checked on site");
    }

    function refused(uint32 at, IMeterReadings.SkipReason reason) private view returns (bytes memory) {
        return abi.encodeWithSelector(IMeterReadings.CorrectionRefused.selector, point, at, reason);
    }
}
