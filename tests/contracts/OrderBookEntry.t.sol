// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGridOversight} from "../../contracts/interfaces/IGridOversight.sol";
import {IOrderBookFacts} from "../../contracts/interfaces/IOrderBook.sol";
import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {AccountId, accountId} from "../../contracts/types/AccountId.sol";
import {toMarket} from "../../contracts/types/Market.sol";
import {Order} from "../../contracts/types/Order.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";

import {OrderBookTest} from "./base/OrderBookTest.sol";

contract OrderBookEntryTest is OrderBookTest {
    // --- resting ------------------------------------------------------------------------------------------------

    function test_AnOfferRestsAtItsLimitPlusTheLevyAndLocksItsWayUpToRetail() public {
        (OrderRef ref, uint256 restWh) = place(offer(ana, market, 2000, 1500));
        vm.assertEq(ref.tick(), 1550);
        vm.assertEq(ref.index(), 0);
        vm.assertEq(restWh, 2000);
        vm.assertEq(lockedOf(ana), 3_400_000);
        assertBest(0, 1550);
    }

    function test_ABidRestsAtItsLimitMinusTheLevyAndLocksItsLimit() public {
        (OrderRef ref,) = place(bid(ben, market, 800, 2000));
        vm.assertEq(ref.tick(), 1900);
        vm.assertEq(lockedOf(ben), 800 * 2000);
        assertBest(1900, 0);
    }

    function test_AnOfferAboveRetailLocksNothing() public {
        place(offer(ana, market, 1000, RETAIL + 1));
        vm.assertEq(lockedOf(ana), 0);
    }

    function test_EntriesOfALevelQueueUpInOrderOfTheirComing() public {
        for (uint256 i; i < 6; ++i) {
            OrderRef ref = placeBid(i % 2 == 0 ? ana : ben, 100 + i, 1000);
            vm.assertEq(ref.index(), i);
            vm.assertEq(book.entry(market, ref).energyWh, 100 + i);
        }
        IOrderBookFacts.LevelView memory level = book.level(market, 1000);
        vm.assertEq(level.totalWh, 615);
        vm.assertEq(level.openEntries, 6);
        vm.assertEq(book.marketOf(market).openLevels, 1);
    }

    function test_TheFirstOrderOpensTheMarketWithItsFrozenTerms() public {
        placeBid(ana, 100, 1000);
        IOrderBookFacts.MarketView memory opened = book.marketOf(market);
        vm.assertEq(opened.retailTicks, RETAIL);
        vm.assertEq(opened.levyBuyTicks, LEVY_BUY);
        vm.assertEq(opened.levySellTicks, LEVY_SELL);
        vm.assertEq(settlement.openMarkets(ELECTRICITY, market.period()), 1);
        vm.assertTrue(opened.opened);
        placeBid(ben, 100, 1000);
        vm.assertEq(settlement.openMarkets(ELECTRICITY, market.period()), 1);
    }

    function test_DepthListsLevelsBestFirst() public {
        placeBid(ana, 100, 5);
        placeBid(ana, 200, 1000);
        placeBid(ana, 300, 999);
        placeOffer(ben, 400, 57_599);
        placeOffer(ben, 500, 2000);
        (uint256[] memory ticks, uint256[] memory energies) = book.depth(market, false, 10);
        vm.assertEq(ticks.length, 3);
        vm.assertEq(ticks[0] * 1e6 + energies[0], 1000e6 + 200);
        vm.assertEq(ticks[1] * 1e6 + energies[1], 999e6 + 300);
        vm.assertEq(ticks[2] * 1e6 + energies[2], 5e6 + 100);
        (ticks, energies) = book.depth(market, true, 1);
        vm.assertEq(ticks.length, 1);
        vm.assertEq(ticks[0] * 1e6 + energies[0], 2000e6 + 500);
        (ticks,) = book.depth(market, true, 9);
        vm.assertEq(ticks[1], 57_599);
    }

    // --- what is refused ----------------------------------------------------------------------------------------

    function test_AnOrderWithStrayBitsIsRefused() public {
        Order order = Order.wrap(Order.unwrap(bidAt(ana, 100, 1000)) | (1 << 199));
        refuse(order, abi.encodeWithSelector(IOrderBookFacts.OrderMalformed.selector, order));
    }

    function test_EnergyBelowTheSmallestIsRefused() public {
        refuse(bidAt(ana, 9, 1000), abi.encodeWithSelector(IOrderBookFacts.EnergyOutOfRange.selector, 9));
        (, uint256 restWh) = place(bidAt(ana, 10, 1000));
        vm.assertEq(restWh, 10);
    }

    function test_APriceBeyondTheLastTickIsRefused() public {
        refuse(
            offer(ana, market, 100, 57_600), abi.encodeWithSelector(IOrderBookFacts.PriceOutOfRange.selector, 57_600)
        );
    }

    function test_AnOfferFoldedBeyondTheLastTickIsRefused() public {
        refuse(
            offer(ana, market, 100, 57_550), abi.encodeWithSelector(IOrderBookFacts.PriceOutOfRange.selector, 57_600)
        );
        (OrderRef ref,) = place(offer(ana, market, 100, 57_549));
        vm.assertEq(ref.tick(), 57_599);
    }

    function test_ABidAboveRetailIsRefused() public {
        refuse(
            bid(ana, market, 100, RETAIL + 1),
            abi.encodeWithSelector(IOrderBookFacts.PriceAboveRetail.selector, RETAIL + 1, RETAIL)
        );
        place(bid(ana, market, 100, RETAIL));
    }

    function test_ABidBelowItsLevyIsRefused() public {
        refuse(bid(ana, market, 100, 99), abi.encodeWithSelector(IOrderBookFacts.FeeAbovePrice.selector, 100, 99));
        (OrderRef ref,) = place(bid(ana, market, 100, 100));
        vm.assertEq(ref.tick(), 0);
    }

    function test_ALevyAboveWhatTheOwnerAcceptsIsRefused() public {
        refuse(
            ordered(ana, false, 1000, 100, 99, 0), abi.encodeWithSelector(IOrderBookFacts.FeeTooHigh.selector, 100, 99)
        );
        refuse(
            ordered(ana, true, 1000, 100, 49, 0), abi.encodeWithSelector(IOrderBookFacts.FeeTooHigh.selector, 50, 49)
        );
        place(ordered(ana, false, 1000, 100, 100, 0));
    }

    function test_AnAccountOfAnotherAreaIsRefused() public {
        Order order = bid(accountId(2, 16), market, 100, 1000);
        refuse(order, abi.encodeWithSelector(IOrderBookFacts.AreaNotConnected.selector, 2, AREA));
    }

    function test_AMarketWithoutTermsIsRefused() public {
        refuse(
            bid(ana, toMarket(AREA, 7, market.period()), 100, 1000),
            abi.encodeWithSelector(IGridOversight.NoTerms.selector, AREA, 7, market.period())
        );
    }

    function test_AnotherParticipantsAccountIsRefused() public {
        Order order = bidAt(ana, 100, 1000);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotAccountOwner.selector, ana, vm.addr(BEN)));
        vm.prank(vm.addr(BEN));
        book.placeOrder(order, new OrderRef[](0), ANY_TOUCHES);
    }

    function test_AnAccountWithoutTheRightIsRefused() public {
        AccountId eva = admit(0xE5A, false, true);
        fund(eva, FUNDS);
        refuse(bidAt(eva, 100, 1000), abi.encodeWithSelector(IPaymentVault.NotBuyer.selector, eva));
        placeOffer(eva, 100, 1000);
    }

    function test_ALockBeyondTheBalanceIsRefused() public {
        AccountId eva = admit(0xE5A);
        fund(eva, 100_000);
        refuse(
            bid(eva, market, 101, 1000),
            abi.encodeWithSelector(IPaymentVault.InsufficientBalance.selector, eva, 100_000, 101_000)
        );
        place(bid(eva, market, 100, 1000));
        vm.assertEq(vault.balanceOf(eva), 0);
    }

    function test_AHaltedPotRefusesOrdersAndLetsCancelsThrough() public {
        OrderRef ref = placeBid(ana, 100, 1000);
        uint40 until = uint40(block.timestamp + 1 hours);
        oversight.haltTrading(address(book), AREA, ELECTRICITY, until, "test");
        uint96 key = uint96(AREA) << 8;
        refuse(
            bidAt(ben, 100, 1000),
            abi.encodeWithSelector(IPaymentVault.MarketHalted.selector, address(book), key, until)
        );
        cancel(ana, ref);
        vm.assertEq(lockedOf(ana), 0);
    }

    // --- windows ------------------------------------------------------------------------------------------------

    function test_TradingOpensAtItsInstant() public {
        uint256 opensAt = startsAt(market.period()) - calendarTimes().opensBefore;
        vm.warp(opensAt - 1);
        refuse(bidAt(ana, 100, 1000), abi.encodeWithSelector(IOrderBookFacts.TradingNotOpen.selector, market.period()));
        vm.warp(opensAt);
        placeBid(ana, 100, 1000);
    }

    function test_TheGateClosesAtItsInstant() public {
        uint256 gateAt = startsAt(market.period()) - calendarTimes().gateBefore;
        vm.warp(gateAt - 1);
        placeBid(ana, 100, 1000);
        vm.warp(gateAt);
        refuse(bidAt(ana, 100, 1000), abi.encodeWithSelector(IOrderBookFacts.GateClosed.selector, market.period()));
    }

    function test_AnOrderIsValidUntilItsDeadline() public {
        uint256 deadline = block.timestamp + 60;
        vm.warp(deadline);
        place(ordered(ana, false, 1000, 100, 100, deadline));
        vm.warp(deadline + 1);
        refuse(
            ordered(ana, false, 1000, 100, 100, deadline),
            abi.encodeWithSelector(IOrderBookFacts.OrderExpired.selector, deadline)
        );
    }
}
