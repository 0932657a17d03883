// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {OrderBook} from "../../contracts/OrderBook.sol";
import {IOrderBookFacts} from "../../contracts/interfaces/IOrderBook.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {CalendarTimes, Times} from "../../contracts/types/Calendar.sol";
import {Market, toMarket} from "../../contracts/types/Market.sol";
import {Order} from "../../contracts/types/Order.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";

import {OrderBookTest} from "./base/OrderBookTest.sol";

/// What no member can outgrow, and how storage is reused.
contract OrderBookLimitsTest is OrderBookTest {
    uint256 private constant GREATEST_ENERGY = 8_388_607;

    // --- own orders ---------------------------------------------------------------------------------------------

    function test_AnAccountHasAtMost64UncollectedOrders() public {
        OrderRef first = placeBid(ana, 10, 1000);
        for (uint256 i = 1; i < 63; ++i) {
            placeBid(ana, 10, 1000);
        }
        placeOffer(ana, 10, 2000);
        refuse(bidAt(ana, 10, 999), abi.encodeWithSelector(IOrderBookFacts.TooManyOwnOrders.selector, ana));
        refuse(offerAt(ana, 10, 2001), abi.encodeWithSelector(IOrderBookFacts.TooManyOwnOrders.selector, ana));
        place(immediate(bidAt(ana, 10, 1001)));
        placeOffer(ben, 10, 1000);
        refuse(bidAt(ana, 10, 999), abi.encodeWithSelector(IOrderBookFacts.TooManyOwnOrders.selector, ana));
        book.collect(market, refs(first));
        placeBid(ana, 10, 999);
    }

    // --- levels -------------------------------------------------------------------------------------------------

    function test_ALevelHoldsAtMost4096EntriesInItsLife() public {
        for (uint256 i; i < 4096; ++i) {
            cancel(ana, placeBid(ana, 10, 1000));
        }
        refuse(bidAt(ana, 10, 1000), abi.encodeWithSelector(IOrderBookFacts.LevelFull.selector, 1000));
        placeBid(ana, 10, 1001);
    }

    // --- positions ----------------------------------------------------------------------------------------------

    function test_ARecordThatWouldOverflowRefusesTheTradeAndNoClaimIsHeldUp() public {
        fund(ana, 2e12);
        fund(ben, 2e12);
        OrderRef[] memory entries = new OrderRef[](64);
        for (uint256 i; i < 64; ++i) {
            entries[i] = placeOffer(ana, GREATEST_ENERGY, 1000);
        }
        for (uint256 i; i < 64; ++i) {
            placeBid(ben, GREATEST_ENERGY, 1000);
        }
        placeOffer(cem, 1000, 1000);
        refuse(bidAt(ben, 1000, 1000), abi.encodeWithSelector(IOrderBookFacts.PositionTooLarge.selector, ben));
        book.collect(market, entries);
        entries[0] = placeOffer(ana, 2000, 1000);
        placeBid(dora, 3000, 1000);
        OrderRef[] memory last = refs(entries[0]);
        vm.expectRevert(abi.encodeWithSelector(IOrderBookFacts.PositionTooLarge.selector, ana));
        book.collect(market, last);
        warpToStart();
        book.claim(market, last, accounts(ana, ben));
        book.claim(market, refs(OrderRef.wrap((1000 << 16) | 64)), accounts(dora));
        uint256 soldWh = settlement.position(ana, ELECTRICITY, market.period()).soldWh;
        vm.assertEq(soldWh, 64 * GREATEST_ENERGY + 2000);
        vm.assertTrue(book.marketOf(market).closed);
    }

    function test_TheGreatestOrderAtTheHighestPriceLocksExactly() public {
        OrderRef ref = placeBid(ana, GREATEST_ENERGY, RETAIL_TICKS - LEVY_BUY);
        vm.assertEq(lockedOf(ana), GREATEST_ENERGY * RETAIL_TICKS);
        placeOffer(ben, GREATEST_ENERGY, LEVY_SELL);
        vm.assertEq(lockedOf(ben), GREATEST_ENERGY * RETAIL_TICKS);
        vm.assertEq(recordOf(ben).received, GREATEST_ENERGY * (RETAIL_TICKS - LEVY_BUY - LEVY_SELL));
        vm.assertEq(filled(ref), GREATEST_ENERGY);
    }

    // --- the ring -----------------------------------------------------------------------------------------------

    /// Moves on to the market that takes over this market's words.
    function turnRing() private {
        market = toMarket(AREA, ELECTRICITY, market.period() + 1024);
        vm.warp(startsAt(market.period()) - calendarTimes().opensBefore);
    }

    /// Settles the period, so that Settlement's words are free as well.
    function finishPeriod() private {
        vm.warp(endsAt(market.period()) + calendarTimes().handOutUntil);
        settlement.settle(AREA, ELECTRICITY, market.period(), 16, 4);
        settlement.payFees(market);
    }

    function test_AMarketATurnOfTheRingLaterStartsEmptyInUsedWords() public {
        OrderRef stale = placeOffer(ana, 100, 1550);
        placeOffer(ana, 100, 1700);
        placeBid(ben, 100, 1550);
        placeBid(ben, 100, 1500);
        warpToStart();
        OrderRef[] memory rests = refs(OrderRef.wrap(1700 << 16), OrderRef.wrap(1500 << 16));
        book.claim(market, refs(stale), accounts(ben));
        book.claim(market, rests, new AccountId[](0));
        finishPeriod();
        turnRing();
        vm.assertFalse(book.marketOf(market).opened);
        vm.assertEq(book.level(market, 1550).tail, 0);
        vm.assertTrue(book.entry(market, stale).account == AccountId.wrap(0));
        vm.assertEq(recordOf(ben).boughtWh + recordOf(ben).bids, 0);

        OrderRef ref = placeBid(cem, 70, 1550);
        vm.assertEq(ref.index(), 0);
        assertBest(1550, 0);
        (uint256[] memory ticks,) = book.depth(market, false, 10);
        vm.assertEq(ticks.length, 1);
        placeOffer(ana, 50, 1550);
        vm.assertEq(recordOf(ana).soldWh, 50);
        vm.assertEq(totalAt(1550), 20);
    }

    function test_ARingLongerThanTheBookCanTellApartIsRefused() public {
        CalendarTimes memory times = calendarTimes();
        times.ringPeriods = (1 << 16) + 1;
        vm.expectRevert(Times.CalendarUnusable.selector);
        new OrderBook(times, vault, oversight, settlement);
    }

    function test_AnUnfinishedMarketKeepsItsWords() public {
        placeBid(ben, 100, 1500);
        uint32 unfinished = market.period();
        turnRing();
        refuse(bidAt(ana, 100, 1500), abi.encodeWithSelector(IOrderBookFacts.PeriodUnfinished.selector, unfinished));
    }

    function test_NobodyClearsAnUnfinishedMarketsWordsByCallsForTheMarketThatComesThere() public {
        OrderRef sold = placeOffer(ana, 100, 1550);
        OrderRef rest = placeBid(ben, 100, 1500);
        placeBid(cem, 100, 1550);
        Market unfinished = market;
        turnRing();
        warpToStart();
        book.claim(market, refs(sold, rest), accounts(ben, cem));
        book.collect(market, refs(sold, rest));
        book.returnRests(market, refs(sold, rest));
        vm.prank(vault.ownerOf(ben));
        book.cancelAll(ben, market, refs(sold, rest));
        market = unfinished;
        vm.assertTrue(book.marketOf(market).opened);
        vm.assertEq(book.marketOf(market).openLevels, 2);
        book.claim(market, refs(sold, rest), accounts(cem));
        vm.assertTrue(book.marketOf(market).closed);
        vm.assertEq(settlement.openMarkets(ELECTRICITY, market.period()), 0);
    }

    function test_TheLastClaimFreesTheWordsForTheMarketThatComesThere() public {
        OrderRef sold = placeOffer(ana, 100, 1550);
        OrderRef rest = placeBid(ben, 100, 1500);
        placeBid(cem, 60, 1550);
        Market unfinished = market;
        warpToStart();
        book.claim(market, refs(sold), accounts(cem));
        finishable(unfinished, false);
        book.claim(unfinished, refs(rest), new AccountId[](0));
        finishPeriod();
        finishable(unfinished, true);
    }

    /// Whether a market a turn of the ring later may begin. Everything is as before afterwards.
    function finishable(Market done, bool expected) private {
        uint256 before = vm.snapshotState();
        market = done;
        turnRing();
        Order order = bidAt(ana, 100, 1500);
        if (expected) place(order);
        else refuse(order, abi.encodeWithSelector(IOrderBookFacts.PeriodUnfinished.selector, done.period()));
        vm.revertToState(before);
    }

    function test_AMarketSeveralTurnsLaterNamesTheOneThatIsUnfinished() public {
        placeBid(ben, 100, 1500);
        uint32 unfinished = market.period();
        turnRing();
        turnRing();
        turnRing();
        refuse(bidAt(ana, 100, 1500), abi.encodeWithSelector(IOrderBookFacts.PeriodUnfinished.selector, unfinished));
    }

    function test_AClaimedButUnclosedMarketKeepsItsWords() public {
        cancel(ben, placeBid(ben, 100, 1500));
        uint32 unfinished = market.period();
        turnRing();
        Order order = bidAt(ana, 100, 1500);
        refuse(order, abi.encodeWithSelector(IOrderBookFacts.PeriodUnfinished.selector, unfinished));
    }
}
