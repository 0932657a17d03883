// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IGridOversight} from "../../contracts/interfaces/IGridOversight.sol";
import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Market} from "../../contracts/types/Market.sol";

import {CoreTest} from "./base/CoreTest.sol";

/// A halt keeps money from coming in, never from going out.
contract GridOversightHaltTest is CoreTest {
    uint96 private constant KEY = uint96(AREA) << 8;

    address private immutable VENUE = address(uint160(0x7E9));
    address private immutable CHARGER = address(uint160(0xC4A));

    AccountId private ana;
    uint40 private until;

    function setUp() public override {
        super.setUp();
        vault.grantVenue(VENUE, false);
        vault.grantVenue(CHARGER, true);
        ana = admit(ANA);
        fund(ana, 1000);
        _lock(KEY, 400);
        until = uint40(block.timestamp + 1 days);
    }

    function test_AHaltedMarketTakesNoLocksEvenOfNothing() public {
        vm.expectEmit(address(oversight));
        emit IGridOversight.TradingHalted(VENUE, AREA, ELECTRICITY, until, "line down");
        _halt();
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.MarketHalted.selector, VENUE, KEY, until));
        _lock(KEY, 0);
    }

    function test_AHaltEndsByItself() public {
        _halt();
        vm.warp(until - 1);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.MarketHalted.selector, VENUE, KEY, until));
        _lock(KEY, 100);
        vm.warp(until);
        _lock(KEY, 100);
    }

    function test_AHaltCanEndSooner() public {
        _halt();
        vm.expectEmit(address(oversight));
        emit IGridOversight.TradingResumed(VENUE, AREA, ELECTRICITY, "line repaired");
        oversight.resumeTrading(VENUE, AREA, ELECTRICITY, "line repaired");
        _lock(KEY, 100);
    }

    function test_AHaltLeavesOtherMarketsAlone() public {
        _halt();
        _lock(KEY | 1, 100);
        vm.prank(CHARGER);
        vault.lock(ana, vm.addr(ANA), KEY, 100, false);
    }

    function testFuzz_EveryExitStaysOpenDuringAHalt(uint32 wait) public {
        _halt();
        vm.warp(block.timestamp + wait % 1 days);
        vm.startPrank(VENUE);
        vault.release(ana, KEY, 100);
        vault.move(KEY, CHARGER, KEY, 100);
        uint256[] memory page = new uint256[](1);
        page[0] = AccountId.unwrap(ana) | (100 << 24) | (100 << 88);
        vault.payMany(KEY, page);
        vm.stopPrank();
        vm.assertEq(vault.balanceOf(ana), 900);
        vm.prank(vm.addr(ANA));
        vault.withdraw(ana, 90, vm.addr(ANA));
        vm.assertEq(euro.balanceOf(vm.addr(ANA)), 90);
    }

    function test_SettlementGoesOnThroughAHaltOfItsPot() public {
        oversight.haltTrading(CHARGER, AREA, ELECTRICITY, until, "line down");
        fund(backstop(), 1000);
        vm.startPrank(CHARGER);
        vault.charge(ana, KEY, 500);
        vault.lockGuarantee(backstop(), KEY, 500);
        vault.release(ana, KEY, 1000);
        vm.stopPrank();
        vm.assertEq(vault.balanceOf(ana), 1100);
    }

    function test_AHaltNeedsAReasonAndAnEndWithinThirtyDays() public {
        vm.expectRevert(IGridOversight.ReasonMissing.selector);
        oversight.haltTrading(VENUE, AREA, ELECTRICITY, until, "");
        vm.expectRevert(IGridOversight.ReasonMissing.selector);
        oversight.resumeTrading(VENUE, AREA, ELECTRICITY, "");
        uint40 tooLong = uint40(block.timestamp + 30 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.HaltTooLong.selector, tooLong));
        oversight.haltTrading(VENUE, AREA, ELECTRICITY, tooLong, "line down");
        oversight.haltTrading(VENUE, AREA, ELECTRICITY, tooLong - 1, "line down");
    }

    // --- void ---------------------------------------------------------------------------------------------------

    function test_AMarketIsVoidInItsVenueOnly() public {
        Market market = electricity(periodNow() + 10);
        vm.expectEmit(address(oversight));
        emit IGridOversight.MarketVoided(VENUE, market, "overload");
        oversight.voidMarket(VENUE, market, "overload");
        vm.assertTrue(oversight.isVoid(VENUE, market));
        vm.assertFalse(oversight.isVoid(CHARGER, market));
        vm.assertFalse(oversight.isVoid(VENUE, electricity(periodNow() + 11)));
    }

    function test_NothingIsVoidedOnceDeliveryHasStarted() public {
        uint32 period = periodNow() + 10;
        Market market = electricity(period);
        vm.warp(startsAt(period));
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.AlreadyStarted.selector, market));
        oversight.voidMarket(VENUE, market, "overload");
        vm.warp(startsAt(period) - 1);
        vm.expectRevert(IGridOversight.ReasonMissing.selector);
        oversight.voidMarket(VENUE, market, "");
        oversight.voidMarket(VENUE, market, "overload");
    }

    function testFuzz_OnlyTheRegulatorIntervenes(address caller) public {
        vm.assume(caller != ADMIN);
        Market market = electricity(periodNow() + 10);
        bytes memory refusal = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller);
        vm.startPrank(caller);
        vm.expectRevert(refusal);
        oversight.haltTrading(VENUE, AREA, ELECTRICITY, until, "mine");
        vm.expectRevert(refusal);
        oversight.resumeTrading(VENUE, AREA, ELECTRICITY, "mine");
        vm.expectRevert(refusal);
        oversight.voidMarket(VENUE, market, "mine");
        vm.stopPrank();
    }

    function _halt() private {
        oversight.haltTrading(VENUE, AREA, ELECTRICITY, until, "line down");
    }

    function _lock(uint96 key, uint256 amount) private {
        vm.prank(VENUE);
        vault.lock(ana, vm.addr(ANA), key, amount, false);
    }
}
