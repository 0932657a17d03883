// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {DeviceType, IRegistry, MeteringPoint} from "../../contracts/interfaces/IRegistry.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {CalendarTimes} from "../../contracts/types/Calendar.sol";

import {CoreTest} from "./base/CoreTest.sol";

/// Which meters may stand on metering points: types that the regulator approved, fine enough for the periods.
contract RegistryDevicesTest is CoreTest {
    string private constant COARSE_MODEL = "carlo-gavazzi-em24";
    bytes8 private constant COARSE = bytes8(keccak256(bytes(COARSE_MODEL)));

    AccountId private ana;

    function setUp() public override {
        super.setUp();
        ana = admit(ANA);
        registry.approveDeviceType(COARSE_MODEL, 100, true);
    }

    // --- types --------------------------------------------------------------------------------------------------

    function test_ATypesIdIsTheBeginningOfItsNamesHash() public {
        bytes8 id = registry.approveDeviceType("sunspec-203", 1, true);
        vm.assertEq(bytes32(id), bytes32(bytes8(keccak256("sunspec-203"))));
        DeviceType memory known = registry.deviceType(id);
        vm.assertEq(known.resolutionWh, 1);
        vm.assertTrue(known.hasPower && known.approved);
    }

    function test_WhatIsKnownOfATypeCanBeChanged() public {
        registry.approveDeviceType(COARSE_MODEL, 10, false);
        vm.assertEq(registry.deviceType(COARSE).resolutionWh, 10);
        vm.assertFalse(registry.deviceType(COARSE).hasPower);
    }

    function test_OnlyTheRegulatorApprovesAndWithdraws() public {
        bytes memory unauthorized = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, BACKSTOP);
        vm.startPrank(BACKSTOP);
        vm.expectRevert(unauthorized);
        registry.approveDeviceType("any", 1, false);
        vm.expectRevert(unauthorized);
        registry.withdrawDeviceType(METER);
    }

    // --- points -------------------------------------------------------------------------------------------------

    function test_APointNeedsAnApprovedType() public {
        MeteringPoint memory point = pointOf(ana, 1000, 0, 0);
        point.deviceType = bytes8(keccak256("unheard-of"));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.DeviceTypeNotApproved.selector, point.deviceType));
        registry.registerPoint(point);
    }

    function test_AWithdrawnTypeStopsNewPointsAndNotTheOldOnesReadings() public {
        uint24 old = registerPoint(ana);
        registry.withdrawDeviceType(METER);
        vm.assertEq(bytes32(registry.point(old).deviceType), bytes32(METER));
        vm.assertTrue(registry.pointWords(0, 1)[0].isRegistered(old));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.DeviceTypeNotApproved.selector, METER));
        registerPoint(ana);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.DeviceTypeNotApproved.selector, METER));
        registry.withdrawDeviceType(METER);
        registry.approveDeviceType(MODEL, 1, false);
        registerPoint(ana);
    }

    function test_NoPointIsFinerThanItsType() public {
        registry.approveDeviceType("janitza-b23", 2, false);
        MeteringPoint memory point = pointOf(ana, 1000, 0, 0);
        point.deviceType = bytes8(keccak256("janitza-b23"));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.ResolutionTooFine.selector, 1, 2));
        registry.registerPoint(point);
        point.resolutionWh = 2;
        registry.registerPoint(point);
    }

    // --- ten Wh -------------------------------------------------------------------------------------------------

    function testFuzz_ARegisterOfTenWhOrMoreTellsQuarterHoursOnlyRefined(uint16 resolution, bool refined) public {
        vm.assume(resolution != 0);
        registry.approveDeviceType(COARSE_MODEL, 1, true);
        MeteringPoint memory point = coarsePoint(resolution, refined);
        if (resolution >= 10 && !refined) {
            vm.expectRevert(abi.encodeWithSelector(IRegistry.ResolutionTooCoarse.selector, resolution));
        }
        registry.registerPoint(point);
    }

    function test_NothingRefinesARegisterWithoutAPowerRegister() public {
        registry.approveDeviceType(COARSE_MODEL, 100, false);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.PowerRegisterMissing.selector, COARSE));
        registry.registerPoint(coarsePoint(100, true));
    }

    // --- another meter ------------------------------------------------------------------------------------------

    function test_AnotherMeterStandsOnAPointAndTheRestStays() public {
        uint24 id = registerPoint(ana);
        MeteringPoint memory before = registry.point(id);
        registry.changeDevice(id, COARSE, 100, true);
        MeteringPoint memory point = registry.point(id);
        vm.assertEq(bytes32(point.deviceType), bytes32(COARSE));
        vm.assertEq(point.resolutionWh, 100);
        vm.assertTrue(point.refined);
        vm.assertEq(point.maxImportWh, before.maxImportWh);
        vm.assertEq(point.firstPeriod, before.firstPeriod);
        vm.assertTrue(point.account == ana);
    }

    function test_AnotherMeterIsOfAnApprovedTypeAndFineEnough() public {
        uint24 id = registerPoint(ana);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.ResolutionTooCoarse.selector, 100));
        registry.changeDevice(id, COARSE, 100, false);
        registry.withdrawDeviceType(COARSE);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.DeviceTypeNotApproved.selector, COARSE));
        registry.changeDevice(id, COARSE, 100, true);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.PointUnknown.selector, id + 1));
        registry.changeDevice(id + 1, METER, 1, false);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, BACKSTOP));
        vm.prank(BACKSTOP);
        registry.changeDevice(id, METER, 1, false);
    }

    function coarsePoint(uint16 resolution, bool refined) private view returns (MeteringPoint memory point) {
        point = pointOf(ana, 1000, 0, 0);
        (point.deviceType, point.resolutionWh, point.refined) = (COARSE, resolution, refined);
    }
}

/// Where a period is an hour.
contract RegistryHourlyDevicesTest is CoreTest {
    function test_ACoarseRegisterTellsLongerPeriods() public {
        MeteringPoint memory point = pointOf(admit(ANA), 1000, 0, 0);
        point.resolutionWh = 100;
        vm.assertEq(registry.point(registry.registerPoint(point)).resolutionWh, 100);
    }

    function calendarTimes() internal pure override returns (CalendarTimes memory times) {
        times = super.calendarTimes();
        times.periodSeconds = 3600;
    }
}
