// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBookFacts} from "../../contracts/interfaces/IOrderBook.sol";
import {FILL_OR_KILL, Order, POST_ONLY} from "../../contracts/types/Order.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";

import {OrderBookTest} from "./base/OrderBookTest.sol";

/// Fill-or-kill and post-only, and heads that are gone.
contract OrderBookKindsTest is OrderBookTest {
    function fillOrKill(Order order) private pure returns (Order) {
        return Order.wrap(Order.unwrap(order) | (uint256(FILL_OR_KILL) << 73));
    }

    function postOnly(Order order) private pure returns (Order) {
        return Order.wrap(Order.unwrap(order) | (uint256(POST_ONLY) << 73));
    }

    function notFilled(uint256 wantedWh, uint256 availableWh) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IOrderBookFacts.NotFilled.selector, wantedWh, availableWh);
    }

    // --- fill or kill -------------------------------------------------------------------------------------------

    function test_AFillOrKillOrderTradesWhollyAcrossLevels() public {
        placeOffer(ana, 100, 1000);
        placeOffer(cem, 100, 1100);
        (, uint256 restWh) = place(fillOrKill(bidAt(ben, 150, 1100)));
        vm.assertEq(restWh, 0);
        vm.assertEq(recordOf(ben).boughtWh, 150);
        vm.assertEq(lockedOf(ben), 100 * (1000 + LEVY_BUY) + 50 * (1100 + LEVY_BUY));
    }

    function test_AFillOrKillOrderThatFindsTooLittleChangesNothing() public {
        placeOffer(ana, 100, 1000);
        placeOffer(cem, 100, 1100);
        refuse(fillOrKill(bidAt(ben, 201, 1100)), notFilled(201, 200));
        refuse(fillOrKill(bidAt(ben, 101, 1000)), notFilled(101, 100));
        refuse(fillOrKill(bidAt(ben, 100, 999)), notFilled(100, 0));
        vm.assertEq(totalAt(1000) + totalAt(1100), 200);
        assertBest(0, 1000);
        vm.assertEq(lockedOf(ben), 0);
    }

    function test_AFillOrKillOrderKeepsItsLimitOfTouches() public {
        placeOffer(ana, 100, 1000);
        placeOffer(cem, 100, 1100);
        refuse(
            fillOrKill(bidAt(ben, 300, 1100)),
            new OrderRef[](0),
            1,
            abi.encodeWithSelector(IOrderBookFacts.TouchLimit.selector, 1)
        );
    }

    function test_AKilledOrderLeavesItsOwnersOtherOrdersAlone() public {
        OrderRef own = placeOffer(ben, 100, 1000);
        refuse(fillOrKill(bidAt(ben, 100, 1000)), refs(own), ANY_TOUCHES, notFilled(100, 0));
        vm.assertTrue(isLive(own));
    }

    // --- post only ----------------------------------------------------------------------------------------------

    function test_APostOnlyOrderRests() public {
        placeOffer(ana, 100, 1001);
        (OrderRef ref, uint256 restWh) = place(postOnly(bidAt(ben, 100, 1000)));
        vm.assertEq(restWh, 100);
        vm.assertTrue(isLive(ref));
        assertBest(1000, 1001);
    }

    function test_APostOnlyOrderThatWouldTradeIsRefused() public {
        placeOffer(ana, 100, 1000);
        refuse(postOnly(bidAt(ben, 100, 1000)), abi.encodeWithSelector(IOrderBookFacts.WouldTrade.selector, 1000));
        placeBid(ana, 100, 900);
        refuse(postOnly(offerAt(ben, 100, 800)), abi.encodeWithSelector(IOrderBookFacts.WouldTrade.selector, 900));
        vm.assertEq(lockedOf(ben), 0);
    }

    function test_APostOnlyOrderRestsWhereALevelWasTakenExactly() public {
        placeOffer(ana, 100, 1000);
        placeBid(cem, 100, 1000);
        place(postOnly(bidAt(ben, 100, 1000)));
        assertBest(1000, 0);
    }

    function test_APostOnlyOrderCancelsTheOwnOrderInItsWay() public {
        OrderRef own = placeOffer(ben, 100, 1000);
        vm.prank(vm.addr(BEN));
        book.placeOrder(postOnly(bidAt(ben, 100, 1000)), refs(own), ANY_TOUCHES);
        vm.assertFalse(isLive(own));
        assertBest(1000, 0);
    }

    // --- heads that are gone ------------------------------------------------------------------------------------

    /// Ten entries at 1000, of which all but the last are cancelled, the head last of them.
    function fillWithGoneHeads() private returns (OrderRef last) {
        OrderRef[] memory gone = new OrderRef[](9);
        for (uint256 i; i < 9; ++i) {
            gone[i] = placeOffer(ana, 100, 1000);
        }
        last = placeOffer(cem, 100, 1000);
        for (uint256 i = 9; i > 0; --i) {
            cancel(ana, gone[i - 1]);
        }
    }

    function test_AnyoneSkipsHeadsThatAreGone() public {
        OrderRef last = fillWithGoneHeads();
        vm.assertEq(book.level(market, 1000).head, 1);
        Order taking = bidAt(ben, 60, 1000);
        refuse(taking, new OrderRef[](0), 1, abi.encodeWithSelector(IOrderBookFacts.TouchLimit.selector, 1));
        vm.expectEmit(address(book));
        emit IOrderBookFacts.HeadSkipped(market, 1000, 5);
        book.skip(market, 1000, 4);
        book.skip(market, 1000, 100);
        vm.assertEq(book.level(market, 1000).head, 9);
        vm.prank(vm.addr(BEN));
        book.placeOrder(taking, new OrderRef[](0), 1);
        vm.assertEq(filled(last), 60);
    }

    function test_ALiveHeadIsNotSkipped() public {
        OrderRef head = placeOffer(ana, 100, 1000);
        placeOffer(cem, 100, 1000);
        placeBid(ben, 60, 1000);
        book.skip(market, 1000, 100);
        book.skip(market, 999, 100);
        vm.assertEq(filled(head), 60);
        vm.assertEq(book.level(market, 1000).head, 0);
    }
}
