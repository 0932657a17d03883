// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// What one account has traded in one market and not yet claimed, and what it may have resting there. From the lowest bit:
///
///   bits    field
///   16      tag           turn of the ring
///   29      soldWh
///   29      boughtWh
///   45      received      cash units its sales earn, fees taken off
///   45      locked        of its sales
///   45      paid          cash units its bids cost, fees included
///   7       bids          own entries not yet collected
///   7       offers
///   16      highestBid    of them; may be stale, never too lax; meaningless without bids
///   16      lowestOffer   likewise
///
/// 2^29 Wh at the highest tick stay below 2^45 cash units, so only energies need a check.
type RecordWord is uint256;

using RecordWordLibrary for RecordWord global;

uint256 constant MAX_RECORD_WH = (1 << 29) - 1;
uint256 constant MAX_OWN_ENTRIES = 64;
uint256 constant FILLS = ((1 << 193) - 1) << 16;

function emptyRecord(uint256 tag_) pure returns (RecordWord) {
    return RecordWord.wrap(tag_);
}

/// `energyWh` bought for `cost`, fees included.
function purchase(uint256 energyWh, uint256 cost) pure returns (RecordWord) {
    return RecordWord.wrap((energyWh << 45) | (cost << 164));
}

/// `energyWh` sold for `proceeds`, fees taken off, under `lock`.
function sale(uint256 energyWh, uint256 proceeds, uint256 lock) pure returns (RecordWord) {
    return RecordWord.wrap((energyWh << 16) | (proceeds << 74) | (lock << 119));
}

library RecordWordLibrary {
    uint256 private constant ONE_BID = 1 << 209;
    uint256 private constant ONE_OFFER = 1 << 216;
    uint256 private constant HIGHEST_BID = 0xffff << 223;
    uint256 private constant LOWEST_OFFER = 0xffff << 239;

    function tag(RecordWord self) internal pure returns (uint256) {
        return RecordWord.unwrap(self) & 0xffff;
    }

    function boughtWh(RecordWord self) internal pure returns (uint256) {
        return (RecordWord.unwrap(self) >> 45) & 0x1fffffff;
    }

    function soldWh(RecordWord self) internal pure returns (uint256) {
        return (RecordWord.unwrap(self) >> 16) & 0x1fffffff;
    }

    function paid(RecordWord self) internal pure returns (uint256) {
        return (RecordWord.unwrap(self) >> 164) & 0x1fffffffffff;
    }

    function received(RecordWord self) internal pure returns (uint256) {
        return (RecordWord.unwrap(self) >> 74) & 0x1fffffffffff;
    }

    function locked(RecordWord self) internal pure returns (uint256) {
        return (RecordWord.unwrap(self) >> 119) & 0x1fffffffffff;
    }

    function bids(RecordWord self) internal pure returns (uint256) {
        return (RecordWord.unwrap(self) >> 209) & 0x7f;
    }

    function offers(RecordWord self) internal pure returns (uint256) {
        return (RecordWord.unwrap(self) >> 216) & 0x7f;
    }

    function highestBid(RecordWord self) internal pure returns (uint256) {
        return uint16(RecordWord.unwrap(self) >> 223);
    }

    function lowestOffer(RecordWord self) internal pure returns (uint256) {
        return uint16(RecordWord.unwrap(self) >> 239);
    }

    function hasFills(RecordWord self) internal pure returns (bool) {
        return RecordWord.unwrap(self) & FILLS != 0;
    }

    /// The fills of both; their tags and entries are `self`'s.
    function plus(RecordWord self, RecordWord fills) internal pure returns (RecordWord) {
        unchecked {
            // The caller sees to it that each sum fits its field.
            return RecordWord.wrap(RecordWord.unwrap(self) + (RecordWord.unwrap(fills) & FILLS));
        }
    }

    function withoutFills(RecordWord self) internal pure returns (RecordWord) {
        return RecordWord.wrap(RecordWord.unwrap(self) & ~FILLS);
    }

    /// One more bid resting at `tick`.
    function withBid(RecordWord self, uint256 tick) internal pure returns (RecordWord) {
        if (self.bids() == 0 || tick > self.highestBid()) self = self.withHighestBid(tick);
        unchecked {
            return RecordWord.wrap(RecordWord.unwrap(self) + ONE_BID); // at most 64
        }
    }

    /// One more offer resting at `tick`.
    function withOffer(RecordWord self, uint256 tick) internal pure returns (RecordWord) {
        if (self.offers() == 0 || tick < self.lowestOffer()) self = self.withLowestOffer(tick);
        unchecked {
            return RecordWord.wrap(RecordWord.unwrap(self) + ONE_OFFER); // at most 64
        }
    }

    function withoutEntry(RecordWord self, bool isOffer) internal pure returns (RecordWord) {
        unchecked {
            return RecordWord.wrap(RecordWord.unwrap(self) - (isOffer ? ONE_OFFER : ONE_BID)); // it was counted
        }
    }

    function withHighestBid(RecordWord self, uint256 tick) internal pure returns (RecordWord) {
        return RecordWord.wrap((RecordWord.unwrap(self) & ~HIGHEST_BID) | (tick << 223));
    }

    function withLowestOffer(RecordWord self, uint256 tick) internal pure returns (RecordWord) {
        return RecordWord.wrap((RecordWord.unwrap(self) & ~LOWEST_OFFER) | (tick << 239));
    }
}
