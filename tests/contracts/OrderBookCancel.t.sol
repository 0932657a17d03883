// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CancelReason, IOrderBookFacts} from "../../contracts/interfaces/IOrderBook.sol";
import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";

import {OrderBookTest} from "./base/OrderBookTest.sol";

contract OrderBookCancelTest is OrderBookTest {
    // --- by the owner -------------------------------------------------------------------------------------------

    function test_ACancelledRestReturnsItsLock() public {
        OrderRef ref = placeOffer(ana, 1000, 1550);
        vm.expectEmit(address(book));
        emit IOrderBookFacts.OrderCancelled(cancelledWord(market, ref, ana, 1000, CancelReason.Owner));
        cancel(ana, ref);
        vm.assertEq(lockedOf(ana), 0);
        vm.assertEq(potOfBook(), 0);
        vm.assertEq(recordOf(ana).offers, 0);
        assertBest(0, 0);
    }

    function test_ALevelThatACancelEmptiedStaysOpenUntilAPageNamesIt() public {
        OrderRef ref = placeOffer(ana, 1000, 1550);
        cancel(ana, ref);
        vm.assertEq(book.marketOf(market).openLevels, 1);
        book.collect(market, refs(ref));
        vm.assertEq(book.marketOf(market).openLevels, 0);
        book.collect(market, refs(ref));
        vm.assertEq(book.marketOf(market).openLevels, 0);
        placeOffer(ben, 1000, 1550);
        vm.assertEq(book.marketOf(market).openLevels, 1);
        assertBest(0, 1550);
    }

    function test_ATakerPassesLevelsThatCancelsEmptied() public {
        OrderRef a = placeOffer(ana, 100, 1500);
        OrderRef b = placeOffer(ana, 100, 1501);
        OrderRef c = placeOffer(cem, 100, 1502);
        cancel(ana, b);
        cancel(ana, a);
        placeBid(ben, 100, 1502);
        vm.assertEq(filled(c), 100);
        assertBest(0, 0);
        placeBid(ben, 100, 1501);
        assertBest(1501, 0);
    }

    function test_AnOrderOfTheOtherSideRestsWhereACancelEmptiedTheLevel() public {
        cancel(ana, placeOffer(ana, 100, 1500));
        OrderRef ref = placeBid(ben, 100, 1500);
        vm.assertTrue(isLive(ref));
        assertBest(1500, 0);
        placeOffer(cem, 100, 1500);
        vm.assertEq(filled(ref), 100);
    }

    // --- all at once --------------------------------------------------------------------------------------------

    function test_AllOrdersOfAnAccountAreCancelledInPages() public {
        OrderRef bid_ = placeBid(ana, 100, 1500);
        OrderRef partly = placeOffer(ana, 100, 1550);
        OrderRef offer_ = placeOffer(ana, 100, 1600);
        placeBid(ben, 40, 1550);
        vm.expectEmit(address(book));
        emit IOrderBookFacts.OrderCancelled(cancelledWord(market, partly, ana, 60, CancelReason.Owner));
        vm.prank(vm.addr(ANA));
        book.cancelAll(ana, market, refs(bid_, partly));
        vm.assertEq(recordOf(ana).soldWh, 40);
        vm.assertEq(lockedOf(ana), 40 * (RETAIL_TICKS - 1500) + 100 * (RETAIL_TICKS - 1550));
        vm.prank(vm.addr(ANA));
        book.cancelAll(ana, market, refs(bid_, offer_));
        vm.assertEq(lockedOf(ana), 40 * (RETAIL_TICKS - 1500));
        vm.assertEq(recordOf(ana).bids + recordOf(ana).offers, 0);
    }

    function test_CancellingAllPassesOverWhatIsGoneOrAnothers() public {
        OrderRef mine = placeBid(ana, 100, 1500);
        OrderRef anothers = placeBid(ben, 100, 1500);
        OrderRef[] memory list = new OrderRef[](4);
        (list[0], list[1], list[2], list[3]) = (mine, anothers, mine, OrderRef.wrap(99));
        vm.prank(vm.addr(ANA));
        book.cancelAll(ana, market, list);
        vm.assertFalse(isLive(mine));
        vm.assertTrue(isLive(anothers));
        vm.assertEq(lockedOf(ana), 0);
    }

    /// The first two entries of a level stand in its own word, the others in words of their own.
    function test_WhatIsCancelledOrCollectedInPagesIsGoneFromEveryWordOfItsLevel() public {
        OrderRef[] memory list = new OrderRef[](7);
        for (uint256 i; i < list.length; ++i) {
            list[i] = placeOffer(ana, 100, 1500);
        }
        placeBid(ben, 300, 1500);
        for (uint256 times; times < 2; ++times) {
            vm.prank(vm.addr(ANA));
            book.cancelAll(ana, market, list);
            book.collect(market, list);
            vm.assertEq(recordOf(ana).soldWh, 300);
            vm.assertEq(recordOf(ana).offers, 0);
            vm.assertEq(lockedOf(ana), 300 * (RETAIL_TICKS - 1450));
        }
        for (uint256 i; i < list.length; ++i) {
            vm.assertEq(book.entry(market, list[i]).energyWh, 0);
        }
    }

    function test_OnlyTheOwnerCancelsAll() public {
        OrderRef ref = placeBid(ana, 100, 1500);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotAccountOwner.selector, ana, vm.addr(BEN)));
        vm.prank(vm.addr(BEN));
        book.cancelAll(ana, market, refs(ref));
    }

    // --- by the owner, one by one -------------------------------------------------------------------------------

    function test_CancellingTheBestPriceUncoversTheNext() public {
        placeBid(ana, 100, 3);
        OrderRef best = placeBid(ana, 100, 2000);
        placeBid(ben, 100, 1999);
        cancel(ana, best);
        assertBest(1999, 0);
    }

    function test_CancellingOneOfALevelKeepsTheOthers() public {
        OrderRef first = placeBid(ana, 100, 1500);
        OrderRef second = placeBid(ben, 200, 1500);
        OrderRef third = placeBid(cem, 300, 1500);
        cancel(ben, second);
        vm.assertEq(totalAt(1500), 400);
        placeOffer(dora, 150, 1500);
        vm.assertEq(filled(first), 100);
        vm.assertEq(filled(third), 50);
        vm.assertEq(filled(second), 0);
    }

    function test_APartlyFilledHeadReturnsItsRestAndKeepsItsFill() public {
        OrderRef head = placeBid(ana, 100, 1500);
        OrderRef next = placeBid(cem, 100, 1500);
        placeOffer(ben, 30, 1500);
        cancel(ana, head);
        vm.assertEq(recordOf(ana).boughtWh, 30);
        vm.assertEq(recordOf(ana).paid, 30 * 1600);
        vm.assertEq(lockedOf(ana), 30 * 1600);
        vm.assertEq(totalAt(1500), 100);
        placeOffer(ben, 40, 1500);
        vm.assertEq(filled(next), 40);
    }

    function test_APartlyFilledOfferKeepsTheLockOfItsFill() public {
        OrderRef head = placeOffer(ana, 100, 1550);
        placeBid(ben, 30, 1550);
        cancel(ana, head);
        vm.assertEq(recordOf(ana).received, 30 * 1500);
        vm.assertEq(recordOf(ana).locked, 30 * (RETAIL_TICKS - 1500));
        vm.assertEq(lockedOf(ana), 30 * (RETAIL_TICKS - 1500));
    }

    function test_ACancelledHeadIsPassedOver() public {
        OrderRef[5] memory placed;
        for (uint256 i; i < 5; ++i) {
            placed[i] = placeBid(ana, 100, 1500);
        }
        cancel(ana, placed[1]);
        cancel(ana, placed[2]);
        cancel(ana, placed[0]);
        placeOffer(ben, 150, 1500);
        vm.assertEq(filled(placed[3]), 100);
        vm.assertEq(filled(placed[4]), 50);
    }

    function test_ALevelOfDeadEntriesComesAliveWithANewOne() public {
        OrderRef first = placeBid(ana, 100, 1500);
        OrderRef second = placeBid(ana, 100, 1500);
        cancel(ana, second);
        cancel(ana, first);
        OrderRef third = placeBid(cem, 70, 1500);
        vm.assertEq(third.index(), 2);
        vm.assertEq(book.level(market, 1500).head, 2);
        placeOffer(ben, 50, 1500);
        vm.assertEq(filled(third), 50);
    }

    function test_WhatIsGoneCannotBeCancelled() public {
        OrderRef ref = placeBid(ana, 100, 1500);
        cancel(ana, ref);
        vm.expectRevert(abi.encodeWithSelector(IOrderBookFacts.OrderNotLive.selector, ref));
        vm.prank(vm.addr(ANA));
        book.cancelOrder(market, ref);
    }

    function test_WhatIsFilledCannotBeCancelled() public {
        OrderRef ref = placeBid(ana, 100, 1500);
        placeOffer(ben, 100, 1500);
        vm.expectRevert(abi.encodeWithSelector(IOrderBookFacts.OrderNotLive.selector, ref));
        vm.prank(vm.addr(ANA));
        book.cancelOrder(market, ref);
    }

    function test_AnothersOrderCannotBeCancelled() public {
        OrderRef ref = placeBid(ana, 100, 1500);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotAccountOwner.selector, ana, vm.addr(BEN)));
        vm.prank(vm.addr(BEN));
        book.cancelOrder(market, ref);
    }

    function test_ARestCanBeCancelledAfterTheGateAndAfterTheStart() public {
        OrderRef a = placeBid(ana, 100, 1500);
        OrderRef b = placeBid(ben, 100, 1500);
        warpToGate();
        cancel(ana, a);
        warpToStart();
        cancel(ben, b);
        vm.assertEq(potOfBook(), 0);
    }

    // --- after the gate -----------------------------------------------------------------------------------------

    function test_RestsAreNotReturnedBeforeTheGate() public {
        OrderRef ref = placeBid(ana, 100, 1500);
        vm.expectRevert(abi.encodeWithSelector(IOrderBookFacts.GateNotClosed.selector, market.period()));
        book.returnRests(market, refs(ref));
    }

    function test_AnyoneReturnsRestsAfterTheGateAndCollectsFills() public {
        OrderRef filledOne = placeBid(ana, 100, 1500);
        OrderRef partly = placeBid(ben, 100, 1500);
        placeOffer(cem, 130, 1500);
        warpToGate();
        book.returnRests(market, refs(filledOne, partly));
        vm.assertEq(recordOf(ana).boughtWh, 100);
        vm.assertEq(recordOf(ben).boughtWh, 30);
        vm.assertEq(lockedOf(ben), 30 * 1600);
        book.returnRests(market, refs(filledOne, partly));
        vm.assertEq(recordOf(ana).boughtWh, 100);
    }

    // --- not admitted any longer --------------------------------------------------------------------------------

    function test_OrdersOfARevokedMemberAreCancelledByAnyone() public {
        OrderRef anas = placeBid(ana, 100, 1500);
        OrderRef bens = placeBid(ben, 100, 1500);
        registry.revokeAdmission(1);
        book.cancelNotAdmitted(market, refs(anas, bens));
        vm.assertFalse(isLive(anas));
        vm.assertTrue(isLive(bens));
        vm.assertEq(lockedOf(ana), 0);
    }

    function test_ARevokedMemberCannotPlaceButExits() public {
        OrderRef ref = placeBid(ana, 100, 1500);
        registry.revokeAdmission(1);
        cancel(ana, ref);
        vm.assertEq(lockedOf(ana), 0);
        vm.expectRevert();
        vm.prank(vm.addr(ANA));
        book.placeOrder(bidAt(ana, 100, 1500), new OrderRef[](0), ANY_TOUCHES);
        vm.prank(vm.addr(ANA));
        vault.withdraw(ana, FUNDS / CASH_PER_TOKEN_UNIT, vm.addr(ANA));
    }

    // --- collecting ---------------------------------------------------------------------------------------------

    function test_CollectingMovesFillsIntoRecordsAndNoMoney() public {
        OrderRef first = placeOffer(ana, 100, 1550);
        OrderRef second = placeOffer(ana, 100, 1550);
        placeBid(ben, 150, 1550);
        uint256 pot = potOfBook();
        book.collect(market, refs(first, second));
        vm.assertEq(recordOf(ana).soldWh, 100);
        vm.assertEq(recordOf(ana).received, 100 * 1500);
        vm.assertEq(recordOf(ana).offers, 1);
        vm.assertTrue(isLive(second));
        vm.assertEq(potOfBook(), pot);
    }

    function test_CollectingTwiceAddsNothing() public {
        OrderRef ref = placeOffer(ana, 100, 1550);
        placeBid(ben, 100, 1550);
        book.collect(market, refs(ref, ref));
        book.collect(market, refs(ref));
        vm.assertEq(recordOf(ana).soldWh, 100);
        vm.assertEq(book.level(market, 1550).openEntries, 0);
    }
}
