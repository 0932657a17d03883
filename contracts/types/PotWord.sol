// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// What a venue holds under one key. From the lowest bit:
///
///   bits    field
///   128     amount        cash units
///   40      closed until  UTC seconds; no new locks before
///   1       open          its venue's right to lock is known to hold, and its key listed for the day it is taken away
///   1       kept          set once it was filled or prepared: a pot that runs empty is cheaper to fill again
///   64      brought       of the amount: what other venues moved here and the pot's venue hasn't accepted yet
type PotWord is uint256;

using PotWordLibrary for PotWord global;

uint256 constant CLOSED_AT = 128;
uint256 constant CLOSED_MASK = uint256(type(uint40).max) << CLOSED_AT;
uint256 constant POT_OPEN = 1 << 168;
uint256 constant POT_KEPT = 1 << 169;
uint256 constant BROUGHT_AT = 170;

library PotWordLibrary {
    function amount(PotWord self) internal pure returns (uint256) {
        return uint128(PotWord.unwrap(self));
    }

    function closedUntil(PotWord self) internal pure returns (uint40) {
        return uint40(PotWord.unwrap(self) >> CLOSED_AT);
    }

    function isOpen(PotWord self) internal pure returns (bool) {
        return PotWord.unwrap(self) & POT_OPEN != 0;
    }

    /// The caller sees to it that the sum fits 128 bits: all money together fits 64. A check of the whole
    /// word wouldn't show it.
    function plus(PotWord self, uint256 cash) internal pure returns (PotWord) {
        unchecked {
            return PotWord.wrap(PotWord.unwrap(self) + cash);
        }
    }

    /// The caller sees to it that the pot holds `cash`; a check of the whole word wouldn't show it.
    function minus(PotWord self, uint256 cash) internal pure returns (PotWord) {
        unchecked {
            return PotWord.wrap(PotWord.unwrap(self) - cash);
        }
    }

    function closed(PotWord self, uint40 until) internal pure returns (PotWord) {
        return PotWord.wrap((PotWord.unwrap(self) & ~CLOSED_MASK) | (uint256(until) << CLOSED_AT));
    }

    function brought(PotWord self) internal pure returns (uint256) {
        return PotWord.unwrap(self) >> BROUGHT_AT;
    }

    /// With `cash` that another venue brings. The caller sees to it that the amount fits, as in `plus`.
    function plusBrought(PotWord self, uint256 cash) internal pure returns (PotWord) {
        unchecked {
            return PotWord.wrap(PotWord.unwrap(self) + cash + (cash << BROUGHT_AT)); // nothing stands above it
        }
    }

    /// The caller sees to it that so much was brought.
    function accepted(PotWord self, uint256 cash) internal pure returns (PotWord) {
        unchecked {
            return PotWord.wrap(PotWord.unwrap(self) - (cash << BROUGHT_AT));
        }
    }

    function asOpen(PotWord self) internal pure returns (PotWord) {
        return PotWord.wrap(PotWord.unwrap(self) | POT_OPEN);
    }

    function asKept(PotWord self) internal pure returns (PotWord) {
        return PotWord.wrap(PotWord.unwrap(self) | POT_KEPT);
    }

    function notOpen(PotWord self) internal pure returns (PotWord) {
        return PotWord.wrap(PotWord.unwrap(self) & ~POT_OPEN);
    }
}
