// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBookFacts} from "../../contracts/interfaces/IOrderBook.sol";
import {Order} from "../../contracts/types/Order.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";
import {toPlacedOrder} from "../../contracts/types/PlacedOrder.sol";

import {OrderBookTest} from "./base/OrderBookTest.sol";

contract OrderBookMatchingTest is OrderBookTest {
    // --- price --------------------------------------------------------------------------------------------------

    function test_ABidPaysTheRestingPriceAndItsLevyNotItsLimit() public {
        place(offer(ana, market, 2000, 1500));
        place(bid(ben, market, 800, 2500));
        vm.assertEq(lockedOf(ben), 800 * (1550 + LEVY_BUY));
        vm.assertEq(recordOf(ben).boughtWh, 800);
        vm.assertEq(recordOf(ben).paid, 800 * 1650);
        assertBest(0, 1550);
    }

    function test_AnOfferEarnsTheRestingPriceLessItsLevyAndLocksByItsOwnLimit() public {
        place(bid(ben, market, 1000, 2000));
        place(offer(ana, market, 800, 1500));
        vm.assertEq(recordOf(ana).soldWh, 800);
        vm.assertEq(recordOf(ana).received, 800 * (1900 - LEVY_SELL));
        vm.assertEq(recordOf(ana).locked, 800 * (RETAIL_TICKS - 1500));
        vm.assertEq(lockedOf(ana), 800 * (RETAIL_TICKS - 1500));
    }

    function test_ARemainderRestsAndLocksItsLimitBesideTheTradesCost() public {
        placeOffer(ana, 300, 1550);
        (OrderRef ref, uint256 restWh) = place(bid(ben, market, 1000, 2000));
        vm.assertEq(restWh, 700);
        vm.assertEq(ref.tick(), 1900);
        vm.assertEq(lockedOf(ben), 300 * 1650 + 700 * 2000);
        assertBest(1900, 0);
    }

    function test_OrdersThatDoNotMeetBothRest() public {
        placeOffer(ana, 300, 1551);
        placeBid(ben, 300, 1550);
        assertBest(1550, 1551);
    }

    // --- priority -----------------------------------------------------------------------------------------------

    function test_TheBestPriceTradesFirst() public {
        OrderRef dear = placeOffer(ana, 100, 1600);
        OrderRef cheap = placeOffer(cem, 100, 1500);
        placeBid(ben, 100, 2000);
        vm.assertEq(filled(cheap), 100);
        vm.assertEq(filled(dear), 0);
        assertBest(0, 1600);
    }

    function test_TheOldestOfALevelTradesFirst() public {
        OrderRef older = placeBid(ana, 100, 1500);
        OrderRef younger = placeBid(cem, 100, 1500);
        placeOffer(ben, 130, 1400);
        vm.assertEq(filled(older), 100);
        vm.assertEq(filled(younger), 30);
        vm.assertEq(totalAt(1500), 70);
        vm.assertTrue(isLive(younger));
        vm.assertFalse(isLive(older));
    }

    function test_APartlyFilledHeadGoesOnWithItsRest() public {
        OrderRef head = placeBid(ana, 100, 1500);
        placeOffer(ben, 30, 1500);
        placeOffer(cem, 30, 1500);
        vm.assertEq(filled(head), 60);
        (, uint256 restWh) = place(offerAt(ben, 50, 1500));
        vm.assertEq(filled(head), 100);
        vm.assertEq(restWh, 10);
        assertBest(0, 1500);
    }

    function test_ARestingRestBelowTheSmallestOrderStaysAndTrades() public {
        OrderRef head = placeBid(ana, 100, 1500);
        placeOffer(ben, 95, 1500);
        vm.assertTrue(isLive(head));
        placeOffer(ben, 10, 1500);
        vm.assertEq(filled(head), 100);
    }

    // --- sweeps -------------------------------------------------------------------------------------------------

    function test_AnOrderSweepsLevelsUntilItsLimit() public {
        placeOffer(ana, 100, 1000);
        placeOffer(cem, 100, 1000);
        placeOffer(ana, 100, 1300);
        placeOffer(cem, 100, 30_000);
        (, uint256 restWh) = place(bidAt(ben, 400, 2000));
        vm.assertEq(restWh, 100);
        vm.assertEq(recordOf(ben).boughtWh, 300);
        vm.assertEq(recordOf(ben).paid, 200 * 1100 + 100 * 1400);
        assertBest(2000, 30_000);
    }

    function test_ALevelTakenExactlyIsNoPriceAnyMore() public {
        placeBid(ana, 100, 1500);
        placeBid(cem, 60, 1500);
        placeBid(cem, 60, 7);
        placeOffer(ben, 160, 1500);
        vm.assertEq(totalAt(1500), 0);
        assertBest(7, 0);
        (uint256[] memory ticks,) = book.depth(market, false, 9);
        vm.assertEq(ticks.length, 1);
    }

    function test_ALevelTakenExactlyStaysGoneWhenABetterPriceComes() public {
        placeBid(ana, 100, 1500);
        placeBid(cem, 60, 7);
        placeOffer(ben, 100, 1500);
        placeBid(ana, 100, 1600);
        placeOffer(ben, 110, 1500);
        assertBest(7, 1500);
        (uint256[] memory ticks,) = book.depth(market, false, 9);
        vm.assertEq(ticks.length, 1);
    }

    function test_ALevelTakenExactlyComesAliveAgain() public {
        placeBid(ana, 100, 1500);
        placeOffer(ben, 100, 1500);
        placeBid(cem, 60, 1500);
        assertBest(1500, 0);
        placeOffer(ben, 70, 1500);
        assertBest(0, 1500);
    }

    function test_ALevelTakenExactlyHoldsNobodyUp() public {
        placeBid(ana, 100, 1500);
        placeBid(cem, 100, 1400);
        placeOffer(ben, 100, 1500);
        (, uint256 restWh) = placeTouching(offerAt(ben, 100, 1400), 1);
        vm.assertEq(restWh, 0);
        assertBest(0, 0);
        (, restWh) = placeTouching(offerAt(ben, 100, 1400), 0);
        vm.assertEq(restWh, 100);
        assertBest(0, 1400);
    }

    function placeTouching(Order order, uint256 maxTouches) private returns (OrderRef, uint256) {
        vm.prank(vault.ownerOf(order.account()));
        return book.placeOrder(order, new OrderRef[](0), maxTouches);
    }

    function test_ALevelServesTheOtherSideOnceItIsSwept() public {
        OrderRef sold = placeBid(ana, 100, 1500);
        (OrderRef rest, uint256 restWh) = place(offerAt(ben, 140, 1500));
        vm.assertEq(rest.tick(), 1500);
        vm.assertEq(rest.index(), 1);
        vm.assertEq(restWh, 40);
        vm.assertFalse(book.entry(market, sold).isOffer);
        vm.assertTrue(book.entry(market, rest).isOffer);
        placeBid(cem, 40, 1500);
        vm.assertEq(filled(rest), 40);
        assertBest(0, 0);
    }

    function test_ATakenLevelIsShownWithItsNewHead() public {
        placeBid(ana, 100, 1500);
        placeBid(cem, 100, 1500);
        vm.expectEmit(address(book));
        emit IOrderBookFacts.LevelTaken(market, 1500, 130, 1, 30);
        placeOffer(ben, 130, 1500);
        Order order = offerAt(ben, 100, 1500);
        vm.expectEmit(address(book));
        emit IOrderBookFacts.LevelTaken(market, 1500, 70, 2, 0);
        vm.expectEmit(address(book));
        emit IOrderBookFacts.OrderPlaced(toPlacedOrder(order, OrderRef.wrap((1500 << 16) | 2), 30));
        place(order);
    }

    // --- kinds and remainders -----------------------------------------------------------------------------------

    function test_AnImmediateOrderNeverRests() public {
        placeOffer(ana, 100, 1500);
        (, uint256 restWh) = place(immediate(bidAt(ben, 1000, 1500)));
        vm.assertEq(restWh, 0);
        vm.assertEq(recordOf(ben).boughtWh, 100);
        vm.assertEq(lockedOf(ben), 100 * 1600);
        assertBest(0, 0);
    }

    function test_AnImmediateOrderThatMeetsNothingChangesNothing() public {
        placeOffer(ana, 100, 1500);
        place(immediate(bidAt(ben, 1000, 1499)));
        vm.assertEq(lockedOf(ben), 0);
        vm.assertEq(recordOf(ben).boughtWh + recordOf(ben).bids, 0);
        vm.assertEq(totalAt(1500), 100);
    }

    function test_AnIncomingRemainderBelowTheSmallestOrderIsDropped() public {
        placeOffer(ana, 100, 1500);
        (, uint256 restWh) = place(bidAt(ben, 109, 1500));
        vm.assertEq(restWh, 0);
        vm.assertEq(lockedOf(ben), 100 * 1600);
        assertBest(0, 0);
    }

    // --- bounds -------------------------------------------------------------------------------------------------

    function test_AnOrderTouchesNoMoreLevelsThanAllowed() public {
        placeOffer(ana, 100, 1000);
        placeOffer(ana, 100, 1001);
        Order order = bidAt(ben, 200, 1500);
        refuse(order, new OrderRef[](0), 1, abi.encodeWithSelector(IOrderBookFacts.TouchLimit.selector, 1));
        vm.prank(vm.addr(BEN));
        book.placeOrder(order, new OrderRef[](0), 2);
    }

    function test_AnOrderWalksNoMoreEntriesThanAllowed() public {
        for (uint256 i; i < 5; ++i) {
            placeOffer(ana, 100, 1000);
        }
        Order order = bidAt(ben, 450, 1500);
        refuse(order, new OrderRef[](0), 4, abi.encodeWithSelector(IOrderBookFacts.TouchLimit.selector, 4));
        vm.prank(vm.addr(BEN));
        book.placeOrder(order, new OrderRef[](0), 5);
        vm.assertEq(totalAt(1000), 50);
    }

    function test_ASweptLevelIsOneTouchHoweverManyRestThere() public {
        for (uint256 i; i < 9; ++i) {
            placeOffer(ana, 100, 1000);
        }
        vm.prank(vm.addr(BEN));
        book.placeOrder(bidAt(ben, 900, 1500), new OrderRef[](0), 1);
        vm.assertEq(recordOf(ben).boughtWh, 900);
    }
}
