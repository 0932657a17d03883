// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {OrderBook} from "../../../contracts/OrderBook.sol";
import {CancelReason, IOrderBook, SignedCancel} from "../../../contracts/interfaces/IOrderBook.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Market} from "../../../contracts/types/Market.sol";
import {LIMIT, Order} from "../../../contracts/types/Order.sol";
import {OrderRef} from "../../../contracts/types/OrderRef.sol";

import {MeteredTest} from "./MeteredTest.sol";

/// A signed order as tests put it together.
struct SignedOrder {
    Order order;
    OrderRef[] own;
    bytes signature;
}

/// The whole system: adds the order book and its grants, and builds orders.
abstract contract WattbookTest is MeteredTest {
    uint256 internal constant ANY_TOUCHES = 1000;
    uint16 internal constant ANY_FEE = 1000;

    IOrderBook internal book;

    function setUp() public virtual override {
        super.setUp();
        book = newOrderBook();
        vault.grantVenue(address(book), false);
        settlement.grantVenue(address(book));
        oversight.grantVenue(address(book));
    }

    function newOrderBook() internal returns (IOrderBook) {
        return IOrderBook(address(new OrderBook(calendarTimes(), vault, oversight, settlement)));
    }

    // --- orders -------------------------------------------------------------------------------------------------

    struct OrderFields {
        AccountId account;
        Market market;
        bool isOffer;
        uint8 kind;
        uint256 priceTicks;
        uint256 energyWh;
        uint256 maxFeeTicks;
        uint256 nonce;
        uint256 validUntil;
    }

    function pack(OrderFields memory fields) internal pure returns (Order) {
        uint256 word = AccountId.unwrap(fields.account);
        word |= uint256(Market.unwrap(fields.market)) << 24;
        word |= fields.isOffer ? 1 << 72 : 0;
        word |= uint256(fields.kind) << 73;
        word |= fields.priceTicks << 76;
        word |= fields.energyWh << 92;
        word |= fields.maxFeeTicks << 115;
        word |= fields.nonce << 131;
        word |= fields.validUntil << 159;
        return Order.wrap(word);
    }

    function bid(AccountId account, Market market, uint256 energyWh, uint256 priceTicks) internal pure returns (Order) {
        return pack(OrderFields(account, market, false, LIMIT, priceTicks, energyWh, ANY_FEE, 0, 0));
    }

    function offer(AccountId account, Market market, uint256 energyWh, uint256 priceTicks)
        internal
        pure
        returns (Order)
    {
        return pack(OrderFields(account, market, true, LIMIT, priceTicks, energyWh, ANY_FEE, 0, 0));
    }

    /// Places an order as the account's owner, naming no own opposite orders.
    function place(Order order) internal returns (OrderRef ref, uint256 restWh) {
        return placeWith(order, new OrderRef[](0));
    }

    function placeWith(Order order, OrderRef[] memory own) internal returns (OrderRef ref, uint256 restWh) {
        vm.prank(vault.ownerOf(order.account()));
        return book.placeOrder(order, own, ANY_TOUCHES);
    }

    /// The order, signed by `key`, naming no own opposite orders.
    function signOrder(uint256 key, Order order) internal view returns (SignedOrder memory) {
        return SignedOrder(order, new OrderRef[](0), signCompact(key, book.orderHash(order)));
    }

    /// As `placeSigned` takes it.
    function packSigned(SignedOrder memory signed) internal pure returns (bytes memory) {
        return packSigned(signed, false);
    }

    function packSigned(SignedOrder memory signed, bool byWallet) internal pure returns (bytes memory packed) {
        uint256 length = signed.signature.length == 64 ? 0 : signed.signature.length;
        uint256 header = length | (signed.own.length << 16) | (byWallet ? 1 << 24 : 0);
        packed = abi.encodePacked(Order.unwrap(signed.order) | (header << 200));
        for (uint256 i; i < signed.own.length; ++i) {
            packed = bytes.concat(packed, abi.encode(signed.own[i]));
        }
        return bytes.concat(packed, signed.signature);
    }

    function signCancel(uint256 key, AccountId account, Market market, OrderRef ref, uint40 validUntil)
        internal
        view
        returns (SignedCancel memory)
    {
        bytes32 digest = book.cancelHash(account, market, ref, validUntil);
        return SignedCancel(account, market, ref, validUntil, signCompact(key, digest));
    }

    /// The word of OrderCancelled.
    function cancelledWord(Market market, OrderRef ref, AccountId account, uint256 restWh, CancelReason reason)
        internal
        pure
        returns (uint256)
    {
        return AccountId.unwrap(account) | (uint256(Market.unwrap(market)) << 24)
            | (uint256(OrderRef.unwrap(ref)) << 72) | (restWh << 104) | (uint256(reason) << 128);
    }

    function refs(OrderRef ref) internal pure returns (OrderRef[] memory list) {
        list = new OrderRef[](1);
        list[0] = ref;
    }
}
