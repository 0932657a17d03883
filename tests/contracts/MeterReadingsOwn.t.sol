// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IMeterReadingsFacts} from "../../contracts/interfaces/IMeterReadings.sol";
import {IRegistry} from "../../contracts/interfaces/IRegistry.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";

import {MeteredTest} from "./base/MeteredTest.sol";

/// Who may sign a point's readings: its own meter, its gateway, and what a change of either in the middle of a day leaves.
contract MeterReadingsOwnTest is MeteredTest {
    uint256 private constant METER_KEY = 0x3E7E4;
    uint256 private constant NEW_KEY = 0x9E37;

    AccountId private ana;
    uint24[6] private points;
    uint32 private first;

    function setUp() public override {
        super.setUp();
        ana = admit(ANA);
        bytes memory bases;
        for (uint256 i; i < 6; ++i) {
            points[i] = registerPoint(ana);
            bases = bytes.concat(bases, base(points[i], 1000, 500));
        }
        first = registry.point(points[0]).firstPeriod;
        vm.warp(startsAt(first));
        post(first - 1, bases);
        vm.warp(endsAt(first));
        registry.changeMeterKey(points[0], vm.addr(METER_KEY));
    }

    // --- a meter's own key --------------------------------------------------------------------------------------

    function test_AMeterSignsItsOwnReading() public {
        bytes memory body = own(METER_KEY, points[0], first, 1234, 507);
        vm.expectEmit(address(readings));
        emit IMeterReadingsFacts.OwnReadingsPosted(first, measured(points[0], 1234, 507));
        readings.postOwnReadings(first, body);
        assertEnergy(points[0], first, 234, 7);
    }

    function test_OnlyTheMetersKeySignsItsOwnReadings() public {
        expectSkipped(points[0], first, IMeterReadingsFacts.SkipReason.NotTheMeter);
        readings.postOwnReadings(first, own(GATEWAY_KEY, points[0], first, 1234, 507));
        expectSkipped(points[1], first, IMeterReadingsFacts.SkipReason.NotTheMeter);
        readings.postOwnReadings(first, own(METER_KEY, points[1], first, 1234, 507));
        expectSkipped(99, first, IMeterReadingsFacts.SkipReason.PointUnknown);
        readings.postOwnReadings(first, own(METER_KEY, 99, first, 1234, 507));
    }

    function test_ABadSignatureIsSkippedAndTheOthersAreBooked() public {
        registry.changeMeterKey(points[1], vm.addr(METER_KEY));
        bytes memory bad = own(METER_KEY, points[0], first, 1234, 507);
        bad[8] = bytes1(uint8(bad[8]) + 1);
        expectSkipped(points[0], first, IMeterReadingsFacts.SkipReason.NotTheMeter);
        readings.postOwnReadings(first, bytes.concat(bad, own(METER_KEY, points[1], first, 1001, 500)));
        assertUnknown(points[0], first);
        assertEnergy(points[1], first, 1, 0);
    }

    function test_AnOwnReadingIsForOnePeriodOnly() public {
        bytes memory body = own(METER_KEY, points[0], first, 1234, 507);
        readings.postOwnReadings(first, body);
        vm.warp(endsAt(first + 1));
        expectSkipped(points[0], first + 1, IMeterReadingsFacts.SkipReason.NotTheMeter);
        readings.postOwnReadings(first + 1, body);
    }

    function test_OwnReadingsOfPartOfABodyAreRefused() public {
        bytes memory body = own(METER_KEY, points[0], first, 1234, 507);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.BodyMalformed.selector, 81));
        readings.postOwnReadings(first, bytes.concat(body, hex"00"));
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.BodyMalformed.selector, 0));
        readings.postOwnReadings(first, "");
    }

    function test_TheSamePeriodFromMeterAndGatewayCountsOnce() public {
        readings.postOwnReadings(first, own(METER_KEY, points[0], first, 1234, 507));
        expectSkipped(points[0], first, IMeterReadingsFacts.SkipReason.AlreadyKnown);
        post(first, measured(points[0], 1300, 507));
        assertEnergy(points[0], first, 234, 7);
    }

    function test_AMetersKeyIsChangedAndTakenAway() public {
        registry.changeMeterKey(points[0], vm.addr(NEW_KEY));
        expectSkipped(points[0], first, IMeterReadingsFacts.SkipReason.NotTheMeter);
        readings.postOwnReadings(first, own(METER_KEY, points[0], first, 1234, 507));
        readings.postOwnReadings(first, own(NEW_KEY, points[0], first, 1234, 507));
        assertEnergy(points[0], first, 234, 7);
        registry.changeMeterKey(points[0], address(0));
        vm.warp(endsAt(first + 1));
        expectSkipped(points[0], first + 1, IMeterReadingsFacts.SkipReason.NotTheMeter);
        readings.postOwnReadings(first + 1, own(NEW_KEY, points[0], first + 1, 1300, 507));
    }

    function test_APointIsNeverLeftWithoutASigner() public {
        vm.expectRevert(abi.encodeWithSelector(IRegistry.GatewayUnknown.selector, 0));
        registry.movePoint(points[1], 0);
        registry.movePoint(points[0], 0);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.GatewayUnknown.selector, 0));
        registry.changeMeterKey(points[0], address(0));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.PointUnknown.selector, 7));
        registry.changeMeterKey(7, vm.addr(NEW_KEY));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.PointUnknown.selector, 7));
        registry.movePoint(7, gateway);
        expectSkipped(points[0], first, IMeterReadingsFacts.SkipReason.WrongGateway);
        post(first, measured(points[0], 1234, 507));
        readings.postOwnReadings(first, own(METER_KEY, points[0], first, 1234, 507));
        assertEnergy(points[0], first, 234, 7);
    }

    // --- rotation in the middle of a day ------------------------------------------------------------------------

    function test_AGatewaysNewKeyGoesOnWhereTheOldOneStopped() public {
        postAllAt(first, 1100);
        bytes memory unsent = measured(points[0], 1300, 500);
        bytes32 digest = readings.batchHash(gateway, first + 1, bytes32(0), unsent);
        registry.changeGatewayKey(gateway, vm.addr(NEW_KEY));
        vm.warp(endsAt(first + 1));
        bytes memory old = sign(GATEWAY_KEY, digest);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.SignatureInvalid.selector, gateway));
        readings.postReadings(gateway, first + 1, bytes32(0), unsent, old);
        readings.postReadings(gateway, first + 1, bytes32(0), unsent, sign(NEW_KEY, digest));
        assertEnergy(points[0], first, 100, 0);
        assertEnergy(points[0], first + 1, 200, 0);
    }

    function test_APointMovedToAnotherGatewayIsReadOnWithoutALossOrADouble() public {
        uint16 other = registry.registerGateway(vm.addr(NEW_KEY));
        postAllAt(first, 1100);
        registry.movePoint(points[2], other);
        vm.assertEq(registry.point(points[2]).gateway, other);
        vm.warp(endsAt(first + 1));
        // The old gateway posts its whole batch once more as before: the moved point's lane doesn't count.
        expectSkipped(points[2], first + 1, IMeterReadingsFacts.SkipReason.WrongGateway);
        postAllAt(first + 1, 1250);
        bytes memory body = measured(points[2], 1250, 500);
        bytes32 digest = readings.batchHash(other, first + 1, bytes32(0), body);
        readings.postReadings(other, first + 1, bytes32(0), body, sign(NEW_KEY, digest));
        for (uint256 i; i < 6; ++i) {
            assertEnergy(points[i], first, 100, 0);
            assertEnergy(points[i], first + 1, 150, 0);
        }
    }

    // --- four at once -------------------------------------------------------------------------------------------

    /// forge-config: default.fuzz.runs = 512
    function testFuzz_ADenseBatchIsBookedAsItsReadingsOneByOne(
        uint32[6] memory imports,
        uint32[6] memory exports,
        uint8[6] memory qualities,
        uint8 gap
    ) public {
        bytes memory body;
        bytes[6] memory each;
        for (uint256 i; i < 6; ++i) {
            // Mostly within the limit of 5,000 Wh, often at it, sometimes beyond or backwards.
            uint48 importRegister = uint48(imports[i] % 7 == 0 ? 6000 + imports[i] % 3 : 998 + imports[i] % 5000);
            uint48 exportRegister = uint48(exports[i] % 7 == 0 ? 5500 + exports[i] % 3 : 499 + exports[i] % 5000);
            uint8 quality = qualities[i] % 8 == 0 ? qualities[i] : 2 + qualities[i] % 2;
            each[i] = abi.encodePacked(points[i], importRegister, exportRegister, quality);
            if (gap % 12 != i) body = bytes.concat(body, each[i]);
        }
        uint256 before = vm.snapshotState();
        post(first, body);
        IMeterReadingsFacts.Reading[6] memory seen;
        for (uint256 i; i < 6; ++i) {
            seen[i] = readings.reading(points[i], first);
        }
        vm.revertToState(before);
        for (uint256 i; i < 6; ++i) {
            if (gap % 12 != i) post(first, each[i]);
            IMeterReadingsFacts.Reading memory alone = readings.reading(points[i], first);
            vm.assertEq(seen[i].importRegister, alone.importRegister);
            vm.assertEq(seen[i].exportRegister, alone.exportRegister);
            vm.assertEq(uint256(seen[i].quality), uint256(alone.quality));
        }
    }

    /// forge-config: default.fuzz.runs = 128
    function testFuzz_ADenseBatchOfMetersIsBookedAsItsReadingsOneByOne(
        uint32[6] memory imports,
        uint8[6] memory signers,
        uint8 gap
    ) public {
        bytes memory body;
        bytes[6] memory each;
        for (uint256 i; i < 6; ++i) {
            registry.changeMeterKey(points[i], vm.addr(METER_KEY + i));
            uint48 importRegister = uint48(imports[i] % 7 == 0 ? 6000 + imports[i] % 3 : 998 + imports[i] % 5000);
            each[i] = own(signers[i] % 8 == 0 ? NEW_KEY : METER_KEY + i, points[i], first, importRegister, 500);
            if (gap % 12 != i) body = bytes.concat(body, each[i]);
        }
        uint256 before = vm.snapshotState();
        readings.postOwnReadings(first, body);
        IMeterReadingsFacts.Reading[6] memory seen;
        for (uint256 i; i < 6; ++i) {
            seen[i] = readings.reading(points[i], first);
        }
        vm.revertToState(before);
        for (uint256 i; i < 6; ++i) {
            if (gap % 12 != i) readings.postOwnReadings(first, each[i]);
            IMeterReadingsFacts.Reading memory alone = readings.reading(points[i], first);
            vm.assertEq(seen[i].importRegister, alone.importRegister);
            vm.assertEq(uint256(seen[i].quality), uint256(alone.quality));
        }
    }

    function test_MetersReadingsMayComeInAnySequence() public {
        uint256[6] memory shuffled = [uint256(1), 5, 2, 0, 4, 3];
        bytes memory body = own(METER_KEY, 99, first, 1, 1);
        for (uint256 i; i < 6; ++i) {
            registry.changeMeterKey(points[i], vm.addr(METER_KEY + i));
            body = bytes.concat(body, own(METER_KEY + shuffled[i], points[shuffled[i]], first, 1234, 507));
        }
        expectSkipped(99, first, IMeterReadingsFacts.SkipReason.PointUnknown);
        readings.postOwnReadings(first, body);
        for (uint256 i; i < 6; ++i) {
            assertEnergy(points[i], first, 234, 7);
        }
    }

    function test_RegistersThatWrapAreTakenFourAtOnce() public {
        uint24[8] memory fresh;
        bytes memory bases;
        bytes memory body;
        for (uint256 i; i < 8; ++i) {
            fresh[i] = registerPoint(admit(0x1000 + i));
            bases = bytes.concat(bases, base(fresh[i], 2 ** 28 - 10, 2 ** 48 - 1));
            body = bytes.concat(body, measured(fresh[i], 2 ** 28 + i, 4990 - i));
        }
        uint32 start = registry.point(fresh[0]).firstPeriod;
        vm.warp(endsAt(start));
        post(start - 1, bases);
        post(start, body);
        for (uint256 i; i < 8; ++i) {
            assertEnergy(fresh[i], start, 10 + i, 4991 - i);
        }
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    /// 80 bytes: the reading and its signature.
    function own(uint256 key, uint24 point, uint32 period, uint48 importRegister, uint48 exportRegister)
        private
        view
        returns (bytes memory)
    {
        bytes32 digest = readings.ownReadingHash(point, period, importRegister, exportRegister, 2);
        return bytes.concat(measured(point, importRegister, exportRegister), signCompact(key, digest));
    }

    function postAllAt(uint32 period, uint256 importRegister) private {
        bytes memory body;
        for (uint256 i; i < 6; ++i) {
            body = bytes.concat(body, measured(points[i], importRegister, 500));
        }
        post(period, body);
    }

    function expectSkipped(uint24 id, uint32 period, IMeterReadingsFacts.SkipReason reason) private {
        vm.expectEmit(address(readings));
        emit IMeterReadingsFacts.ReadingSkipped(id, period, reason);
    }
}
