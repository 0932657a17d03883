// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// What an account's claimed fills of one period come to:
/// ring tag 16 | 8 free | paid 56 | locked 56 | received 56 | bought 32 | sold 32. Under another tag it reads as empty.
type PositionWord is uint256;

using PositionWordLibrary for PositionWord global;

library PositionWordLibrary {
    using SafeCast for uint256;

    /// The word as it stands in the ring's turn `tag`.
    function inTurn(PositionWord self, uint256 tag) internal pure returns (PositionWord) {
        uint256 word = PositionWord.unwrap(self);
        return word >> 240 == tag ? self : PositionWord.wrap(tag << 240);
    }

    function soldWh(PositionWord self) internal pure returns (uint256) {
        return uint32(PositionWord.unwrap(self));
    }

    function boughtWh(PositionWord self) internal pure returns (uint256) {
        return uint32(PositionWord.unwrap(self) >> 32);
    }

    function received(PositionWord self) internal pure returns (uint256) {
        return uint56(PositionWord.unwrap(self) >> 64);
    }

    function locked(PositionWord self) internal pure returns (uint256) {
        return uint56(PositionWord.unwrap(self) >> 120);
    }

    function paid(PositionWord self) internal pure returns (uint256) {
        return uint56(PositionWord.unwrap(self) >> 176);
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

    /// The position with more energy and money; reverts if a sum doesn't fit.
    function plus(
        PositionWord self,
        uint256 moreSold,
        uint256 moreBought,
        uint256 moreReceived,
        uint256 moreLocked,
        uint256 morePaid
    ) internal pure returns (PositionWord) {
        uint256 energies = (soldWh(self) + moreSold).toUint32()
            | (uint256((boughtWh(self) + moreBought).toUint32()) << 32);
        uint256 money = (received(self) + moreReceived).toUint56()
            | (uint256((locked(self) + moreLocked).toUint56()) << 56)
            | (uint256((paid(self) + morePaid).toUint56()) << 112);
        return PositionWord.wrap((PositionWord.unwrap(self) >> 240 << 240) | energies | (money << 64));
    }

    function withLocked(PositionWord self, uint256 locked_) internal pure returns (PositionWord) {
        uint256 others = PositionWord.unwrap(self) & ~(uint256(type(uint56).max) << 120);
        return PositionWord.wrap(others | (uint256(locked_.toUint56()) << 120));
    }
}
