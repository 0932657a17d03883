// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IGridOversight} from "../../contracts/interfaces/IGridOversight.sol";
import {Connection} from "../../contracts/types/Connection.sol";
import {Terms} from "../../contracts/types/Terms.sol";

import {CoreTest} from "./base/CoreTest.sol";

/// What joins two areas is known before anyone trades, and can't be pumped for money.
contract GridOversightConnectionsTest is CoreTest {
    uint8 private constant THIRD = 3;
    uint40 private constant INBOUND = 10_000;

    uint32 private first;

    function setUp() public override {
        super.setUp();
        openNeighbour();
        first = firstUntradable();
        _terms(AREA, first, 3200, 800);
        _terms(NEIGHBOUR, first, 3000, 700);
    }

    function test_AConnectionHoldsFromItsPeriodUntilTheNextEntry() public {
        _connect(AREA, NEIGHBOUR, first + 10, 200, 5000);
        _connect(AREA, NEIGHBOUR, first + 20, 300, 6000);
        _assertConnection(first + 9, false, 0, 0);
        _assertConnection(first + 10, true, 200, 5000);
        _assertConnection(first + 19, true, 200, 5000);
        _assertConnection(type(uint32).max, true, 300, 6000);
        (bool back,) = oversight.connectionOf(NEIGHBOUR, AREA, ELECTRICITY, first + 10);
        vm.assertFalse(back);
    }

    function testFuzz_AConnectionComesBackAsItWasScheduled(uint16 feeTicks, uint40 capacityWh) public {
        feeTicks %= 57_600;
        capacityWh %= INBOUND + 1;
        vm.expectEmit(address(oversight));
        emit IGridOversight.ConnectionScheduled(AREA, NEIGHBOUR, ELECTRICITY, first, Connection(feeTicks, capacityWh));
        _connect(AREA, NEIGHBOUR, first, feeTicks, capacityWh);
        _assertConnection(first, true, feeTicks, capacityWh);
        vm.assertEq(oversight.connections(ELECTRICITY).length, 1);
        vm.assertEq(oversight.connections(ELECTRICITY)[0], uint256(AREA) << 8 | NEIGHBOUR);
    }

    function testFuzz_NobodyChangesTheConnectionsOfATradablePeriod(uint32 early) public {
        early %= first;
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.TermsTooEarly.selector, early, first));
        _connect(AREA, NEIGHBOUR, early, 200, 0);
    }

    function test_OnlyTheGridOperatorConnects() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, BACKSTOP));
        vm.prank(BACKSTOP);
        oversight.scheduleConnection(AREA, NEIGHBOUR, ELECTRICITY, first, Connection(0, 0));
    }

    function test_AnAreaIsNotConnectedToItselfNorAtAFeeAboveAnyPrice() public {
        vm.expectRevert(IGridOversight.ConnectionOutOfRange.selector);
        _connect(AREA, AREA, first, 0, 0);
        vm.expectRevert(IGridOversight.ConnectionOutOfRange.selector);
        _connect(AREA, NEIGHBOUR, first, 57_600, 0);
    }

    function test_BothEndsMustHaveTerms() public {
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.NoTerms.selector, THIRD, ELECTRICITY, first));
        _connect(AREA, THIRD, first, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.NoTerms.selector, THIRD, ELECTRICITY, first));
        _connect(THIRD, AREA, first, 0, 0);
    }

    function test_ACarrierHasAtMostTwentyFourConnections() public {
        for (uint8 area = 10; area < 34; ++area) {
            _terms(area, first, 3000, 700);
            _connect(area, AREA, first, 0, 0);
        }
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.TooManyConnections.selector, ELECTRICITY));
        _connect(NEIGHBOUR, AREA, first, 0, 0);
    }

    function test_AtMostAHundredChangesAreScheduledBeyondTheHorizon() public {
        for (uint32 i = 1; i < 100; ++i) {
            _terms(AREA, first + i, 3200, 800);
        }
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.TooManyAhead.selector, 100));
        _terms(AREA, first + 100, 3200, 800);
        vm.warp(block.timestamp + PERIOD_SECONDS);
        _terms(AREA, first + 100, 3200, 800);
    }

    // --- money pump ---------------------------------------------------------------------------------------------

    function test_NoFeedInExceedsAnothersRetailPlusTheFee() public {
        _terms(AREA, first, 3500, 3201);
        vm.expectRevert(_pump(first, 3201, 3000, 200));
        _connect(NEIGHBOUR, AREA, first, 200, 1);
        _terms(AREA, first, 3500, 3200);
        _connect(NEIGHBOUR, AREA, first, 200, 1);
        vm.expectRevert(_pump(first + 5, 3201, 3000, 200));
        _terms(AREA, first + 5, 3500, 3201);
        vm.expectRevert(_pump(first + 5, 3200, 2999, 200));
        _terms(NEIGHBOUR, first + 5, 2999, 700);
        vm.expectRevert(_pump(first + 5, 3200, 3000, 199));
        _connect(NEIGHBOUR, AREA, first + 5, 199, 1);
    }

    function test_TheLesserFeeOfTheTwoWaysCounts() public {
        _terms(AREA, first, 3500, 3200);
        _connect(NEIGHBOUR, AREA, first, 200, 1);
        vm.expectRevert(_pump(first, 3200, 3000, 199));
        _connect(AREA, NEIGHBOUR, first, 199, 0);
        _connect(AREA, NEIGHBOUR, first, 200, 0);
    }

    function test_WhereNothingFlowsNothingIsPumped() public {
        _terms(AREA, first, 5000, 4000);
        _connect(NEIGHBOUR, AREA, first, 0, 0);
        _connect(AREA, NEIGHBOUR, first, 0, 0);
        vm.expectRevert(_pump(first + 1, 4000, 3000, 0));
        _connect(AREA, NEIGHBOUR, first + 1, 0, 1);
    }

    function test_APumpOfALaterPeriodIsSeenToo() public {
        _terms(AREA, first + 40, 3500, 3300);
        _terms(AREA, first + 60, 3200, 800);
        vm.expectRevert(_pump(first + 40, 3300, 3000, 200));
        _connect(NEIGHBOUR, AREA, first, 200, 1);
        _connect(NEIGHBOUR, AREA, first, 300, 1);
        vm.expectRevert(_pump(first + 40, 3300, 3000, 200));
        _connect(NEIGHBOUR, AREA, first + 20, 200, 1);
        _connect(NEIGHBOUR, AREA, first + 60, 200, 1);
    }

    function test_AWayThroughAThirdAreaIsNoPumpEither() public {
        _terms(THIRD, first, 4000, 900);
        _connect(AREA, THIRD, first, 10, 1);
        _connect(THIRD, NEIGHBOUR, first, 10, 1);
        vm.expectRevert(_pump(first, 3211, 3200, 10));
        _terms(NEIGHBOUR, first, 4000, 3211);
    }

    /// Against a look at every single period.
    function testFuzz_NoScheduleEverHoldsAPump(uint256 seed) public {
        for (uint256 i; i < 12; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint32 from = first + uint32(seed >> 8) % 12;
            uint16 low = uint16(seed >> 40) % 300;
            uint16 high = low + 1 + uint16(seed >> 56) % 300;
            if (seed % 3 == 0) {
                try this.terms(AREA, from, high, low) {} catch {}
            } else if (seed % 3 == 1) {
                try this.terms(NEIGHBOUR, from, high, low) {} catch {}
            } else if (seed & 8 == 0) {
                try this.connect(AREA, NEIGHBOUR, from, low % 50, seed & 16 == 0) {} catch {}
            } else {
                try this.connect(NEIGHBOUR, AREA, from, low % 50, seed & 16 == 0) {} catch {}
            }
        }
        for (uint32 period = first; period < first + 12; ++period) {
            _assertNoPump(AREA, NEIGHBOUR, period);
            _assertNoPump(NEIGHBOUR, AREA, period);
        }
    }

    function terms(uint8 area, uint32 from, uint16 retail, uint16 feedIn) external {
        _terms(area, from, retail, feedIn);
    }

    function connect(uint8 from, uint8 to, uint32 period, uint16 feeTicks, bool open) external {
        _connect(from, to, period, feeTicks, open ? 1 : 0);
    }

    // --- inbound capacity ---------------------------------------------------------------------------------------

    function test_WhatFlowsInIsCoveredByTheGuarantee() public {
        _connect(AREA, NEIGHBOUR, first, 0, INBOUND);
        vm.expectRevert(_above(NEIGHBOUR, first + 1, INBOUND + 1, INBOUND));
        _connect(AREA, NEIGHBOUR, first + 1, 0, INBOUND + 1);
        _terms(THIRD, first, 3000, 700);
        vm.expectRevert(_above(NEIGHBOUR, first, INBOUND + 1, INBOUND));
        _connect(THIRD, NEIGHBOUR, first, 0, 1);
    }

    function test_AnAreaDoesNotPromiseLessThanWhatFlowsIn() public {
        _connect(AREA, NEIGHBOUR, first, 0, 0);
        _connect(AREA, NEIGHBOUR, first + 9, 0, 5000);
        Terms memory less = usualTerms();
        less.inboundCapacityWh = 4999;
        vm.expectRevert(_above(NEIGHBOUR, first + 9, 5000, 4999));
        oversight.scheduleTerms(NEIGHBOUR, ELECTRICITY, first, less);
        less.inboundCapacityWh = 5000;
        oversight.scheduleTerms(NEIGHBOUR, ELECTRICITY, first, less);
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    function _terms(uint8 area, uint32 from, uint16 retail, uint16 feedIn) private {
        Terms memory wanted = usualTerms();
        (wanted.retailTicks, wanted.feedInTicks, wanted.inboundCapacityWh) = (retail, feedIn, INBOUND);
        oversight.scheduleTerms(area, ELECTRICITY, from, wanted);
    }

    function _connect(uint8 from, uint8 to, uint32 period, uint16 feeTicks, uint40 capacityWh) private {
        oversight.scheduleConnection(from, to, ELECTRICITY, period, Connection(feeTicks, capacityWh));
    }

    function _assertConnection(uint32 period, bool connected, uint256 feeTicks, uint256 capacityWh) private view {
        (bool seen, Connection memory found) = oversight.connectionOf(AREA, NEIGHBOUR, ELECTRICITY, period);
        vm.assertEq(seen, connected);
        vm.assertEq(found.feeTicks, feeTicks);
        vm.assertEq(found.capacityWh, capacityWh);
    }

    /// Whoever buys at retail in `poor` can't earn by feeding in in `rich`.
    function _assertNoPump(uint8 poor, uint8 rich, uint32 period) private view {
        (, Connection memory there) = oversight.connectionOf(poor, rich, ELECTRICITY, period);
        if (there.capacityWh == 0) return;
        (bool back, Connection memory here) = oversight.connectionOf(rich, poor, ELECTRICITY, period);
        uint256 fee = back && here.feeTicks < there.feeTicks ? here.feeTicks : there.feeTicks;
        uint256 cost = oversight.termsOf(poor, ELECTRICITY, period).retailTicks + fee;
        vm.assertLe(oversight.termsOf(rich, ELECTRICITY, period).feedInTicks, cost);
    }

    function _pump(uint32 period, uint256 feedIn, uint256 retail, uint256 fee) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IGridOversight.MoneyPump.selector, ELECTRICITY, period, feedIn, retail, fee);
    }

    function _above(uint8 area, uint32 period, uint256 wanted, uint256 there) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IGridOversight.InboundAboveCapacity.selector, area, period, wanted, there);
    }
}
