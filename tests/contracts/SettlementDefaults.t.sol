// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IMeterReadingsFacts} from "../../contracts/interfaces/IMeterReadings.sol";
import {ISettlementFacts} from "../../contracts/interfaces/ISettlement.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";

import {SettlementTest} from "./base/SettlementTest.sol";

/// Readings that never came: what is booked for them, and what happens when their registers are known again.
contract SettlementDefaultsTest is SettlementTest {
    AccountId private ana;
    AccountId private ben;
    uint24 private point; // ben's

    function setUp() public override {
        super.setUp();
        (ana, ben) = (join(ANA), join(BEN));
        point = meteredOf(ben).point;
        open();
    }

    // --- when ---------------------------------------------------------------------------------------------------

    function test_ADefaultIsBookedOnlyAfterTheTimeForSubstitutes() public {
        missing();
        uint256 from = endsAt(period) + calendarTimes().substitutesUntil;
        vm.warp(from - 1);
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.TooEarly.selector, from));
        settlement.bookDefault(ben, ELECTRICITY, period);
        vm.warp(from);
        vm.expectEmit(address(readings));
        emit IMeterReadingsFacts.DefaultBooked(point, period, 100);
        settlement.bookDefault(ben, ELECTRICITY, period);
        assertEnergy(point, period, 100, 0);
        settleAll();
        vm.assertTrue(settlement.isSettled(ELECTRICITY, period));
        vm.assertEq(cashOf(ben), -100 * 3200);
    }

    function test_ADefaultWaitsForAllClaims() public {
        trade(ana, ben, 700, 1900);
        missing();
        warpToDefault();
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.ClaimsOpen.selector, ELECTRICITY, period, 1));
        settlement.bookDefault(ben, ELECTRICITY, period);
    }

    function test_NothingIsBookedWhereNothingIsMissing() public {
        missing();
        warpToDefault();
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.NothingMissing.selector, ana, period));
        settlement.bookDefault(ana, ELECTRICITY, period);
        settlement.bookDefault(ben, ELECTRICITY, period);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.NothingMissing.selector, ben, period));
        settlement.bookDefault(ben, ELECTRICITY, period);
    }

    function test_NothingIsBookedForWhoHasSettled() public {
        missing();
        warpToDefault();
        settlement.bookDefault(ben, ELECTRICITY, period);
        settleAll();
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.AlreadySettled.selector, ben, period));
        settlement.bookDefault(ben, ELECTRICITY, period);
    }

    function test_AnEarlierMissingPeriodIsBookedFirst() public {
        missing();
        vm.warp(endsAt(period + 1) + calendarTimes().substitutesUntil);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.BoundaryMissing.selector, point, period));
        settlement.bookDefault(ben, ELECTRICITY, period + 1);
        bookDefaults(2);
        assertEnergy(point, period + 1, 100, 0);
    }

    // --- how much -----------------------------------------------------------------------------------------------

    function test_WhoBoughtMoreThanItsDefaultIsTakenToHaveUsedIt() public {
        trade(ana, ben, 700, 1900);
        claimAll();
        missing();
        warpToDefault();
        settlement.bookDefault(ben, ELECTRICITY, period);
        assertEnergy(point, period, 700, 0);
        settleAll();
        vm.assertEq(cashOf(ben), -700 * 1900);
    }

    function test_TheDefaultGoesToTheMissingPointsInOrderUpToTheirLimits() public {
        AccountId cem = join(CEM);
        uint24 first = meteredOf(cem).point;
        uint24 second = registerPoint(cem, 300, 0, 50);
        uint24 third = registerPoint(cem, 6000, 0, 50);
        period = warpToParticipation();
        market = electricity(period);
        trade(ana, cem, 8000, 1900);
        vm.warp(startsAt(period));
        post(period - 1, bytes.concat(base(first, 0, 0), base(second, 0, 0), base(third, 0, 0)));
        vm.warp(endsAt(period));
        post(period, measured(first, 2000, 0));
        claimAll();
        warpToDefault();
        settlement.bookDefault(cem, ELECTRICITY, period);
        assertEnergy(first, period, 2000, 0);
        assertEnergy(second, period, 300, 0);
        assertEnergy(third, period, 5700, 0);
    }

    // --- known again --------------------------------------------------------------------------------------------

    function test_AfterARunOnlyItsEndsTrueRegistersAreAccepted() public {
        missing();
        bookDefaults(3);
        (uint256 importWh, uint256 exportWh) = basesOf(point);
        expectSkipped(period, IMeterReadingsFacts.SkipReason.AlreadyKnown);
        post(period, measured(point, importWh + 10, exportWh));
        expectSkipped(period + 3, IMeterReadingsFacts.SkipReason.NotConsecutive);
        post(period + 3, measured(point, importWh + 800, exportWh));
        vm.expectEmit(address(readings));
        emit IMeterReadingsFacts.RegisterKnownAgain(point, period, period + 2, 600, 90);
        post(period + 2, measured(point, importWh + 600, exportWh + 90));
        post(period + 3, measured(point, importWh + 800, exportWh + 90));
        assertEnergy(point, period + 3, 200, 0);
    }

    function test_UntilItIsSharedASubstitutedPeriodKeepsItsSubstitute() public {
        missing();
        bookDefaults(3);
        knownAgain(3, 600, 90);
        for (uint32 i; i < 3; ++i) {
            assertEnergy(point, period + i, 100, 0);
        }
    }

    function test_ADifferenceIsSharedInProportionOverPages() public {
        missing();
        bookDefaults(3);
        knownAgain(3, 602, 90);
        readings.shareDifference(point, 2);
        assertEnergy(point, period + 2, 100, 0);
        vm.expectEmit(address(readings));
        emit IMeterReadingsFacts.DifferenceShared(point, period + 2, 201, 30);
        readings.shareDifference(point, 5);
        assertEnergy(point, period, 200, 30);
        assertEnergy(point, period + 1, 201, 30);
        assertEnergy(point, period + 2, 201, 30);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.NothingToShare.selector, point));
        readings.shareDifference(point, 1);
    }

    function test_AShareOfASettledPeriodIsSettledAsACorrection() public {
        missing();
        bookDefaults(2);
        settlement.settle(AREA, ELECTRICITY, period, 17, 1);
        knownAgain(2, 500, 0);
        vm.expectEmit(address(readings));
        emit IMeterReadingsFacts.DifferenceShared(point, period, 250, 0);
        readings.shareDifference(point, 2);
        assertEnergy(point, period, 250, 0);
        assertEnergy(point, period + 1, 250, 0);
        vm.assertEq(cashOf(ben), -100 * 3200);
        settlement.settleCorrection(ben, ELECTRICITY, period);
        vm.assertEq(cashOf(ben), -250 * 3200);
    }

    function test_ASharePastItsCorrectionDeadlineIsAResidual() public {
        missing();
        bookDefaults(2);
        settlement.settle(AREA, ELECTRICITY, period, 17, 1);
        knownAgain(2, 500, 10);
        vm.warp(endsAt(period) + calendarTimes().correctionsUntil);
        vm.expectEmit(address(settlement));
        emit ISettlementFacts.ResidualBooked(1, ben, ELECTRICITY, period, period + 1, 150, 5);
        readings.shareDifference(point, 2);
        assertEnergy(point, period, 100, 0);
        assertEnergy(point, period + 1, 250, 5);
        assertResidual(period, 150, 5);
        assertResidual(period + 1, 0, 0);
        settlement.settleResidual(1);
        vm.assertEq(cashOf(ben), -250 * 3200 + 5 * 800);
    }

    function test_AResidualBelowTheSubstitutesIsPaidBack() public {
        missing();
        bookDefaults(1);
        settlement.settle(AREA, ELECTRICITY, period, 17, 1);
        knownAgain(1, 30, 0);
        vm.warp(endsAt(period) + calendarTimes().correctionsUntil);
        readings.shareDifference(point, 1);
        assertResidual(period, -70, 0);
        settlement.settleResidual(1);
        vm.assertEq(cashOf(ben), -30 * 3200);
    }

    function test_ADifferenceBeyondTheLimitIsNotAccepted() public {
        missing();
        bookDefaults(2);
        (uint256 importWh, uint256 exportWh) = basesOf(point);
        expectSkipped(period + 1, IMeterReadingsFacts.SkipReason.AboveLimit);
        post(period + 1, measured(point, importWh + 10_001, exportWh));
    }

    function test_ASecondRunWaitsUntilTheFirstIsShared() public {
        missing();
        bookDefaults(1);
        knownAgain(1, 500, 0);
        vm.warp(endsAt(period + 1) + calendarTimes().substitutesUntil);
        settlement.bookDefault(ben, ELECTRICITY, period + 1);
        (uint256 importWh, uint256 exportWh) = basesOf(point);
        expectSkipped(period + 1, IMeterReadingsFacts.SkipReason.SharePending);
        post(period + 1, measured(point, importWh + 900, exportWh));
        readings.shareDifference(point, 1);
        post(period + 1, measured(point, importWh + 900, exportWh));
        readings.shareDifference(point, 1);
        assertEnergy(point, period, 500, 0);
        assertEnergy(point, period + 1, 400, 0);
    }

    function test_ABaseMayComeAfterItsPeriodWasDefaulted() public {
        vm.warp(endsAt(period));
        warpToDefault();
        settlement.bookDefault(ben, ELECTRICITY, period);
        assertEnergy(point, period, 100, 0);
        expectSkipped(period, IMeterReadingsFacts.SkipReason.NotConsecutive);
        post(period, measured(point, 7300, 400));
        post(period - 1, base(point, 7000, 400));
        post(period, measured(point, 7300, 400));
        readings.shareDifference(point, 1);
        assertEnergy(point, period, 300, 0);
    }

    // --- always -------------------------------------------------------------------------------------------------

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_EnergiesAndResidualsSumToTheRegistersDifference(
        uint8 late,
        uint16 importWh,
        uint16 exportWh,
        uint256 page
    ) public {
        missing();
        bookDefaults(5);
        knownAgain(5, importWh % 25_001, exportWh % 25_001);
        // Of the first periods corrections are over, and of more from page to page.
        vm.warp(endsAt(period + late % 6) + calendarTimes().correctionsUntil - 1);
        for (uint256 i; i < 10; ++i) {
            vm.warp(block.timestamp + 300);
            try readings.shareDifference(point, page % 4 + 1) {} catch {}
        }
        (int256 sumImport, int256 sumExport) = (0, 0);
        for (uint32 i; i < 5; ++i) {
            (, uint256 used, uint256 fedIn) = readings.energyOf(point, period + i);
            (int256 moreImport, int256 moreExport) = readings.residual(point, period + i);
            sumImport += int256(used) + moreImport;
            sumExport += int256(fedIn) + moreExport;
        }
        vm.assertEq(sumImport, int256(uint256(importWh % 25_001)));
        vm.assertEq(sumExport, int256(uint256(exportWh % 25_001)));
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    /// The period passes; ben's reading doesn't come.
    function missing() private {
        vm.warp(endsAt(period));
        postBases();
        postAllBut(ben);
    }

    /// Books the defaults of ben's first `count` periods.
    function bookDefaults(uint32 count) private {
        vm.warp(endsAt(period + count) + calendarTimes().substitutesUntil);
        for (uint32 i; i < count; ++i) {
            settlement.bookDefault(ben, ELECTRICITY, period + i);
        }
    }

    /// The true registers at the end of a run of `count` periods.
    function knownAgain(uint32 count, uint256 importDifference, uint256 exportDifference) private {
        (uint256 importWh, uint256 exportWh) = basesOf(point);
        post(period + count - 1, measured(point, importWh + importDifference, exportWh + exportDifference));
    }

    function assertResidual(uint32 at, int256 importWh, int256 exportWh) private view {
        (int256 seenImport, int256 seenExport) = readings.residual(point, at);
        vm.assertEq(seenImport, importWh, "import");
        vm.assertEq(seenExport, exportWh, "export");
    }

    function expectSkipped(uint32 at, IMeterReadingsFacts.SkipReason reason) private {
        vm.expectEmit(address(readings));
        emit IMeterReadingsFacts.ReadingSkipped(point, at, reason);
    }
}
