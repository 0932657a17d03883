// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGridOversight} from "../../contracts/interfaces/IGridOversight.sol";
import {IOrderBookFacts} from "../../contracts/interfaces/IOrderBook.sol";
import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {Admission} from "../../contracts/interfaces/IRegistry.sol";
import {AccountId, backstopAccount} from "../../contracts/types/AccountId.sol";
import {Connection} from "../../contracts/types/Connection.sol";
import {Market} from "../../contracts/types/Market.sol";
import {Order} from "../../contracts/types/Order.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";
import {Terms} from "../../contracts/types/Terms.sol";

import {OrderBookTest} from "./base/OrderBookTest.sol";

/// Accounts of the area NEIGHBOUR trade in AREA's market. AREA: retail 3200, levies 100 and 50. NEIGHBOUR: retail 3000, and a
/// network fee of 200 to AREA; 1,000 Wh may flow to AREA, 500 Wh back.
contract OrderBookAreasTest is OrderBookTest {
    uint256 private constant NEIGHBOUR_RETAIL = 3000;
    uint256 private constant NETWORK_FEE = 200;
    uint256 private constant EVA = 0xE4A;

    AccountId private eva;

    function setUp() public override {
        super.setUp();
        openNeighbour();
        Terms memory terms = termsWithLevies(0, 0);
        (terms.retailTicks, terms.inboundCapacityWh) = (uint16(NEIGHBOUR_RETAIL), 500);
        uint32 from = firstUntradable();
        oversight.scheduleTerms(NEIGHBOUR, ELECTRICITY, from, terms);
        terms = termsWithLevies(uint16(LEVY_BUY), uint16(LEVY_SELL));
        terms.inboundCapacityWh = 1000;
        oversight.scheduleTerms(AREA, ELECTRICITY, from, terms);
        oversight.scheduleConnection(NEIGHBOUR, AREA, ELECTRICITY, from, Connection(uint16(NETWORK_FEE), 1000));
        oversight.scheduleConnection(AREA, NEIGHBOUR, ELECTRICITY, from, Connection(150, 500));
        Admission memory admission = admissionOf(EVA, true, true);
        admission.area = NEIGHBOUR;
        eva = registry.admit(admission, sign(AUTHORITY_KEY, registry.admissionHash(admission)));
        fund(eva, FUNDS);
        fund(backstopAccount(NEIGHBOUR), FUNDS);
        market = electricity(warpToParticipation());
    }

    function freeIn() private view returns (uint256) {
        return oversight.freeCapacity(NEIGHBOUR, AREA, ELECTRICITY, market.period());
    }

    function freeOut() private view returns (uint256) {
        return oversight.freeCapacity(AREA, NEIGHBOUR, ELECTRICITY, market.period());
    }

    /// An offer of Eva's enters at its limit and both fees, a bid below them.
    function evasOffer(uint256 energyWh, uint256 tick) private view returns (Order) {
        return offer(eva, market, energyWh, tick - LEVY_SELL - NETWORK_FEE);
    }

    function evasBid(uint256 energyWh, uint256 tick) private view returns (Order) {
        return bid(eva, market, energyWh, tick + LEVY_BUY + NETWORK_FEE);
    }

    // --- fees ---------------------------------------------------------------------------------------------------

    function test_AnotherAreasOrdersEnterWithTheNetworkFeeFoldedIn() public {
        (OrderRef offered,) = place(evasOffer(100, 1500));
        (OrderRef wanted,) = place(evasBid(100, 1400));
        vm.assertEq(offered.tick(), 1500);
        vm.assertEq(wanted.tick(), 1400);
        assertBest(1400, 1500);
    }

    function test_ATakerOfAnotherAreaPaysTheNetworkFeeBesideTheLevy() public {
        placeOffer(ana, 100, 1500);
        place(evasBid(100, 1600));
        vm.assertEq(recordOf(eva).paid, 100 * (1500 + LEVY_BUY + NETWORK_FEE));
        vm.assertEq(lockedOf(eva), recordOf(eva).paid);
    }

    function test_AMakerOfAnotherAreaEarnsThePriceLessBothFees() public {
        (OrderRef ref,) = place(evasOffer(100, 1500));
        placeBid(ben, 100, 1500);
        book.collect(market, refs(ref));
        vm.assertEq(recordOf(eva).received, 100 * (1500 - LEVY_SELL - NETWORK_FEE));
    }

    function test_TheFeeAnOwnerAcceptsCoversTheNetworkFee() public {
        Order order = bid(eva, market, 100, 1500);
        order = Order.wrap((Order.unwrap(order) & ~(uint256(0xffff) << 115)) | (299 << 115));
        refuse(order, abi.encodeWithSelector(IOrderBookFacts.FeeTooHigh.selector, 300, 299));
    }

    function test_TheMarketsFeesHoldTheNetworkFee() public {
        (OrderRef ref,) = place(evasOffer(100, 1500));
        placeBid(ben, 100, 1500);
        warpToStart();
        book.claim(market, refs(ref), accounts(ben));
        uint256 collected = settlement.areaOf(AREA, ELECTRICITY, market.period()).fees;
        vm.assertEq(collected, 100 * (LEVY_BUY + LEVY_SELL + NETWORK_FEE));
        vm.assertTrue(book.marketOf(market).closed);
    }

    // --- the market that shares place and turn ------------------------------------------------------------------

    /// Turns of the ring are counted with 16 bits: so many periods later the same words are found, under other terms.
    function _alias() private view returns (Market) {
        return electricity(market.period() + (uint32(calendarTimes().ringPeriods) << 16));
    }

    function test_NoFillIsCollectedUnderTheFeesOfAFarMarket() public {
        (OrderRef ref,) = place(evasOffer(100, 1500));
        placeBid(ben, 100, 1500);
        oversight.scheduleConnection(NEIGHBOUR, AREA, ELECTRICITY, firstUntradable(), Connection(2000, 1000));
        _refuseFar();
        book.collect(_alias(), refs(ref));
        book.collect(market, refs(ref));
        vm.assertEq(recordOf(eva).received, 100 * (1500 - LEVY_SELL - NETWORK_FEE));
        warpToStart();
        book.claim(market, refs(ref), accounts(eva, ben));
        vm.assertTrue(book.marketOf(market).closed);
    }

    function test_NoCapacityIsLostByCancellingInAFarMarket() public {
        (OrderRef ref,) = place(evasOffer(600, 1500));
        _refuseFar();
        vm.prank(vm.addr(EVA));
        book.cancelOrder(_alias(), ref);
        _refuseFar();
        vm.prank(vm.addr(EVA));
        book.cancelAll(eva, _alias(), refs(ref));
        _refuseFar();
        book.cancelNotAdmitted(_alias(), refs(ref));
        _refuseFar();
        book.skip(_alias(), 1500, 1);
        vm.prank(vm.addr(EVA));
        book.cancelOrder(market, ref);
        vm.assertEq(freeIn(), 1000);
    }

    function _refuseFar() private {
        vm.expectRevert(abi.encodeWithSelector(IOrderBookFacts.TradingNotOpen.selector, _alias().period()));
    }

    // --- the own area's retail ----------------------------------------------------------------------------------

    function test_ABidsLimitIsItsOwnAreasRetail() public {
        refuse(
            bid(eva, market, 100, NEIGHBOUR_RETAIL + 1),
            abi.encodeWithSelector(IOrderBookFacts.PriceAboveRetail.selector, NEIGHBOUR_RETAIL + 1, NEIGHBOUR_RETAIL)
        );
        place(bid(eva, market, 100, NEIGHBOUR_RETAIL));
    }

    function test_AnOfferLocksTheWayUpToItsOwnAreasRetail() public {
        place(offer(eva, market, 100, 1000));
        vm.assertEq(lockedOf(eva), 100 * (NEIGHBOUR_RETAIL - 1000));
    }

    // --- capacity -----------------------------------------------------------------------------------------------

    function test_AnOfferReservesTheWayInAndABidTheWayOut() public {
        place(evasOffer(400, 1500));
        vm.assertEq(freeIn(), 600);
        place(evasBid(300, 1400));
        vm.assertEq(freeOut(), 200);
    }

    function test_AnOrderBeyondTheCapacityIsRefused() public {
        place(evasOffer(400, 1500));
        refuse(
            evasOffer(601, 1500),
            abi.encodeWithSelector(IGridOversight.CapacityExceeded.selector, NEIGHBOUR, AREA, market.period(), 600, 601)
        );
        vm.assertEq(totalAt(1500), 400);
    }

    function test_WhatDoesNotTradeIsReturned() public {
        placeBid(ben, 100, 1500);
        place(immediate(evasOffer(400, 1500)));
        vm.assertEq(freeIn(), 900);
        (OrderRef ref,) = place(evasOffer(400, 1600));
        vm.assertEq(freeIn(), 500);
        cancel(eva, ref);
        vm.assertEq(freeIn(), 900);
    }

    function test_AnOwnOppositeOrderThatIsCancelledReturnsItsCapacity() public {
        (OrderRef own,) = place(evasOffer(400, 1500));
        placeWith(evasBid(100, 1500), refs(own));
        vm.assertEq(freeIn(), 1000);
        vm.assertEq(freeOut(), 400);
    }

    function test_AReturnedRestReturnsItsCapacity() public {
        (OrderRef ref,) = place(evasOffer(400, 1500));
        placeBid(ben, 150, 1500);
        warpToGate();
        book.returnRests(market, refs(ref));
        vm.assertEq(freeIn(), 850);
    }

    // --- what it takes ------------------------------------------------------------------------------------------

    function test_AnotherAreasOrderOpensThatAreasGuarantee() public {
        place(evasOffer(100, 1500));
        uint256 guarantee = uint256(FEED_IN) * (EXPORT_CAPACITY + 500);
        vm.assertEq(settlement.areaOf(NEIGHBOUR, ELECTRICITY, market.period()).guarantee, guarantee);
    }

    function test_AnAreaThatIsNotConnectedIsRefused() public {
        market = electricity(market.period() - 90);
        refuse(evasOffer(100, 1500), abi.encodeWithSelector(IOrderBookFacts.AreaNotConnected.selector, NEIGHBOUR, AREA));
    }

    function test_ARevokedVenueTakesNoForeignOrders() public {
        oversight.revokeVenue(address(book));
        refuse(evasOffer(100, 1500), abi.encodeWithSelector(IGridOversight.NotVenue.selector, address(book)));
        placeOffer(ana, 100, 1500);
    }

    function test_ABackstopThatCannotFundItsGuaranteeKeepsItsAccountsOut() public {
        uint256 held = vault.balanceOf(backstopAccount(NEIGHBOUR));
        vm.prank(BACKSTOP);
        vault.withdraw(backstopAccount(NEIGHBOUR), held / CASH_PER_TOKEN_UNIT, BACKSTOP);
        refuse(
            evasOffer(100, 1500),
            abi.encodeWithSelector(
                IPaymentVault.InsufficientBalance.selector,
                backstopAccount(NEIGHBOUR),
                0,
                uint256(FEED_IN) * (EXPORT_CAPACITY + 500)
            )
        );
    }
}
