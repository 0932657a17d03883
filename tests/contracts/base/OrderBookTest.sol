// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBookFacts} from "../../../contracts/interfaces/IOrderBook.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Market} from "../../../contracts/types/Market.sol";
import {IMMEDIATE_OR_CANCEL, LIMIT, Order} from "../../../contracts/types/Order.sol";
import {OrderRef} from "../../../contracts/types/OrderRef.sol";

import {WattbookTest} from "./WattbookTest.sol";

/// Four funded members and a market with levies, open for trading. Retail is 3200 ticks: a bid at L enters at L − 100, an
/// offer at L + 50.
abstract contract OrderBookTest is WattbookTest {
    uint256 internal constant LEVY_BUY = 100;
    uint256 internal constant LEVY_SELL = 50;
    uint256 internal constant RETAIL_TICKS = RETAIL;
    uint256 internal constant FUNDS = 1e12;

    AccountId internal ana;
    AccountId internal ben;
    AccountId internal cem;
    AccountId internal dora;
    Market internal market;

    function setUp() public virtual override {
        super.setUp();
        (ana, ben, cem, dora) = (admit(ANA), admit(BEN), admit(CEM), admit(DORA));
        fund(backstop(), FUNDS);
        fund(ana, FUNDS);
        fund(ben, FUNDS);
        fund(cem, FUNDS);
        fund(dora, FUNDS);
        oversight.scheduleTerms(
            AREA, ELECTRICITY, firstUntradable(), termsWithLevies(uint16(LEVY_BUY), uint16(LEVY_SELL))
        );
        market = electricity(warpToParticipation());
    }

    // --- orders -------------------------------------------------------------------------------------------------

    /// A bid that enters the book at `tick`.
    function bidAt(AccountId account, uint256 energyWh, uint256 tick) internal view returns (Order) {
        return bid(account, market, energyWh, tick + LEVY_BUY);
    }

    /// An offer that enters the book at `tick`.
    function offerAt(AccountId account, uint256 energyWh, uint256 tick) internal view returns (Order) {
        return offer(account, market, energyWh, tick - LEVY_SELL);
    }

    function placeBid(AccountId account, uint256 energyWh, uint256 tick) internal returns (OrderRef ref) {
        (ref,) = place(bidAt(account, energyWh, tick));
    }

    function placeOffer(AccountId account, uint256 energyWh, uint256 tick) internal returns (OrderRef ref) {
        (ref,) = place(offerAt(account, energyWh, tick));
    }

    function immediate(Order order) internal pure returns (Order) {
        return Order.wrap(Order.unwrap(order) | (uint256(IMMEDIATE_OR_CANCEL) << 73));
    }

    function ordered(AccountId account, bool isOffer, uint256 limit, uint256 energyWh, uint256 maxFee, uint256 until)
        internal
        view
        returns (Order)
    {
        return pack(OrderFields(account, market, isOffer, LIMIT, limit, energyWh, maxFee, 0, until));
    }

    function withNonce(Order order, uint256 nonce) internal pure returns (Order) {
        return Order.wrap(Order.unwrap(order) | (nonce << 131));
    }

    function withValidUntil(Order order, uint256 validUntil) internal pure returns (Order) {
        return Order.wrap(Order.unwrap(order) | (validUntil << 159));
    }

    /// The order is refused with exactly this error.
    function refuse(Order order, bytes memory error) internal {
        refuse(order, new OrderRef[](0), ANY_TOUCHES, error);
    }

    function refuse(Order order, OrderRef[] memory own, uint256 maxTouches, bytes memory error) internal {
        address owner = vault.ownerOf(order.account());
        vm.expectRevert(error);
        vm.prank(owner);
        book.placeOrder(order, own, maxTouches);
    }

    function cancel(AccountId account, OrderRef ref) internal {
        address owner = vault.ownerOf(account);
        vm.prank(owner);
        book.cancelOrder(market, ref);
    }

    function refs(OrderRef a, OrderRef b) internal pure returns (OrderRef[] memory list) {
        list = new OrderRef[](2);
        (list[0], list[1]) = (a, b);
    }

    function accounts(AccountId a) internal pure returns (AccountId[] memory list) {
        list = new AccountId[](1);
        list[0] = a;
    }

    function accounts(AccountId a, AccountId b) internal pure returns (AccountId[] memory list) {
        list = new AccountId[](2);
        (list[0], list[1]) = (a, b);
    }

    // --- time ---------------------------------------------------------------------------------------------------

    function warpToGate() internal {
        vm.warp(startsAt(market.period()) - calendarTimes().gateBefore);
    }

    function warpToStart() internal {
        vm.warp(startsAt(market.period()));
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// What has left the account's free balance.
    function lockedOf(AccountId account) internal view returns (uint256) {
        return FUNDS - vault.balanceOf(account);
    }

    function potOfBook() internal view returns (uint256 amount) {
        (amount,) = vault.pot(address(book), uint96(Market.unwrap(market) >> 32));
    }

    function totalAt(uint256 tick) internal view returns (uint256) {
        return book.level(market, tick).totalWh;
    }

    function filled(OrderRef ref) internal view returns (uint256) {
        return book.entry(market, ref).filledWh;
    }

    function isLive(OrderRef ref) internal view returns (bool) {
        return book.entry(market, ref).live;
    }

    function recordOf(AccountId account) internal view returns (IOrderBookFacts.RecordView memory) {
        return book.record(market, account);
    }

    function assertBest(uint256 bestBid, uint256 bestOffer) internal view {
        IOrderBookFacts.MarketView memory seen = book.marketOf(market);
        vm.assertEq(seen.hasBid ? seen.bestBid : 0, bestBid, "best bid");
        vm.assertEq(seen.hasOffer ? seen.bestOffer : 0, bestOffer, "best offer");
    }
}
