// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Entry, EntryWord} from "./Entry.sol";

/// A price level; it serves whichever side rests there, never both at once. Its first two entries stand in its own word, so
/// that a thin level needs no other: the word is the first of its entry words, with the fields below in place of the first
/// two of its four entries. From the lowest bit:
///
///   bits    field
///   16      tag           turn of the ring
///   13      head          entries before it are filled (or gone)
///   13      tail          where the next entry goes
///   23      headFilledWh  what the head has traded
///   36      totalWh       unfilled, live
///   13      openEntries   not yet collected
///   1       counted       among the market's open levels
///   1       capped        the market caps what one account may order
///   12      unused
///   64      entry 0
///   64      entry 1
type LevelWord is uint256;

using LevelWordLibrary for LevelWord global;

uint256 constant MAX_LEVEL_ENTRIES = 4096;

/// Where an entry stands among its level's entry words, counted in entries.
function positionOf(uint256 index) pure returns (uint256) {
    unchecked {
        return index + 2;
    }
}

/// Of an entry at `position`, which isn't before the first.
function indexOf(uint256 position) pure returns (uint256) {
    unchecked {
        return position - 2;
    }
}

function emptyLevel(uint256 tag_) pure returns (LevelWord) {
    return LevelWord.wrap(tag_);
}

library LevelWordLibrary {
    uint256 private constant HEAD = 0x1fff << 16;
    uint256 private constant HEAD_FILLED = 0x7fffff << 42;
    uint256 private constant TOTAL = 0xfffffffff << 65;

    uint256 private constant ONE_AT_TAIL = 1 << 29;
    uint256 private constant ONE_OPEN_ENTRY = 1 << 101;
    uint256 private constant COUNTED = 1 << 114;
    uint256 private constant CAPPED = 1 << 115;

    function tag(LevelWord self) internal pure returns (uint256) {
        return LevelWord.unwrap(self) & 0xffff;
    }

    function head(LevelWord self) internal pure returns (uint256) {
        return (LevelWord.unwrap(self) >> 16) & 0x1fff;
    }

    function tail(LevelWord self) internal pure returns (uint256) {
        return (LevelWord.unwrap(self) >> 29) & 0x1fff;
    }

    function headFilledWh(LevelWord self) internal pure returns (uint256) {
        return (LevelWord.unwrap(self) >> 42) & 0x7fffff;
    }

    function totalWh(LevelWord self) internal pure returns (uint256) {
        return (LevelWord.unwrap(self) >> 65) & 0xfffffffff;
    }

    function openEntries(LevelWord self) internal pure returns (uint256) {
        return (LevelWord.unwrap(self) >> 101) & 0x1fff;
    }

    function isCounted(LevelWord self) internal pure returns (bool) {
        return LevelWord.unwrap(self) & COUNTED != 0;
    }

    function counted(LevelWord self) internal pure returns (LevelWord) {
        return LevelWord.wrap(LevelWord.unwrap(self) | COUNTED);
    }

    function uncounted(LevelWord self) internal pure returns (LevelWord) {
        return LevelWord.wrap(LevelWord.unwrap(self) & ~COUNTED);
    }

    /// Whether the entry at `position` stands in the level's own word.
    function holds(LevelWord, uint256 position) internal pure returns (bool) {
        return position < 4;
    }

    function entries(LevelWord self) internal pure returns (EntryWord) {
        return EntryWord.wrap(LevelWord.unwrap(self));
    }

    function with(LevelWord self, uint256 position, Entry entry) internal pure returns (LevelWord) {
        return LevelWord.wrap(EntryWord.unwrap(self.entries().with(position, entry)));
    }

    function isCapped(LevelWord self) internal pure returns (bool) {
        return LevelWord.unwrap(self) & CAPPED != 0;
    }

    function emptied(LevelWord self, uint256 position) internal pure returns (LevelWord) {
        return LevelWord.wrap(EntryWord.unwrap(self.entries().emptied(position)));
    }

    /// One more entry at the tail. Nothing dead stays before the first live entry.
    function withEntry(LevelWord self, uint256 energyWh, bool capped) internal pure returns (LevelWord) {
        if (self.totalWh() == 0) self = self.withHead(self.tail(), 0);
        if (capped) self = LevelWord.wrap(LevelWord.unwrap(self) | CAPPED);
        unchecked {
            // 4,096 entries of 23 bits fit their fields.
            return LevelWord.wrap(LevelWord.unwrap(self) + ONE_AT_TAIL + ONE_OPEN_ENTRY + (energyWh << 65));
        }
    }

    /// The entry `index` is collected, its `restWh` gone from the book; a head that goes makes way for the next.
    function withoutEntry(LevelWord self, uint256 index, uint256 restWh) internal pure returns (LevelWord) {
        unchecked {
            if (index == self.head()) self = self.withHead(index + 1, 0);
            // The entry is one of the open ones, its rest part of the total.
            return LevelWord.wrap(LevelWord.unwrap(self) - ONE_OPEN_ENTRY - (restWh << 65));
        }
    }

    /// All of it traded.
    function swept(LevelWord self) internal pure returns (LevelWord) {
        return LevelWord.wrap(LevelWord.unwrap(self.withHead(self.tail(), 0)) & ~TOTAL);
    }

    /// `energyWh` of it traded: up to `newHead`, which holds `filledWh` of fill.
    function taken(LevelWord self, uint256 energyWh, uint256 newHead, uint256 filledWh)
        internal
        pure
        returns (LevelWord)
    {
        unchecked {
            // No more than the total.
            return LevelWord.wrap(LevelWord.unwrap(self.withHead(newHead, filledWh)) - (energyWh << 65));
        }
    }

    function withHead(LevelWord self, uint256 newHead, uint256 filledWh) internal pure returns (LevelWord) {
        uint256 others = LevelWord.unwrap(self) & ~(HEAD | HEAD_FILLED);
        return LevelWord.wrap(others | (newHead << 16) | (filledWh << 42));
    }
}
