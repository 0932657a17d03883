// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {FILL_BOUGHT, FILL_LOCKED, FILL_PAID, FILL_RECEIVED, FILL_SOLD, Fill} from "./Fill.sol";

/// What an account's claimed fills of one period come to. From the lowest bit:
///
///   bits    field
///   38      soldWh
///   38      boughtWh
///   54      received
///   54      locked
///   54      paid
///   2       unused
///   16      tag           turn of the ring
///
/// Under another tag it reads as empty. A market brings an account less than 2^30 Wh, so that markets of all 255 areas fit.
type PositionWord is uint256;

using PositionWordLibrary for PositionWord global;

library PositionWordLibrary {
    uint256 private constant BOUGHT_AT = 38;
    uint256 private constant RECEIVED_AT = 76;
    uint256 private constant LOCKED_AT = 130;
    uint256 private constant PAID_AT = 184;
    // Shifted up by what stands above a field, then down by what it leaves free: no mask is needed.
    uint256 private constant ENERGY_FREE = 256 - 38;
    uint256 private constant MONEY_FREE = 256 - 54;
    /// Where a carry out of each field would show.
    uint256 private constant CARRIES =
        (1 << BOUGHT_AT) | (1 << RECEIVED_AT) | (1 << LOCKED_AT) | (1 << PAID_AT) | (1 << 238);

    /// The word as it stands in the ring's turn `tag`.
    function inTurn(PositionWord self, uint256 tag) internal pure returns (PositionWord) {
        uint256 word = PositionWord.unwrap(self);
        return word >> 240 == tag ? self : PositionWord.wrap(tag << 240);
    }

    function soldWh(PositionWord self) internal pure returns (uint256) {
        return PositionWord.unwrap(self) << ENERGY_FREE >> ENERGY_FREE;
    }

    function boughtWh(PositionWord self) internal pure returns (uint256) {
        return PositionWord.unwrap(self) << (ENERGY_FREE - BOUGHT_AT) >> ENERGY_FREE;
    }

    function received(PositionWord self) internal pure returns (uint256) {
        return PositionWord.unwrap(self) << (MONEY_FREE - RECEIVED_AT) >> MONEY_FREE;
    }

    function locked(PositionWord self) internal pure returns (uint256) {
        return PositionWord.unwrap(self) << (MONEY_FREE - LOCKED_AT) >> MONEY_FREE;
    }

    function paid(PositionWord self) internal pure returns (uint256) {
        return PositionWord.unwrap(self) << (MONEY_FREE - PAID_AT) >> MONEY_FREE;
    }

    /// Wh, positive for a net seller.
    function contracted(PositionWord self) internal pure returns (int256) {
        unchecked {
            return int256(soldWh(self)) - int256(boughtWh(self));
        }
    }

    /// Wh bought beyond what was sold.
    function netBoughtWh(PositionWord self) internal pure returns (uint256) {
        int256 more = contracted(self);
        return more < 0 ? uint256(-more) : 0;
    }

    /// Wh sold beyond what was bought.
    function netSoldWh(PositionWord self) internal pure returns (uint256) {
        int256 more = contracted(self);
        return more > 0 ? uint256(more) : 0;
    }

    /// The position with more fills, and whether they fit: a sum that runs over its field flips the next one's lowest bit.
    function plus(PositionWord self, Fill fill) internal pure returns (PositionWord sum, bool fits) {
        unchecked {
            // Each field from its place in a record to its wider one here.
            uint256 from = Fill.unwrap(fill);
            uint256 more = ((from & FILL_SOLD) >> 16) | ((from & FILL_BOUGHT) >> 7) | ((from & FILL_RECEIVED) << 2)
                | ((from & FILL_LOCKED) << 11) | ((from & FILL_PAID) << 20);
            uint256 word = PositionWord.unwrap(self) + more;
            sum = PositionWord.wrap(word);
            fits = (PositionWord.unwrap(self) ^ more ^ word) & CARRIES == 0;
        }
    }

    /// The caller sees to it that the lock is no higher than before.
    function withLocked(PositionWord self, uint256 locked_) internal pure returns (PositionWord) {
        uint256 others = PositionWord.unwrap(self) & ~(type(uint256).max >> MONEY_FREE << LOCKED_AT);
        return PositionWord.wrap(others | (locked_ << LOCKED_AT));
    }
}
