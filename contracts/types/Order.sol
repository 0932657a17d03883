// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "./AccountId.sol";
import {Market} from "./Market.sol";

/// An order in one word, as it is signed, posted and emitted. From the lowest bit:
///
///   bits    field
///   24      account
///   48      market
///   1       side          0 bid, 1 offer
///   2       kind          0 limit, 1 immediate-or-cancel, 2 fill-or-kill, 3 post-only
///   1       restRemainder whether an auction's remainder enters the book
///   16      priceTicks    the owner's limit, fees included
///   23      energyWh
///   16      maxFeeTicks   the greatest fee the owner accepts
///   28      nonce
///   40      validUntil    UTC seconds
///
/// The other bits are zero.
type Order is uint256;

using OrderLibrary for Order global;

uint8 constant LIMIT = 0;
uint8 constant IMMEDIATE_OR_CANCEL = 1;
uint8 constant FILL_OR_KILL = 2;
uint8 constant POST_ONLY = 3;

uint256 constant MIN_ENERGY_WH = 10;
uint256 constant MAX_PRICE_TICKS = 57_599;

bytes32 constant ORDER_TYPEHASH = keccak256(
    "Order(uint24 account,uint8 area,uint8 carrier,uint32 period,uint8 side,uint8 kind,bool restRemainder,uint16 priceTicks,uint24 energyWh,uint16 maxFeeTicks,uint32 nonce,uint40 validUntil)"
);

library OrderLibrary {
    function account(Order self) internal pure returns (AccountId) {
        return AccountId.wrap(uint24(Order.unwrap(self)));
    }

    function market(Order self) internal pure returns (Market) {
        return Market.wrap(uint48(Order.unwrap(self) >> 24));
    }

    function isOffer(Order self) internal pure returns (bool) {
        return (Order.unwrap(self) >> 72) & 1 == 1;
    }

    function kind(Order self) internal pure returns (uint8) {
        return uint8((Order.unwrap(self) >> 73) & 3);
    }

    function restRemainder(Order self) internal pure returns (bool) {
        return (Order.unwrap(self) >> 75) & 1 == 1;
    }

    function priceTicks(Order self) internal pure returns (uint256) {
        return uint16(Order.unwrap(self) >> 76);
    }

    function energyWh(Order self) internal pure returns (uint256) {
        return (Order.unwrap(self) >> 92) & 0x7fffff;
    }

    function maxFeeTicks(Order self) internal pure returns (uint256) {
        return uint16(Order.unwrap(self) >> 115);
    }

    function nonce(Order self) internal pure returns (uint256) {
        return (Order.unwrap(self) >> 131) & 0xfffffff;
    }

    function validUntil(Order self) internal pure returns (uint256) {
        return uint40(Order.unwrap(self) >> 159);
    }

    /// Whether no bit above the last field is set: two different words must never mean one order.
    function isCanonical(Order self) internal pure returns (bool) {
        return Order.unwrap(self) >> 199 == 0;
    }

    /// EIP-712 struct hash.
    function hash(Order self) internal pure returns (bytes32 digest) {
        bytes32 typehash = ORDER_TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typehash)
            mstore(add(free, 0x20), and(self, 0xffffff)) // account
            mstore(add(free, 0x40), and(shr(64, self), 0xff)) // area
            mstore(add(free, 0x60), and(shr(56, self), 0xff)) // carrier
            mstore(add(free, 0x80), and(shr(24, self), 0xffffffff)) // period
            mstore(add(free, 0xa0), and(shr(72, self), 1)) // side
            mstore(add(free, 0xc0), and(shr(73, self), 3)) // kind
            mstore(add(free, 0xe0), and(shr(75, self), 1)) // restRemainder
            mstore(add(free, 0x100), and(shr(76, self), 0xffff)) // priceTicks
            mstore(add(free, 0x120), and(shr(92, self), 0x7fffff)) // energyWh
            mstore(add(free, 0x140), and(shr(115, self), 0xffff)) // maxFeeTicks
            mstore(add(free, 0x160), and(shr(131, self), 0xfffffff)) // nonce
            mstore(add(free, 0x180), and(shr(159, self), 0xffffffffff)) // validUntil
            digest := keccak256(free, 0x1a0)
        }
    }
}
