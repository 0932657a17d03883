// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IGridOversight} from "../../contracts/interfaces/IGridOversight.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Terms} from "../../contracts/types/Terms.sol";

import {CoreTest} from "./base/CoreTest.sol";

/// What may be charged is known before anyone trades.
contract GridOversightTermsTest is CoreTest {
    function test_TermsHoldFromTheirPeriodUntilTheNextEntry() public {
        uint32 first = firstUntradable();
        _schedule(first + 10, _retail(3000));
        _schedule(first + 20, _retail(2500));
        vm.assertEq(_retailAt(first + 9), RETAIL);
        vm.assertEq(_retailAt(first + 10), 3000);
        vm.assertEq(_retailAt(first + 19), 3000);
        vm.assertEq(_retailAt(first + 20), 2500);
        vm.assertEq(_retailAt(type(uint32).max), 2500);
    }

    function testFuzz_TermsComeBackAsTheyWereScheduled(Terms memory terms) public {
        terms.retailTicks = terms.retailTicks % 57_599 + 1;
        terms.feedInTicks %= terms.retailTicks;
        terms.levyBuyTicks %= terms.retailTicks + 1;
        terms.levySellTicks %= terms.retailTicks - terms.levyBuyTicks + 1;
        uint32 first = firstUntradable();
        vm.expectEmit(address(oversight));
        emit IGridOversight.TermsScheduled(AREA, ELECTRICITY, first, terms);
        _schedule(first, terms);
        Terms memory found = oversight.termsOf(AREA, ELECTRICITY, first);
        vm.assertEq(keccak256(abi.encode(found)), keccak256(abi.encode(terms)));
    }

    function test_BeforeTheFirstEntryThereAreNoTerms() public {
        uint32 early = uint32(START / PERIOD_SECONDS);
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.NoTerms.selector, AREA, ELECTRICITY, early));
        oversight.termsOf(AREA, ELECTRICITY, early);
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.NoTerms.selector, 2, ELECTRICITY, early));
        oversight.termsOf(2, ELECTRICITY, early);
    }

    function testFuzz_NobodyChangesTheTermsOfATradablePeriod(uint32 early) public {
        uint32 first = firstUntradable();
        early %= first;
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.TermsTooEarly.selector, early, first));
        _schedule(early, _retail(3000));
    }

    function test_ALaterEntryClosesTheTimeBeforeIt() public {
        uint32 first = firstUntradable();
        _schedule(first + 10, _retail(3000));
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.TermsTooEarly.selector, first + 9, first + 10));
        _schedule(first + 9, _retail(2900));
    }

    function test_TheLastEntryCanBeReplacedWhileNobodyTradesOnIt() public {
        uint32 first = firstUntradable();
        _schedule(first, _retail(3000));
        _schedule(first, _retail(2900));
        vm.assertEq(_retailAt(first), 2900);
        vm.warp(block.timestamp + PERIOD_SECONDS);
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.TermsTooEarly.selector, first, first + 1));
        _schedule(first, _retail(2800));
    }

    function test_TermsOutOfRangeAreRefused() public {
        _assertOutOfRange(Terms(800, 800, 0, 0, 0, 0, 0));
        _assertOutOfRange(Terms(0, 0, 0, 0, 0, 0, 0));
        _assertOutOfRange(Terms(57_600, 800, 0, 0, 0, 0, 0));
        _assertOutOfRange(Terms(3200, 800, 3201, 0, 0, 0, 0));
        _assertOutOfRange(Terms(3200, 800, 1600, 1601, 0, 0, 0));
        _schedule(firstUntradable(), Terms(57_599, 57_598, 57_000, 599, 0, 0, 0));
    }

    function test_OnlyTheGridOperatorSchedules() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, BACKSTOP));
        vm.prank(BACKSTOP);
        oversight.scheduleTerms(AREA, ELECTRICITY, 1, usualTerms());
    }

    // --- capacity -----------------------------------------------------------------------------------------------

    function test_WithoutTermsNoCapacityLimitsAnything() public view {
        vm.assertEq(oversight.leastExportCapacity(2, ELECTRICITY), type(uint256).max);
    }

    function test_TheLeastCapacityLooksAheadButNotBack() public {
        uint32 first = firstUntradable();
        _schedule(first, _capacity(700));
        _schedule(first + 10, _capacity(900));
        _schedule(first + 20, _capacity(900));
        vm.assertEq(oversight.leastExportCapacity(AREA, ELECTRICITY), 700);
        vm.warp(startsAt(first + 10) - 1);
        vm.assertEq(oversight.leastExportCapacity(AREA, ELECTRICITY), 700);
        vm.warp(startsAt(first + 10));
        vm.assertEq(oversight.leastExportCapacity(AREA, ELECTRICITY), 900);
    }

    function test_NoCapacityIsScheduledBelowWhatPointsMayExport() public {
        AccountId ana = admit(ANA);
        registerPoint(ana, 0, 5000, 0);
        uint32 first = firstUntradable();
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.CapacityBelowLimits.selector, AREA, 5000, 4999));
        _schedule(first, _capacity(4999));
        _schedule(first, _capacity(5000));
    }

    function test_OnlyTheRegistrySaysWhatPointsMayExport() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, address(this)));
        oversight.noteExportLimits(AREA, ELECTRICITY, 0);
    }

    function testFuzz_TheLeastCapacityIsTheLeastOfAllPeriodsToCome(uint40[8] memory capacities, uint8 later) public {
        uint32 first = firstUntradable();
        for (uint32 i; i < 8; ++i) {
            _schedule(first + i, _capacity(capacities[i] % 3));
        }
        uint32 current = first - 1 + later % 9;
        vm.warp(startsAt(current));
        uint256 least = type(uint256).max;
        for (uint32 period = current; period < first + 8; ++period) {
            uint256 capacity = oversight.termsOf(AREA, ELECTRICITY, period).exportCapacityWh;
            if (capacity < least) least = capacity;
        }
        vm.assertEq(oversight.leastExportCapacity(AREA, ELECTRICITY), least);
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    function _schedule(uint32 fromPeriod, Terms memory terms) private {
        oversight.scheduleTerms(AREA, ELECTRICITY, fromPeriod, terms);
    }

    function _assertOutOfRange(Terms memory terms) private {
        uint32 first = firstUntradable();
        vm.expectRevert(IGridOversight.TermsOutOfRange.selector);
        _schedule(first, terms);
    }

    function _retail(uint16 ticks) private pure returns (Terms memory terms) {
        terms = usualTerms();
        terms.retailTicks = ticks;
    }

    function _capacity(uint40 energyWh) private pure returns (Terms memory terms) {
        terms = usualTerms();
        terms.exportCapacityWh = energyWh;
    }

    function _retailAt(uint32 period) private view returns (uint256) {
        return oversight.termsOf(AREA, ELECTRICITY, period).retailTicks;
    }
}
