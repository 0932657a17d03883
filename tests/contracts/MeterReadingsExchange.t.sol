// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IMeterReadingsFacts, MeterExchange, Quality} from "../../contracts/interfaces/IMeterReadings.sol";
import {IRegistry} from "../../contracts/interfaces/IRegistry.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";

import {MeteredTest} from "./base/MeteredTest.sol";

/// Another meter on a point: what both counted is the period's energy, and the next periods go on from the new one.
contract MeterReadingsExchangeTest is MeteredTest {
    uint256 private constant METER_KEY = 0x3E7E4;

    AccountId private ana;
    uint24 private point;
    uint32 private first;
    bytes private _none;

    function setUp() public override {
        super.setUp();
        ana = admit(ANA);
        point = registerPoint(ana, 5000, 4000, 100);
        first = registry.point(point).firstPeriod;
        vm.warp(startsAt(first));
        post(first - 1, base(point, 1000, 500));
        vm.warp(endsAt(first));
    }

    // --- the period of the exchange -----------------------------------------------------------------------------

    function test_ThePeriodsEnergyIsWhatBothMetersCounted() public {
        MeterExchange memory exchange = exchanged(first, 1300, 510, 7, 9, 207, 10);
        vm.expectEmit(address(readings));
        emit IMeterReadingsFacts.MeterExchanged(point, first, exchange);
        book(exchange);
        assertEnergy(point, first, 300 + 200, 10 + 1);
        IMeterReadingsFacts.Reading memory reading = readings.reading(point, first);
        vm.assertEq(reading.importRegister, 207);
        vm.assertEq(uint256(reading.quality), uint256(Quality.Apart));
    }

    function test_TheNextPeriodsGoOnFromTheNewMeter() public {
        book(exchanged(first, 1300, 510, 7, 9, 207, 10));
        vm.warp(endsAt(first + 1));
        post(first + 1, measured(point, 1207, 15));
        assertEnergy(point, first + 1, 1000, 5);
    }

    function test_AnExchangeBetweenTwoPeriodsIsOneToo() public {
        book(exchanged(first, 1300, 510, 0, 0, 0, 0));
        assertEnergy(point, first, 300, 10);
    }

    function test_ItIsFinalWhenAMeasuredReadingWouldBe() public {
        book(exchanged(first, 1300, 510, 0, 0, 5, 0));
        vm.assertFalse(isFinal(first));
        vm.warp(endsAt(first) + 1 hours);
        vm.assertTrue(isFinal(first));
    }

    function test_ADisputeAboutItsStartHoldsItUp() public {
        readings.connectDisputes(address(this));
        book(exchanged(first, 1300, 510, 0, 0, 5, 0));
        vm.warp(endsAt(first) + 1 hours);
        readings.setDisputed(point, first - 1, true);
        vm.assertFalse(isFinal(first));
        readings.setDisputed(point, first - 1, false);
        vm.assertTrue(isFinal(first));
    }

    function testFuzz_TheSumOfEnergiesIsTheSumOverMeters(uint48[2] memory begins, uint16[6] memory flows) public {
        uint256[6] memory some;
        for (uint256 i; i < 6; ++i) {
            some[i] = flows[i] % 1600;
        }
        uint256 old = 1000 + some[0];
        vm.warp(endsAt(first + 2));
        post(first, measured(point, old, 500));
        uint256 last = uint256(begins[0] >> 1) + some[2];
        book(
            exchanged(
                first + 1,
                uint48(old + some[1]),
                uint48(500 + some[3]),
                begins[0] >> 1,
                begins[1] >> 1,
                uint48(last),
                uint48((begins[1] >> 1) + some[4])
            )
        );
        post(first + 2, measured(point, last + some[5], uint256(begins[1] >> 1) + some[4]));
        (uint256 importWh, uint256 exportWh) = (0, 0);
        for (uint32 period = first; period <= first + 2; ++period) {
            (bool known, uint256 more, uint256 given) = readings.energyOf(point, period);
            vm.assertTrue(known);
            (importWh, exportWh) = (importWh + more, exportWh + given);
        }
        vm.assertEq(importWh, some[0] + some[1] + some[2] + some[5]);
        vm.assertEq(exportWh, some[3] + some[4]);
    }

    // --- a substituted run --------------------------------------------------------------------------------------

    function test_APeriodWithoutReadingsSharesWhatBothMetersCounted() public {
        missing(2);
        book(exchanged(first + 1, 1300, 500, 0, 0, 500, 0));
        assertEnergy(point, first, 100, 0);
        readings.shareDifference(point, 9);
        assertEnergy(point, first, 400, 0);
        assertEnergy(point, first + 1, 400, 0);
        post(first + 2, measured(point, 777, 0));
        assertEnergy(point, first + 2, 277, 0);
    }

    function test_OnlyAtItsEndARunIsClosed() public {
        missing(2);
        refuse(exchanged(first, 1300, 500, 0, 0, 5, 0), IMeterReadingsFacts.SkipReason.AlreadyKnown);
        refuse(exchanged(first + 2, 1300, 500, 0, 0, 5, 0), IMeterReadingsFacts.SkipReason.NotConsecutive);
    }

    function test_ADisputedSubstituteStaysDisputed() public {
        readings.connectDisputes(address(this));
        missing(1);
        readings.setDisputed(point, first, true);
        book(exchanged(first, 1300, 500, 0, 0, 5, 0));
        vm.assertTrue(readings.reading(point, first).disputed);
    }

    // --- later --------------------------------------------------------------------------------------------------

    function test_ACorrectionMovesEnergyAcrossAnExchange() public {
        book(exchanged(first, 1300, 510, 7, 9, 207, 10));
        vm.warp(endsAt(first + 1));
        post(first + 1, measured(point, 307, 10));
        readings.correct(point, first, 217, 10, "clock");
        assertEnergy(point, first, 510, 11);
        assertEnergy(point, first + 1, 90, 0);
        readings.correct(point, first - 1, 1010, 500, "base");
        assertEnergy(point, first, 500, 11);
    }

    // --- refused ------------------------------------------------------------------------------------------------

    function test_APeriodHasOneExchangeAndNoneOnceMeasured() public {
        book(exchanged(first, 1300, 510, 7, 9, 207, 10));
        refuse(exchanged(first, 1300, 510, 7, 9, 207, 10), IMeterReadingsFacts.SkipReason.AlreadyKnown);
        vm.warp(endsAt(first + 1));
        post(first + 1, measured(point, 300, 10));
        refuse(exchanged(first + 1, 300, 10, 0, 0, 0, 0), IMeterReadingsFacts.SkipReason.AlreadyKnown);
        assertEnergy(point, first + 1, 93, 0);
    }

    function test_BothMetersTogetherStayWithinTheConnection() public {
        refuse(exchanged(first, 4000, 500, 0, 0, 2001, 0), IMeterReadingsFacts.SkipReason.AboveLimit);
        refuse(exchanged(first, 1000, 2500, 0, 0, 0, 2001), IMeterReadingsFacts.SkipReason.AboveLimit);
        book(exchanged(first, 4000, 2500, 0, 0, 2000, 2000));
        assertEnergy(point, first, 5000, 4000);
    }

    /// Else a new meter that counted too much would hide in an old one that ran backwards.
    function test_NeitherMeterCountsBackwards() public {
        refuse(exchanged(first, 999, 500, 0, 0, 100, 0), IMeterReadingsFacts.SkipReason.AboveLimit);
        refuse(exchanged(first, 1000, 499, 0, 0, 0, 100), IMeterReadingsFacts.SkipReason.AboveLimit);
        refuse(exchanged(first, 1200, 500, 101, 0, 100, 0), IMeterReadingsFacts.SkipReason.AboveLimit);
    }

    function test_ItsStartIsKnown() public {
        vm.warp(endsAt(first + 1));
        refuse(exchanged(first + 1, 1300, 510, 0, 0, 0, 0), IMeterReadingsFacts.SkipReason.NotConsecutive);
    }

    function test_ItIsInTimeFromThePeriodsEndToTheCorrectionDeadline() public {
        MeterExchange memory exchange = exchanged(first + 1, 1300, 510, 0, 0, 0, 0);
        vm.warp(endsAt(first + 1) - 61);
        bytes memory signature = sign(GATEWAY_KEY, readings.exchangeHash(exchange));
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.PeriodInFuture.selector, first + 1));
        readings.exchangeMeter(exchange, signature, _none);
        vm.warp(endsAt(first + 1) + calendarTimes().correctionsUntil);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.PeriodTooOld.selector, first + 1));
        readings.exchangeMeter(exchange, signature, _none);
    }

    function test_APointThatNobodyRegisteredHasNoMeter() public {
        MeterExchange memory exchange = exchanged(first, 1300, 510, 0, 0, 0, 0);
        exchange.point = 99;
        vm.expectRevert(abi.encodeWithSelector(IRegistry.PointUnknown.selector, 99));
        readings.exchangeMeter(exchange, _none, _none);
    }

    // --- who signed ---------------------------------------------------------------------------------------------

    function test_ThePointsGatewaySigns() public {
        MeterExchange memory exchange = exchanged(first, 1300, 510, 7, 9, 207, 10);
        refuseSigned(exchange, sign(BEN, readings.exchangeHash(exchange)), _none, WRONG_GATEWAY);
        bytes memory signature = sign(GATEWAY_KEY, readings.exchangeHash(exchange));
        exchange.newImport = 8;
        refuseSigned(exchange, signature, _none, WRONG_GATEWAY);
        registry.movePoint(point, registry.registerGateway(vm.addr(BEN)));
        refuseSigned(exchange, sign(GATEWAY_KEY, readings.exchangeHash(exchange)), _none, WRONG_GATEWAY);
        readings.exchangeMeter(exchange, sign(BEN, readings.exchangeHash(exchange)), _none);
    }

    function test_AMeterWithAKeySignsToo() public {
        registry.changeMeterKey(point, vm.addr(METER_KEY));
        MeterExchange memory exchange = exchanged(first, 1300, 510, 7, 9, 207, 10);
        bytes memory byGateway = sign(GATEWAY_KEY, readings.exchangeHash(exchange));
        bytes memory byMeter = sign(METER_KEY, readings.exchangeHash(exchange));
        refuseSigned(exchange, byGateway, _none, IMeterReadingsFacts.SkipReason.NotTheMeter);
        refuseSigned(exchange, byGateway, byGateway, IMeterReadingsFacts.SkipReason.NotTheMeter);
        refuseSigned(exchange, _none, byMeter, WRONG_GATEWAY);
        readings.exchangeMeter(exchange, byGateway, byMeter);
    }

    function test_AMeterWithoutAGatewaySignsAlone() public {
        registry.changeMeterKey(point, vm.addr(METER_KEY));
        registry.movePoint(point, 0);
        MeterExchange memory exchange = exchanged(first, 1300, 510, 7, 9, 207, 10);
        bytes memory byMeter = sign(METER_KEY, readings.exchangeHash(exchange));
        refuseSigned(exchange, byMeter, _none, IMeterReadingsFacts.SkipReason.NotTheMeter);
        readings.exchangeMeter(exchange, _none, byMeter);
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    IMeterReadingsFacts.SkipReason private constant WRONG_GATEWAY = IMeterReadingsFacts.SkipReason.WrongGateway;

    function exchanged(
        uint32 period,
        uint48 oldImport,
        uint48 oldExport,
        uint48 newImport,
        uint48 newExport,
        uint48 importRegister,
        uint48 exportRegister
    ) private view returns (MeterExchange memory) {
        return MeterExchange(point, period, oldImport, oldExport, newImport, newExport, importRegister, exportRegister);
    }

    function book(MeterExchange memory exchange) private {
        readings.exchangeMeter(exchange, sign(GATEWAY_KEY, readings.exchangeHash(exchange)), _none);
    }

    function refuse(MeterExchange memory exchange, IMeterReadingsFacts.SkipReason reason) private {
        refuseSigned(exchange, sign(GATEWAY_KEY, readings.exchangeHash(exchange)), _none, reason);
    }

    function refuseSigned(
        MeterExchange memory exchange,
        bytes memory byGateway,
        bytes memory byMeter,
        IMeterReadingsFacts.SkipReason reason
    ) private {
        vm.expectRevert(
            abi.encodeWithSelector(IMeterReadingsFacts.ExchangeRefused.selector, point, exchange.period, reason)
        );
        readings.exchangeMeter(exchange, byGateway, byMeter);
    }

    /// The first `count` periods are defaulted, at 100 Wh each.
    function missing(uint32 count) private {
        vm.warp(endsAt(first + count) + calendarTimes().substitutesUntil);
        for (uint32 period = first; period < first + count; ++period) {
            settlement.bookDefault(ana, ELECTRICITY, period);
        }
    }

    function isFinal(uint32 period) private view returns (bool) {
        return readings.metered(AREA, ELECTRICITY, period, ana.index(), 1)[0] >> 80 & 1 == 1;
    }
}
