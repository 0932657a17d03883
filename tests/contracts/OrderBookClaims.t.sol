// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CancelReason, IOrderBookFacts} from "../../contracts/interfaces/IOrderBook.sol";
import {ISettlementFacts} from "../../contracts/interfaces/ISettlement.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";

import {OrderBookTest} from "./base/OrderBookTest.sol";

/// From delivery start on, fills become positions.
contract OrderBookClaimsTest is OrderBookTest {
    OrderRef[] private _none;
    AccountId[] private _nobody;

    function positionOf(AccountId account) private view returns (ISettlementFacts.Position memory) {
        return settlement.position(account, ELECTRICITY, market.period());
    }

    function escrow() private view returns (uint256) {
        return potOfSettlement(ELECTRICITY, market.period());
    }

    /// A word of PositionsBooked.
    function fillOf(AccountId account, uint256 boughtWh, uint256 soldWh, uint256 paid, uint256 received, uint256 locked)
        private
        pure
        returns (uint256)
    {
        return (soldWh << 16) | (boughtWh << 45) | (received << 74) | (locked << 119) | (paid << 164)
            | (uint256(AccountId.unwrap(account)) << 209);
    }

    function openMarkets() private view returns (uint256) {
        return settlement.openMarkets(ELECTRICITY, market.period());
    }

    function test_NothingIsClaimedBeforeDeliveryStarts() public {
        OrderRef ref = placeOffer(ana, 100, 1550);
        vm.warp(startsAt(market.period()) - 1);
        vm.expectRevert(abi.encodeWithSelector(IOrderBookFacts.DeliveryNotStarted.selector, market.period()));
        book.claim(market, refs(ref), accounts(ana));
    }

    function test_AMakersEntryAndATakersRecordBecomePositions() public {
        OrderRef ref = placeOffer(ana, 100, 1550);
        placeBid(ben, 100, 1550);
        warpToStart();
        uint256 guarantee = escrow();
        uint256[] memory fills = new uint256[](2);
        fills[0] = fillOf(ana, 0, 100, 0, 150_000, 170_000);
        fills[1] = fillOf(ben, 100, 0, 165_000, 0, 0);
        vm.expectEmit(address(settlement));
        emit ISettlementFacts.PositionsBooked(market, address(book), fills, 100 * (LEVY_BUY + LEVY_SELL));
        book.claim(market, refs(ref), accounts(ben));
        vm.assertEq(positionOf(ana).soldWh, 100);
        vm.assertEq(positionOf(ana).received, 100 * 1500);
        vm.assertEq(positionOf(ana).locked, 100 * 1700);
        vm.assertEq(positionOf(ben).boughtWh, 100);
        vm.assertEq(positionOf(ben).paid, 100 * 1650);
        vm.assertEq(settlement.areaOf(AREA, ELECTRICITY, market.period()).fees, 100 * (LEVY_BUY + LEVY_SELL));
        vm.assertEq(potOfBook(), 0);
        vm.assertEq(escrow() - guarantee, 100 * 1700 + 100 * 1650);
    }

    function test_TheLastClaimClosesTheMarketOnce() public {
        OrderRef ref = placeOffer(ana, 100, 1550);
        placeBid(ben, 100, 1550);
        warpToStart();
        book.claim(market, refs(ref), _nobody);
        vm.assertEq(openMarkets(), 1);
        book.claim(market, _none, accounts(ben));
        vm.assertEq(openMarkets(), 0);
        vm.assertTrue(book.marketOf(market).closed);
        book.claim(market, refs(ref), accounts(ben));
        vm.assertEq(openMarkets(), 0);
        vm.assertEq(positionOf(ana).soldWh, 100);
        vm.assertEq(positionOf(ben).boughtWh, 100);
    }

    function test_AMarketWhoseOrdersWereAllCancelledClosesByAClaimThatNamesThem() public {
        OrderRef ref = placeBid(ana, 100, 1500);
        cancel(ana, ref);
        warpToStart();
        book.claim(market, _none, _nobody);
        vm.assertEq(openMarkets(), 1);
        book.claim(market, refs(ref), _nobody);
        vm.assertEq(openMarkets(), 0);
    }

    function test_AMarketInWhichNothingRestedClosesByAnEmptyClaim() public {
        place(immediate(bidAt(ana, 100, 1500)));
        warpToStart();
        vm.assertEq(openMarkets(), 1);
        book.claim(market, _none, _nobody);
        vm.assertEq(openMarkets(), 0);
    }

    function test_AMarketThatNobodyOpenedIsLeftAlone() public {
        warpToStart();
        book.claim(market, refs(OrderRef.wrap(7)), accounts(ana));
        vm.assertFalse(book.marketOf(market).closed);
    }

    function test_AClaimReturnsRestsAsWell() public {
        OrderRef ref = placeBid(ana, 100, 1500);
        placeOffer(ben, 40, 1500);
        warpToStart();
        vm.expectEmit(address(book));
        emit IOrderBookFacts.OrderCancelled(cancelledWord(market, ref, ana, 60, CancelReason.GateClosed));
        book.claim(market, refs(ref), accounts(ben));
        vm.assertEq(lockedOf(ana), 40 * 1600);
        vm.assertEq(positionOf(ana).boughtWh, 40);
        vm.assertEq(openMarkets(), 0);
        assertBest(0, 0);
    }

    function test_ClaimsOfOneAccountAddUp() public {
        OrderRef first = placeOffer(ana, 100, 1550);
        OrderRef second = placeOffer(ana, 100, 1560);
        OrderRef third = placeOffer(ana, 100, 1570);
        placeBid(ben, 300, 1600);
        book.collect(market, refs(first));
        warpToStart();
        book.claim(market, refs(second), _nobody);
        book.claim(market, refs(third), accounts(ana, ben));
        vm.assertEq(positionOf(ana).soldWh, 300);
        vm.assertEq(positionOf(ana).received, 100 * (1500 + 1510 + 1520));
        vm.assertEq(openMarkets(), 0);
        vm.assertEq(potOfBook(), 0);
    }

    function test_OneEntryListedTwiceIsClaimedOnce() public {
        OrderRef ref = placeOffer(ana, 100, 1550);
        placeBid(ben, 100, 1550);
        warpToStart();
        book.claim(market, refs(ref, ref), accounts(ben, ben));
        vm.assertEq(positionOf(ana).soldWh, 100);
        vm.assertEq(positionOf(ben).boughtWh, 100);
    }

    function test_AVoidMarketTakesNoOrdersOnceAnyoneNotedIt() public {
        OrderRef ref = placeOffer(ana, 100, 1550);
        vm.expectRevert(abi.encodeWithSelector(IOrderBookFacts.MarketNotVoid.selector, market));
        book.noteVoid(market);
        oversight.voidMarket(address(book), market, "measured wrongly");
        book.noteVoid(market);
        refuse(bidAt(ben, 100, 1550), abi.encodeWithSelector(IOrderBookFacts.MarketVoided.selector, market));
        vm.assertEq(lockedOf(ben), 0);
        cancel(ana, ref);
        vm.assertEq(lockedOf(ana), 0);
    }

    function test_AVoidMarketReturnsEveryLockToItsOwner() public {
        OrderRef filledOffer = placeOffer(ana, 100, 1550);
        placeBid(ben, 100, 1550);
        OrderRef partly = placeBid(cem, 100, 1500);
        placeOffer(dora, 30, 1400);
        OrderRef collected = placeOffer(ana, 50, 2500);
        oversight.voidMarket(address(book), market, "measured wrongly");
        book.collect(market, refs(filledOffer));
        warpToStart();
        uint256[] memory fills = new uint256[](3);
        fills[0] = fillOf(cem, 30, 0, 30 * 1600, 0, 0);
        fills[1] = fillOf(ana, 0, 100, 0, 150_000, 170_000);
        fills[2] = fillOf(ben, 100, 0, 165_000, 0, 0);
        vm.expectEmit(address(book));
        emit IOrderBookFacts.FillsUndone(market, fills);
        book.claim(market, refs(partly, collected), accounts(ana, ben));
        book.claim(market, _none, accounts(dora));
        vm.assertEq(lockedOf(ana) + lockedOf(ben) + lockedOf(cem) + lockedOf(dora), 0);
        vm.assertEq(positionOf(ana).soldWh + positionOf(ben).boughtWh, 0);
        vm.assertEq(openMarkets(), 0);
        vm.assertEq(potOfBook(), 0);
    }

    function test_AHaltDoesNotHoldUpClaims() public {
        OrderRef ref = placeOffer(ana, 100, 1550);
        placeBid(ben, 60, 1550);
        warpToStart();
        oversight.haltTrading(address(book), AREA, ELECTRICITY, uint40(block.timestamp + 1 days), "test");
        book.claim(market, refs(ref), accounts(ben));
        vm.assertEq(positionOf(ana).soldWh, 60);
        vm.assertEq(lockedOf(ana), 60 * 1700);
    }
}
