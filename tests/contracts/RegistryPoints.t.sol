// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IRegistry, MeteringPoint} from "../../contracts/interfaces/IRegistry.sol";
import {AccountId, accountId} from "../../contracts/types/AccountId.sol";
import {LimitWord} from "../../contracts/types/LimitWord.sol";
import {wordOf} from "../../contracts/types/ReadingWord.sol";
import {Terms} from "../../contracts/types/Terms.sol";

import {CoreTest} from "./base/CoreTest.sol";

/// Metering points and the gateways that read them.
contract RegistryPointsTest is CoreTest {
    AccountId private ana;
    AccountId private ben;

    function setUp() public override {
        super.setUp();
        ana = admit(ANA);
        ben = admit(BEN);
    }

    // --- points -------------------------------------------------------------------------------------------------

    function test_APointStartsInTheFirstPeriodNotYetTradable() public {
        uint24 id = registerPoint(ana);
        MeteringPoint memory point = registry.point(id);
        vm.assertEq(id, 1);
        vm.assertEq(point.firstPeriod, firstUntradable());
        vm.assertTrue(point.account == ana);
        vm.assertEq(point.maxImportWh, 5000);
        vm.assertEq(point.defaultImportWh, 100);
    }

    function test_APointNobodyRegisteredIsUnknown() public {
        vm.expectRevert(abi.encodeWithSelector(IRegistry.PointUnknown.selector, 0));
        registry.point(0);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.PointUnknown.selector, 1));
        registry.point(1);
    }

    function testFuzz_ALaneSaysWhatTheReadingIsCheckedAgainst(uint8 before, uint24 maxImport, uint16 maxExport) public {
        vm.assume(maxImport != 0);
        for (uint256 i; i < before % 6; ++i) {
            registerPoint(i % 2 == 0 ? ana : ben, 1, 1, 0);
        }
        AccountId account = before % 6 > 2 ? ana : ben;
        uint24 id = registerPoint(account, maxImport, maxExport, 0);
        LimitWord word = registry.pointWords(wordOf(id), 1)[0];
        vm.assertEq(word.maxImportWh(id), maxImport);
        vm.assertEq(word.maxExportWh(id), maxExport);
        vm.assertEq(word.gateway(), gateway);
    }

    function test_PointsOfManyNamesTheFirstTwoAndCountsAll() public {
        uint24 first = registerPoint(ana);
        uint24 bens = registerPoint(ben);
        uint24 second = registerPoint(ana);
        uint24 third = registerPoint(ana);
        uint256[] memory lanes = registry.pointsOfMany(AREA, ELECTRICITY, 15, 4);
        vm.assertEq(lanes[0], 0);
        vm.assertEq(lanes[1], 3 | (uint256(first) << 8) | (uint256(second) << 32));
        vm.assertEq(lanes[2], 1 | (uint256(bens) << 8));
        vm.assertEq(lanes[3], 0);
        uint24[] memory all = registry.pointsOf(ana, ELECTRICITY);
        vm.assertEq(all.length, 3);
        vm.assertEq(all[2], third);
    }

    function testFuzz_PointsOfManyStartsAnywhere(uint256 first, uint256 count) public {
        first %= 32;
        count %= 16;
        for (uint256 key = 1; key <= 6; ++key) {
            registerPoint(admit(key));
        }
        uint256[] memory lanes = registry.pointsOfMany(AREA, ELECTRICITY, first, count);
        vm.assertEq(lanes.length, count);
        for (uint256 i; i < count; ++i) {
            uint24[] memory points = registry.pointsOf(accountId(AREA, first + i), ELECTRICITY);
            vm.assertEq(lanes[i], points.length == 0 ? 0 : 1 | (uint256(points[0]) << 8));
        }
    }

    function test_PointsOfDifferentCarriersAreApart() public {
        MeteringPoint memory heat = pointOf(ana, 100, 0, 0);
        heat.carrier = 1;
        uint24 id = registry.registerPoint(heat);
        vm.assertEq(registry.pointsOf(ana, ELECTRICITY).length, 0);
        vm.assertEq(registry.pointsOf(ana, 1)[0], id);
        vm.assertEq(registry.pointsOfMany(AREA, ELECTRICITY, 16, 1)[0], 0);
    }

    function test_AnAccountHasAtMostSixteenPoints() public {
        for (uint256 i; i < 16; ++i) {
            registerPoint(ana);
        }
        vm.expectRevert(abi.encodeWithSelector(IRegistry.TooManyPoints.selector, ana));
        registerPoint(ana);
        vm.assertEq(uint8(registry.pointsOfMany(AREA, ELECTRICITY, 16, 1)[0]), 16);
        registerPoint(ben);
    }

    // --- refused ------------------------------------------------------------------------------------------------

    function test_APointNeedsAMember() public {
        AccountId next = AccountId.wrap(AccountId.unwrap(ben) + 1);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.AccountUnknown.selector, next));
        registerPoint(next);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.AccountUnknown.selector, backstop()));
        registerPoint(backstop());
    }

    function test_APointNeedsAGateway() public {
        MeteringPoint memory point = pointOf(ana, 1000, 0, 0);
        point.gateway = 0;
        vm.expectRevert(abi.encodeWithSelector(IRegistry.GatewayUnknown.selector, 0));
        registry.registerPoint(point);
        point.gateway = gateway + 1;
        vm.expectRevert(abi.encodeWithSelector(IRegistry.GatewayUnknown.selector, gateway + 1));
        registry.registerPoint(point);
    }

    function test_APointNeedsALimitThatCoversItsDefault() public {
        vm.expectRevert(IRegistry.PointLimitUnusable.selector);
        registerPoint(ana, 0, 0, 0);
        vm.expectRevert(IRegistry.PointLimitUnusable.selector);
        registerPoint(ana, 99, 5000, 100);
        registerPoint(ana, 100, 0, 100);
        registerPoint(ana, 0, 100, 0);
    }

    function test_OnlyTheOperatorRegistersPoints() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, BACKSTOP));
        vm.prank(BACKSTOP);
        registry.registerPoint(pointOf(ana, 1000, 0, 0));
    }

    // --- export capacity ----------------------------------------------------------------------------------------

    function test_PointsMayExportAsMuchAsTheGridTakesAndNoMore() public {
        registerPoint(ana, 0, 900_000, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRegistry.ExportCapacityExceeded.selector, AREA, EXPORT_CAPACITY + 1, EXPORT_CAPACITY
            )
        );
        registerPoint(ben, 0, 100_001, 0);
        registerPoint(ben, 0, 100_000, 0);
    }

    function test_ALaterSmallerCapacityCountsNow() public {
        Terms memory smaller = usualTerms();
        smaller.exportCapacityWh = 1000;
        oversight.scheduleTerms(AREA, ELECTRICITY, firstUntradable() + 500, smaller);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.ExportCapacityExceeded.selector, AREA, 1001, 1000));
        registerPoint(ana, 0, 1001, 0);
    }

    function testFuzz_TheSumOfExportLimitsNeverExceedsAnyCapacityToCome(uint24[6] memory limits, uint40[3] memory caps)
        public
    {
        uint256 sum;
        for (uint256 i; i < limits.length; ++i) {
            if (i % 2 == 0) _trySchedule(firstUntradable() + uint32(i), caps[i / 2] % 20_000_000);
            try registry.registerPoint(pointOf(ana, 1, limits[i], 0)) {
                sum += limits[i];
            } catch {}
            vm.assertLe(sum, oversight.leastExportCapacity(AREA, ELECTRICITY));
        }
    }

    // --- gateways -----------------------------------------------------------------------------------------------

    function test_AGatewaysKeyCanBeChanged() public {
        vm.assertEq(registry.gatewayKey(gateway), vm.addr(GATEWAY_KEY));
        registry.changeGatewayKey(gateway, vm.addr(BEN));
        vm.assertEq(registry.gatewayKey(gateway), vm.addr(BEN));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.GatewayUnknown.selector, gateway + 1));
        registry.changeGatewayKey(gateway + 1, vm.addr(BEN));
    }

    function test_GatewaysAreNumberedFromOne() public {
        vm.assertEq(gateway, 1);
        vm.assertEq(registry.registerGateway(vm.addr(CEM)), 2);
    }

    function _trySchedule(uint32 period, uint40 capacity) private {
        Terms memory terms = usualTerms();
        terms.exportCapacityWh = capacity;
        try oversight.scheduleTerms(AREA, ELECTRICITY, period, terms) {} catch {}
    }
}
