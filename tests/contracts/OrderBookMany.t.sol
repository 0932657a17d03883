// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBookFacts} from "../../contracts/interfaces/IOrderBook.sol";
import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {Market} from "../../contracts/types/Market.sol";
import {Order} from "../../contracts/types/Order.sol";

import {OrderBookTest} from "./base/OrderBookTest.sol";

/// Many orders of one owner in one transaction.
contract OrderBookManyTest is OrderBookTest {
    function placeMany(Order[] memory orders) private {
        vm.prank(vm.addr(ANA));
        book.placeMany(orders, ANY_TOUCHES);
    }

    function list(Order a, Order b) private pure returns (Order[] memory orders) {
        orders = new Order[](2);
        (orders[0], orders[1]) = (a, b);
    }

    function test_OrdersOfManyMarketsAndSidesEnterTogether() public {
        vm.warp(block.timestamp + PERIOD_SECONDS);
        Market later = electricity(market.period() + 1);
        placeBid(ben, 50, 1800);
        Order[] memory orders = new Order[](4);
        orders[0] = bidAt(ana, 100, 1500);
        orders[1] = bid(ana, later, 200, 1700);
        orders[2] = offerAt(ana, 80, 1800);
        orders[3] = offer(ana, later, 60, 3000);
        placeMany(orders);
        vm.assertEq(totalAt(1500), 100);
        vm.assertEq(recordOf(ana).soldWh, 50);
        vm.assertEq(totalAt(1800), 30);
        vm.assertEq(book.level(later, 1600).totalWh, 200);
        vm.assertEq(book.level(later, 3050).totalWh, 60);
        uint256 offers = 80 * (RETAIL_TICKS - 1750) + 60 * (RETAIL_TICKS - 3000);
        vm.assertEq(lockedOf(ana), 100 * 1600 + 200 * 1700 + offers);
        vm.assertEq(settlement.openMarkets(ELECTRICITY, later.period()), 1);
    }

    function test_AHundredOrdersRestLikeAHundredSingleOnes() public {
        Order[] memory orders = new Order[](60);
        for (uint256 i; i < 60; ++i) {
            orders[i] = bidAt(ana, 100 + i, 1500 + i % 3);
        }
        placeMany(orders);
        uint256 locked = lockedOf(ana);
        for (uint256 i; i < 60; ++i) {
            Order order = bidAt(ben, 100 + i, 1500 + i % 3);
            place(order);
        }
        vm.assertEq(lockedOf(ben), locked);
        vm.assertEq(recordOf(ana).bids, 60);
        vm.assertEq(book.level(market, 1501).tail, 40);
    }

    function test_OneThatFailsUndoesAll() public {
        vm.expectRevert(
            abi.encodeWithSelector(IOrderBookFacts.PriceAboveRetail.selector, RETAIL_TICKS + 1, RETAIL_TICKS)
        );
        placeMany(list(bidAt(ana, 100, 1500), bid(ana, market, 100, RETAIL_TICKS + 1)));
        vm.assertEq(lockedOf(ana), 0);
        vm.assertEq(totalAt(1500), 0);
    }

    function test_AllAreFundedTogetherOrNone() public {
        vm.prank(vm.addr(ANA));
        vault.withdraw(ana, (FUNDS - 200_000) / CASH_PER_TOKEN_UNIT, vm.addr(ANA));
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.InsufficientBalance.selector, ana, 200_000, 320_000));
        placeMany(list(bidAt(ana, 100, 1500), bidAt(ana, 100, 1500)));
    }

    function test_NobodyPlacesForAnother() public {
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotAccountOwner.selector, ben, vm.addr(ANA)));
        placeMany(list(bidAt(ana, 100, 1500), bidAt(ben, 100, 1500)));
    }

    function test_AnOrderThatMeetsAnEarlierOneOfTheListIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(IOrderBookFacts.OwnOrderInTheWay.selector, 1500));
        placeMany(list(bidAt(ana, 100, 1500), offerAt(ana, 100, 1500)));
    }

    function test_NoOrdersAreNone() public {
        placeMany(new Order[](0));
        vm.assertFalse(book.marketOf(market).opened);
    }
}
