// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CancelReason, IOrderBookFacts} from "../../contracts/interfaces/IOrderBook.sol";
import {Order} from "../../contracts/types/Order.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";

import {OrderBookTest} from "./base/OrderBookTest.sol";

/// An account never trades with itself.
contract OrderBookOwnTest is OrderBookTest {
    function test_AnOwnOppositeOrderThatIsNotListedIsInTheWay() public {
        placeOffer(ana, 100, 1500);
        refuse(bidAt(ana, 100, 1500), abi.encodeWithSelector(IOrderBookFacts.OwnOrderInTheWay.selector, 1500));
        placeBid(ana, 100, 1499);
    }

    function test_AListedOwnOppositeOrderIsCancelledAndItsLockReturns() public {
        OrderRef own = placeOffer(ana, 100, 1500);
        placeOffer(ben, 100, 1500);
        Order order = bidAt(ana, 100, 1500);
        vm.expectEmit(address(book));
        emit IOrderBookFacts.OrderCancelled(cancelledWord(market, own, ana, 100, CancelReason.OwnOpposite));
        placeWith(order, refs(own));
        vm.assertEq(lockedOf(ana), 100 * 1600);
        vm.assertEq(recordOf(ana).offers, 0);
        vm.assertEq(recordOf(ana).boughtWh, 100);
        assertBest(0, 0);
    }

    function test_AReturnedLockPaysForTheOrderThatTakesItsPlace() public {
        OrderRef own = placeOffer(ana, 100, 1500);
        uint256 free = vault.balanceOf(ana);
        vm.prank(vm.addr(ANA));
        vault.withdraw(ana, free / CASH_PER_TOKEN_UNIT, vm.addr(ANA));
        placeWith(bidAt(ana, 100, 1500), refs(own));
        vm.assertEq(vault.balanceOf(ana), 100 * (RETAIL_TICKS - 1450) - 100 * 1600);
    }

    function test_AnOwnBidIsCancelledByAnOwnOffer() public {
        OrderRef own = placeBid(ana, 100, 1500);
        refuse(offerAt(ana, 100, 1400), abi.encodeWithSelector(IOrderBookFacts.OwnOrderInTheWay.selector, 1500));
        placeWith(offerAt(ana, 100, 1400), refs(own));
        vm.assertFalse(isLive(own));
        assertBest(0, 1400);
    }

    function test_OnlyOwnOrdersWithinTheLimitAreCancelled() public {
        OrderRef near = placeOffer(ana, 100, 1500);
        OrderRef far = placeOffer(ana, 100, 1600);
        placeWith(bidAt(ana, 100, 1550), refs(near, far));
        vm.assertFalse(isLive(near));
        vm.assertTrue(isLive(far));
        vm.assertEq(recordOf(ana).lowestOffer, 1600);
        vm.assertEq(recordOf(ana).offers, 1);
    }

    function test_APartlyFilledOwnOrderKeepsItsFill() public {
        OrderRef own = placeOffer(ana, 100, 1500);
        placeBid(ben, 40, 1500);
        placeWith(bidAt(ana, 100, 1500), refs(own));
        vm.assertEq(recordOf(ana).soldWh, 40);
        vm.assertEq(recordOf(ana).offers, 0);
        vm.assertEq(lockedOf(ana), 40 * (RETAIL_TICKS - 1450) + 100 * 1600);
    }

    function test_AStalePriceIsSetAnewByListingEveryEntryOfTheSide() public {
        OrderRef gone = placeOffer(ana, 100, 1500);
        OrderRef far = placeOffer(ana, 100, 1600);
        cancel(ana, gone);
        Order order = bidAt(ana, 100, 1550);
        refuse(order, abi.encodeWithSelector(IOrderBookFacts.OwnOrderInTheWay.selector, 1500));
        placeWith(order, refs(far));
        vm.assertTrue(isLive(far));
        vm.assertEq(recordOf(ana).lowestOffer, 1600);
        placeBid(ana, 100, 1599);
    }

    function test_ListingEveryEntryCollectsTheFilledOnes() public {
        OrderRef sold = placeOffer(ana, 100, 1500);
        OrderRef far = placeOffer(ana, 100, 1600);
        placeBid(ben, 100, 1500);
        placeWith(bidAt(ana, 100, 1550), refs(sold, far));
        vm.assertEq(recordOf(ana).soldWh, 100);
        vm.assertEq(recordOf(ana).offers, 1);
        vm.assertTrue(isLive(far));
    }

    function test_ListingOnlySomeEntriesLeavesAStalePriceInTheWay() public {
        OrderRef sold = placeOffer(ana, 100, 1500);
        placeOffer(ana, 100, 1600);
        placeBid(ben, 100, 1500);
        refuse(
            bidAt(ana, 100, 1550),
            refs(sold),
            ANY_TOUCHES,
            abi.encodeWithSelector(IOrderBookFacts.OwnOrderInTheWay.selector, 1500)
        );
    }

    function test_OneEntryListedTwiceCountsOnce() public {
        placeOffer(ana, 100, 1500);
        OrderRef far = placeOffer(ana, 100, 1600);
        refuse(
            bidAt(ana, 100, 1550),
            refs(far, far),
            ANY_TOUCHES,
            abi.encodeWithSelector(IOrderBookFacts.OwnOrderInTheWay.selector, 1500)
        );
    }

    /// Nor when another ref stands between: the near offer would be missing from the list, and trade with its owner.
    function test_NorDoesItWhereTheListFallsInBetween() public {
        OrderRef near = placeOffer(ana, 100, 1500);
        OrderRef far = placeOffer(ana, 100, 1600);
        OrderRef[] memory own = new OrderRef[](3);
        (own[0], own[1], own[2]) = (far, OrderRef.wrap(0), far);
        bytes memory refusal = abi.encodeWithSelector(IOrderBookFacts.OwnOrderInTheWay.selector, 1500);
        refuse(bidAt(ana, 100, 1550), own, ANY_TOUCHES, refusal);
        vm.assertTrue(isLive(near));
    }

    function test_ListedOrdersOfOthersStayUntouched() public {
        OrderRef bens = placeOffer(ben, 100, 1500);
        OrderRef own = placeOffer(ana, 100, 1501);
        placeWith(immediate(bidAt(ana, 10, 1501)), refs(bens, own));
        vm.assertFalse(isLive(own));
        vm.assertEq(book.entry(market, bens).energyWh, 100);
        vm.assertEq(filled(bens), 10);
    }

    function test_NobodyElsesOrderIsInTheWay() public {
        placeOffer(ana, 100, 1500);
        placeBid(ben, 60, 1500);
        vm.assertEq(recordOf(ben).boughtWh, 60);
    }
}
