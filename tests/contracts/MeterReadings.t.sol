// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IMeterReadingsFacts, Quality} from "../../contracts/interfaces/IMeterReadings.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";

import {MeteredTest} from "./base/MeteredTest.sol";

/// What becomes of signed batches: what is booked, what is skipped and why, what is known of a period's energy.
contract MeterReadingsTest is MeteredTest {
    bytes32 private constant JOURNAL = keccak256("journal");

    AccountId private ana;
    AccountId private ben;
    uint24 private point;
    uint24 private other;
    /// The first period of both points.
    uint32 private first;

    function setUp() public override {
        super.setUp();
        (ana, ben) = (admit(ANA), admit(BEN));
        (point, other) = (registerPoint(ana), registerPoint(ben));
        first = registry.point(point).firstPeriod;
        vm.warp(startsAt(first));
        post(first - 1, bytes.concat(base(point, 1000, 500), base(other, 70, 80)));
        vm.warp(endsAt(first));
    }

    // --- a batch ------------------------------------------------------------------------------------------------

    function test_ABatchIsBookedAndShownAsItWasSigned() public {
        bytes memory body = bytes.concat(measured(point, 1234, 507), measured(other, 70, 99));
        vm.expectEmit(address(readings));
        emit IMeterReadingsFacts.ReadingsPosted(gateway, first, JOURNAL, body);
        post(first, body);
        IMeterReadingsFacts.Reading memory seen = readings.reading(point, first);
        vm.assertEq(seen.importRegister, 1234);
        vm.assertEq(seen.exportRegister, 507);
        vm.assertTrue(seen.quality == Quality.Measured);
        assertEnergy(point, first, 234, 7);
        assertEnergy(other, first, 0, 19);
    }

    function test_ABatchMayBeSignedInSixtyFourBytes() public {
        bytes memory body = measured(point, 1234, 507);
        bytes memory signature = signCompact(GATEWAY_KEY, readings.batchHash(gateway, first, JOURNAL, body));
        readings.postReadings(gateway, first, JOURNAL, body, signature);
        assertEnergy(point, first, 234, 7);
    }

    function test_ABatchThatItsGatewayDidNotSignIsRefused() public {
        bytes memory body = measured(point, 1234, 507);
        bytes memory signature = sign(ANA, readings.batchHash(gateway, first, JOURNAL, body));
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.SignatureInvalid.selector, gateway));
        readings.postReadings(gateway, first, JOURNAL, body, signature);
    }

    function test_ABatchThatWasChangedAfterSigningIsRefused() public {
        bytes memory body = measured(point, 1234, 507);
        bytes memory signature = sign(GATEWAY_KEY, readings.batchHash(gateway, first, JOURNAL, body));
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.SignatureInvalid.selector, gateway));
        readings.postReadings(gateway, first, JOURNAL, measured(point, 1235, 507), signature);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.SignatureInvalid.selector, gateway));
        readings.postReadings(gateway, first, keccak256("other"), body, signature);
    }

    function test_AGatewayNobodyRegisteredSignsNothing() public {
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.SignatureInvalid.selector, 9));
        readings.postReadings(9, first, JOURNAL, measured(point, 1234, 507), new bytes(65));
    }

    function test_AnEmptyOrBrokenBodyIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.BodyMalformed.selector, 0));
        readings.postReadings(gateway, first, JOURNAL, "", "");
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.BodyMalformed.selector, 17));
        readings.postReadings(gateway, first, JOURNAL, new bytes(17), "");
    }

    function test_APeriodsEndMayBeAMinuteAheadAndNoMore() public {
        vm.warp(endsAt(first) - 61);
        bytes memory body = measured(point, 1234, 507);
        bytes memory signature = sign(GATEWAY_KEY, readings.batchHash(gateway, first, JOURNAL, body));
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.PeriodInFuture.selector, first));
        readings.postReadings(gateway, first, JOURNAL, body, signature);
        vm.warp(endsAt(first) - 60);
        readings.postReadings(gateway, first, JOURNAL, body, signature);
        assertEnergy(point, first, 234, 7);
    }

    function test_APeriodIsTooOldOnceCorrectionsAreOver() public {
        vm.warp(endsAt(first) + calendarTimes().correctionsUntil);
        bytes memory body = measured(point, 1234, 507);
        bytes memory signature = sign(GATEWAY_KEY, readings.batchHash(gateway, first, JOURNAL, body));
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.PeriodTooOld.selector, first));
        readings.postReadings(gateway, first, JOURNAL, body, signature);
        vm.warp(block.timestamp - 1);
        readings.postReadings(gateway, first, JOURNAL, body, signature);
        assertEnergy(point, first, 234, 7);
    }

    /// Two points of the first word, four of the second, three of the third.
    function test_ASortedBatchIsBookedFromTheFirstWordOn() public {
        bytes memory bases;
        bytes memory body;
        uint24 last;
        for (uint256 i; i < 9; ++i) {
            last = registerPoint(ana);
            bases = bytes.concat(bases, base(last, 0, 0));
            body = bytes.concat(body, measured(last, last, 0));
        }
        uint32 start = registry.point(last).firstPeriod;
        vm.warp(endsAt(start));
        post(start - 1, bases);
        post(start, body);
        for (uint24 id = last - 8; id <= last; ++id) {
            assertEnergy(id, start, id, 0);
        }
    }

    function test_ABatchMayNameItsPointsInAnySequence() public {
        uint24[5] memory points;
        bytes memory bases;
        bytes memory body;
        for (uint256 i; i < 5; ++i) {
            points[i] = registerPoint(ana);
        }
        uint32 start = registry.point(points[0]).firstPeriod;
        uint24[5] memory shuffled = [points[4], points[0], points[3], points[1], points[2]];
        for (uint256 i; i < 5; ++i) {
            bases = bytes.concat(bases, base(shuffled[i], 0, 0));
            body = bytes.concat(body, measured(shuffled[i], shuffled[i], 0));
        }
        vm.warp(endsAt(start));
        post(start - 1, bases);
        post(start, body);
        for (uint256 i; i < 5; ++i) {
            assertEnergy(points[i], start, points[i], 0);
        }
    }

    // --- lanes that are skipped ---------------------------------------------------------------------------------

    function test_ABadLaneIsSkippedAndTheOthersAreBooked() public {
        expectSkipped(point, first, IMeterReadingsFacts.SkipReason.AboveLimit);
        post(first, bytes.concat(measured(point, 6001, 500), measured(other, 71, 80)));
        assertUnknown(point, first);
        assertEnergy(other, first, 1, 0);
    }

    function test_AReadingUpToThePointsLimitIsBookedAndNoMore() public {
        expectSkipped(point, first, IMeterReadingsFacts.SkipReason.AboveLimit);
        post(first, measured(point, 1000, 5501));
        post(first, measured(point, 6000, 5500));
        assertEnergy(point, first, 5000, 5000);
    }

    function test_ARegisterThatRunsBackwardsIsAboveTheLimit() public {
        expectSkipped(point, first, IMeterReadingsFacts.SkipReason.AboveLimit);
        post(first, measured(point, 999, 500));
    }

    function test_ARegisterMayPassTwoToTheTwentyEight() public {
        uint24 late = registerPoint(ana);
        uint32 start = registry.point(late).firstPeriod;
        vm.warp(endsAt(start));
        post(start - 1, base(late, 2 ** 28 - 10, 3 * 2 ** 28 - 1));
        post(start, measured(late, 2 ** 28 + 5, 3 * 2 ** 28));
        assertEnergy(late, start, 15, 1);
    }

    function test_AGatewayReadsOnlyItsOwnPoints() public {
        uint16 stranger = registry.registerGateway(vm.addr(0x57A));
        bytes memory body = measured(point, 1234, 507);
        bytes memory signature = sign(0x57A, readings.batchHash(stranger, first, JOURNAL, body));
        expectSkipped(point, first, IMeterReadingsFacts.SkipReason.WrongGateway);
        readings.postReadings(stranger, first, JOURNAL, body, signature);
        assertUnknown(point, first);
    }

    function test_AnUnknownPointIsSkipped() public {
        expectSkipped(77, first, IMeterReadingsFacts.SkipReason.PointUnknown);
        expectSkipped(0, first, IMeterReadingsFacts.SkipReason.PointUnknown);
        post(first, bytes.concat(measured(77, 1, 1), measured(0, 1, 1)));
    }

    function test_OnlyBaseMeasuredAndEstimatedAreAGatewaysWords() public {
        for (uint8 quality; quality < 40; quality += quality == 0 ? 4 : 1) {
            expectSkipped(point, first, IMeterReadingsFacts.SkipReason.QualityUnknown);
            post(first, abi.encodePacked(point, uint48(1234), uint48(507), quality));
        }
        post(first, lane(point, 1234, 507, Quality.Estimated));
        assertEnergy(point, first, 234, 7);
    }

    function test_TheFirstReadingWins() public {
        post(first, measured(point, 1234, 507));
        expectSkipped(point, first, IMeterReadingsFacts.SkipReason.AlreadyKnown);
        post(first, measured(point, 1235, 507));
        assertEnergy(point, first, 234, 7);
    }

    function test_APointTwiceInABatchCountsOnce() public {
        expectSkipped(point, first, IMeterReadingsFacts.SkipReason.AlreadyKnown);
        post(first, bytes.concat(measured(point, 1234, 507), measured(point, 1300, 507)));
        assertEnergy(point, first, 234, 7);
    }

    function test_AReadingIsAcceptedOnlyAfterTheOneBefore() public {
        vm.warp(endsAt(first + 1));
        expectSkipped(point, first + 1, IMeterReadingsFacts.SkipReason.NotConsecutive);
        post(first + 1, measured(point, 1300, 507));
        post(first, measured(point, 1234, 507));
        post(first + 1, measured(point, 1300, 507));
        assertEnergy(point, first + 1, 66, 0);
    }

    function test_ABaseStandsOnlyAtTheStartOfAPointsFirstPeriod() public {
        expectSkipped(point, first, IMeterReadingsFacts.SkipReason.NotConsecutive);
        post(first, base(point, 1234, 507));
        expectSkipped(point, first - 1, IMeterReadingsFacts.SkipReason.AlreadyKnown);
        post(first - 1, base(point, 900, 507));
        vm.assertEq(readings.reading(point, first - 1).importRegister, 1000);
    }

    // --- what is known ------------------------------------------------------------------------------------------

    function test_BeforeItsFirstPeriodAPointMeasuresNothing() public view {
        assertEnergy(point, first - 1, 0, 0);
        assertEnergy(point, first - 2, 0, 0);
        assertUnknown(point, first);
    }

    function test_APeriodIsFinalOnceItsReadingIsHeldLongEnough() public {
        post(first, bytes.concat(measured(point, 1234, 507), measured(other, 71, 80)));
        vm.warp(endsAt(first) + calendarTimes().finalAfter - 1);
        vm.assertEq(meteredWord(0), 234 | (7 << 40));
        vm.warp(block.timestamp + 1);
        vm.assertEq(meteredWord(0), 234 | (7 << 40) | (1 << 80));
        vm.assertEq(meteredWord(1), 1 | (1 << 80));
    }

    function test_ALateReadingIsFinalAtOnce() public {
        vm.warp(endsAt(first) + calendarTimes().finalAfter + 1);
        vm.assertEq(meteredWord(0), 1 << 81); // missing
        post(first, measured(point, 1234, 507));
        vm.assertEq(meteredWord(0), 234 | (7 << 40) | (1 << 80));
    }

    function test_AnAccountWithoutPointsIsMeteredNothingAndFinal() public {
        admit(CEM);
        vm.assertEq(meteredWord(2), 1 << 80);
    }

    function test_AnAccountsPointsAreAddedUpHoweverMany() public {
        uint24[] memory points = new uint24[](3);
        for (uint256 i; i < 3; ++i) {
            points[i] = registerPoint(ben);
        }
        uint32 start = registry.point(points[0]).firstPeriod;
        catchUp(other, 70, 80, first, start - 1);
        vm.warp(endsAt(start));
        post(start - 1, bytes.concat(base(points[0], 0, 0), base(points[1], 0, 0), base(points[2], 0, 0)));
        bytes memory body = bytes.concat(measured(points[0], 1, 10), measured(points[1], 2, 20));
        uint256 passed = start - first;
        post(start, bytes.concat(body, measured(other, 70 + passed + 100, 80 + 2 * passed)));
        vm.warp(endsAt(start) + calendarTimes().finalAfter);
        vm.assertEq(readings.metered(AREA, ELECTRICITY, start, 17, 1)[0], 103 | (30 << 40) | (1 << 81));
        post(start, measured(points[2], 4, 40));
        vm.assertEq(readings.metered(AREA, ELECTRICITY, start, 17, 1)[0], 107 | (70 << 40) | (1 << 80));
    }

    // --- the ring -----------------------------------------------------------------------------------------------

    function test_AnEarlierTurnOfTheRingReadsAsEmpty() public {
        post(first, measured(point, 1234, 507));
        uint32 later = first + calendarTimes().ringPeriods;
        assertUnknown(point, later);
        vm.warp(endsAt(later));
        expectSkipped(point, later, IMeterReadingsFacts.SkipReason.NotConsecutive);
        post(later, measured(point, 1300, 507));
    }

    function test_APointReadWithoutAGapGoesOnWhereTheRingIsUsedAnew() public {
        uint32 last = first + calendarTimes().ringPeriods + 2;
        catchUp(point, 1000, 500, first, last);
        assertEnergy(point, last, 1, 2);
        uint32 overwritten = first + 1;
        assertUnknown(point, overwritten);
    }

    // --- who may ------------------------------------------------------------------------------------------------

    function test_OnlySettlementBooksDefaults() public {
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.NotSettlement.selector, address(this)));
        readings.bookDefault(ana, ELECTRICITY, first, 0);
    }

    function test_SettlementIsConnectedOnce() public {
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.SettlementFixed.selector, address(settlement)));
        readings.connectSettlement(address(this));
    }

    // --- always -------------------------------------------------------------------------------------------------

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_PeriodEnergiesSumToTheRegistersDifference(uint16[8] memory energies) public {
        (uint256 register, uint256 sum) = (1000, 0);
        vm.warp(endsAt(first + 8));
        for (uint32 i; i < 8; ++i) {
            register += energies[i] % 8000; // some above the limit of 5000
            post(first + i, measured(point, register, 500));
            (bool known, uint256 importWh,) = readings.energyOf(point, first + i);
            if (!known) return;
            sum += importWh;
            vm.assertEq(readings.reading(point, first + i).importRegister, 1000 + sum);
        }
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    /// Posts `from` … `to` with one Wh import and two Wh export each, from the given registers.
    function catchUp(uint24 id, uint256 importWh, uint256 exportWh, uint32 from, uint32 to) private {
        for (uint32 p = from; p <= to; ++p) {
            vm.warp(endsAt(p));
            uint256 passed = p - from + 1;
            post(p, measured(id, importWh + passed, exportWh + 2 * passed));
        }
    }

    function meteredWord(uint256 member) private view returns (uint256) {
        return readings.metered(AREA, ELECTRICITY, first, 16 + member, 1)[0];
    }

    function expectSkipped(uint24 id, uint32 period, IMeterReadingsFacts.SkipReason reason) private {
        vm.expectEmit(address(readings));
        emit IMeterReadingsFacts.ReadingSkipped(id, period, reason);
    }
}
