// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IGridOversight} from "../../contracts/interfaces/IGridOversight.sol";
import {Connection} from "../../contracts/types/Connection.sol";
import {Terms} from "../../contracts/types/Terms.sol";

import {CoreTest} from "./base/CoreTest.sol";

/// No more is traded across areas than can flow.
contract GridOversightCapacityTest is CoreTest {
    address private immutable VENUE = address(uint160(0x7E9));
    address private immutable OTHER = address(uint160(0x07E));
    uint40 private constant CAPACITY = 5000;

    uint32 private period;

    function setUp() public override {
        super.setUp();
        openNeighbour();
        Terms memory terms = usualTerms();
        terms.inboundCapacityWh = CAPACITY;
        oversight.scheduleTerms(NEIGHBOUR, ELECTRICITY, firstUntradable(), terms);
        oversight.scheduleConnection(AREA, NEIGHBOUR, ELECTRICITY, firstUntradable(), Connection(0, CAPACITY));
        oversight.grantVenue(VENUE);
        oversight.grantVenue(OTHER);
        period = warpToParticipation();
    }

    function test_WhatIsReservedIsGoneUntilItReturns() public {
        vm.assertEq(_free(), CAPACITY);
        _reserve(VENUE, 3000);
        vm.assertEq(_free(), 2000);
        _reserve(OTHER, 2000);
        vm.assertEq(_free(), 0);
        _expectTooMuch(0, 1);
        _reserve(VENUE, 1);
        _return(VENUE, 1000);
        _expectTooMuch(1000, 1001);
        _reserve(OTHER, 1001);
        _reserve(OTHER, 1000);
        vm.assertEq(oversight.reservedCapacity(VENUE, AREA, NEIGHBOUR, ELECTRICITY, period), 2000);
        vm.assertEq(oversight.reservedCapacity(OTHER, AREA, NEIGHBOUR, ELECTRICITY, period), 3000);
    }

    function test_AVenueReturnsNoMoreThanItReserved() public {
        _reserve(VENUE, 3000);
        _reserve(OTHER, 2000);
        _return(OTHER, 5000);
        vm.assertEq(_free(), 2000);
        _return(OTHER, 1);
        _return(address(this), 5000);
        vm.assertEq(_free(), 2000);
    }

    function test_ARevokedVenueReservesNoMoreButReturns() public {
        _reserve(VENUE, 3000);
        vm.expectEmit(address(oversight));
        emit IGridOversight.VenueRevoked(VENUE);
        oversight.revokeVenue(VENUE);
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.NotVenue.selector, VENUE));
        _reserve(VENUE, 1);
        _return(VENUE, 3000);
        vm.assertEq(_free(), CAPACITY);
    }

    function test_TheOtherWayIsAConnectionOfItsOwn() public {
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.CapacityExceeded.selector, NEIGHBOUR, AREA, period, 0, 1));
        vm.prank(VENUE);
        oversight.reserveCapacity(NEIGHBOUR, AREA, ELECTRICITY, period, 1);
    }

    function test_OnlyTradablePeriodsAreReserved() public {
        uint32 far = firstUntradable();
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.PeriodNotTradable.selector, far));
        vm.prank(VENUE);
        oversight.reserveCapacity(AREA, NEIGHBOUR, ELECTRICITY, far, 1);
        vm.warp(startsAt(period));
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.PeriodNotTradable.selector, period));
        _reserve(VENUE, 1);
    }

    function test_AReusedWordForgetsTheEarlierPeriod() public {
        _reserve(VENUE, 3000);
        uint32 earlier = period;
        period += calendarTimes().ringPeriods;
        vm.warp(startsAt(period) - calendarTimes().opensBefore);
        vm.assertEq(_free(), CAPACITY);
        vm.prank(VENUE);
        oversight.returnCapacity(AREA, NEIGHBOUR, ELECTRICITY, earlier, 1000);
        _reserve(VENUE, 4000);
        vm.prank(VENUE);
        oversight.returnCapacity(AREA, NEIGHBOUR, ELECTRICITY, earlier, 2000);
        vm.assertEq(_free(), 1000);
        vm.assertEq(oversight.reservedCapacity(VENUE, AREA, NEIGHBOUR, ELECTRICITY, period), 4000);
    }

    function testFuzz_ReservedAndFreeAreTheCapacity(uint256 seed) public {
        for (uint256 i; i < 20; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            address venue = seed & 1 == 0 ? VENUE : OTHER;
            uint256 energyWh = (seed >> 8) % 3000;
            if (seed & 2 == 0 && energyWh <= _free()) _reserve(venue, energyWh);
            else _return(venue, energyWh);
            vm.assertEq(_free() + _reservedBy(VENUE) + _reservedBy(OTHER), CAPACITY);
        }
    }

    function test_OnlyTheOperatorGrantsVenues() public {
        bytes memory refusal = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, BACKSTOP);
        vm.startPrank(BACKSTOP);
        vm.expectRevert(refusal);
        oversight.grantVenue(BACKSTOP);
        vm.expectRevert(refusal);
        oversight.revokeVenue(VENUE);
        vm.stopPrank();
        vm.assertTrue(oversight.isVenue(VENUE));
        vm.assertFalse(oversight.isVenue(BACKSTOP));
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    function _reserve(address venue, uint256 energyWh) private {
        vm.prank(venue);
        oversight.reserveCapacity(AREA, NEIGHBOUR, ELECTRICITY, period, energyWh);
    }

    function _return(address venue, uint256 energyWh) private {
        vm.prank(venue);
        oversight.returnCapacity(AREA, NEIGHBOUR, ELECTRICITY, period, energyWh);
    }

    function _expectTooMuch(uint256 free, uint256 wanted) private {
        vm.expectRevert(
            abi.encodeWithSelector(IGridOversight.CapacityExceeded.selector, AREA, NEIGHBOUR, period, free, wanted)
        );
    }

    function _free() private view returns (uint256) {
        return oversight.freeCapacity(AREA, NEIGHBOUR, ELECTRICITY, period);
    }

    function _reservedBy(address venue) private view returns (uint256) {
        return oversight.reservedCapacity(venue, AREA, NEIGHBOUR, ELECTRICITY, period);
    }
}
