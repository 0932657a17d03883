// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CancelReason} from "../interfaces/IOrderBook.sol";
import {AccountId} from "../types/AccountId.sol";
import {Entry, EntryWord} from "../types/Entry.sol";
import {LevelWord, positionOf} from "../types/LevelWord.sol";
import {OrderRef} from "../types/OrderRef.sol";
import {RecordWord, purchase, sale} from "../types/RecordWord.sol";
import {BookAreas} from "./BookAreas.sol";
import {Book} from "./BookStorage.sol";

/// A finger on one entry of a book after the other. It keeps the words it stands on, changed as they may be, and writes them
/// when it moves on; so neighbours share reads and writes.
struct Cursor {
    uint256 word; // which one; 0 before the first
    bool changed;
    LevelWord level;
    EntryWord four;
    OrderRef ref;
    // The entry, as its level implies it: what has traded, what still rests. Both are 0 if it was cancelled, collected, or
    // never was.
    Entry entry;
    uint256 filledWh;
    uint256 restWh;
}

using CursorLibrary for Cursor global;

library CursorLibrary {
    function isGone(Cursor memory self) internal pure returns (bool) {
        return self.filledWh | self.restWh == 0;
    }

    function account(Cursor memory self) internal pure returns (AccountId) {
        return self.entry.account();
    }

    /// What the unfilled rest locks.
    function restLock(Cursor memory self) internal pure returns (uint256) {
        unchecked {
            return self.restWh * self.entry.lockTicks(); // 23 bits by 16
        }
    }
}

/// How an entry leaves the book: its fill into its owner's record, its rest back to its owner.
abstract contract BookEntries is BookAreas {
    function _goTo(Book memory book, Cursor memory at, OrderRef ref) internal {
        if (_wordOf(ref) != at.word) _flush(book, at);
        _lookAt(book, at, ref);
    }

    /// As `_goTo`, with nothing to write.
    function _lookAt(Book memory book, Cursor memory at, OrderRef ref) internal view {
        uint256 word = _wordOf(ref);
        if (word != at.word) {
            uint256 position = positionOf(ref.index());
            if (word >> 16 != at.word >> 16) at.level = _levelAt(book, ref.tick());
            at.four = at.level.holds(position) ? EntryWord.wrap(0) : _entriesAt(_entriesKey(book, ref.tick(), position));
            at.word = word;
        }
        at.ref = ref;
        _weigh(at, ref.index());
    }

    function _weigh(Cursor memory at, uint256 index) private pure {
        LevelWord level_ = at.level;
        (at.entry, at.filledWh, at.restWh) = (Entry.wrap(0), 0, 0);
        if (index >= level_.tail()) return;
        uint256 position = positionOf(index);
        Entry entry_ = level_.holds(position) ? level_.entries().at(position) : at.four.at(position);
        uint256 energyWh = entry_.energyWh();
        at.entry = entry_;
        if (index < level_.head()) at.filledWh = energyWh;
        else if (index > level_.head()) at.restWh = energyWh;
        else (at.filledWh, at.restWh) = (level_.headFilledWh(), energyWh - level_.headFilledWh());
    }

    /// Names the word with the entry; never 0.
    function _wordOf(OrderRef ref) private pure returns (uint256) {
        return (1 << 32) | (ref.tick() << 16) | (positionOf(ref.index()) >> 2);
    }

    /// Writes what changed.
    function _flush(Book memory book, Cursor memory at) internal {
        if (!at.changed) return;
        uint256 position = positionOf(at.ref.index());
        _saveLevel(book, at.ref.tick(), at.level);
        if (!at.level.holds(position)) _saveEntries(_entriesKey(book, at.ref.tick(), position), at.four);
        at.changed = false;
    }

    /// Takes the entry off its level. A level that is empty then still counts as open, until a page comes by: so a cancel needn't
    /// write the market's word.
    function _remove(Book memory book, Cursor memory at) internal {
        (uint256 index, uint256 restWh) = (at.ref.index(), at.restWh);
        uint256 position = positionOf(index);
        LevelWord level_ = at.level.withoutEntry(index, restWh);
        if (level_.holds(position)) level_ = level_.with(position, at.entry.emptied());
        else at.four = at.four.with(position, at.entry.emptied());
        (at.level, at.changed) = (level_, true);
        if (restWh != 0 && level_.totalWh() == 0) _unmark(book, at.ref.tick());
    }

    /// Nothing is left to collect on the level: it is open no longer.
    function _closeIfEmpty(Book memory book, Cursor memory at) internal view {
        if (at.level.openEntries() != 0 || !at.level.isCounted()) return;
        (at.level, at.changed) = (at.level.uncounted(), true);
        _dropOpenLevel(book);
    }

    /// What has traded of it, as a record would hold it.
    function _fillOf(Book memory book, Cursor memory at) internal view returns (RecordWord) {
        uint256 filledWh = at.filledWh;
        uint256 lock = filledWh * at.entry.lockTicks();
        if (!at.entry.isOffer()) return purchase(filledWh, lock);
        _load(book);
        return sale(filledWh, filledWh * (at.ref.tick() - _feeTicks(book, at.account(), true)), lock);
    }

    /// The record of its owner, with its fill, and one entry less.
    function _withFillOf(Book memory book, Cursor memory at, RecordWord word) internal view returns (RecordWord) {
        word = word.withoutEntry(at.entry.isOffer());
        return at.filledWh == 0 ? word : _withFills(at.account(), word, _fillOf(book, at));
    }

    /// Takes the entry out of the book, its fill into the record; the caller returns the rest.
    function _takeOut(Book memory book, Cursor memory at) internal {
        AccountId account = at.account();
        _remove(book, at);
        if (at.filledWh != 0) _countCollected(book, at.filledWh);
        _saveRecord(book, account, _withFillOf(book, at, _recordOf(book, account)));
    }

    function _returnRest(Book memory book, Cursor memory at, CancelReason reason) internal {
        _freeRest(book, at, reason);
        _release(book, at.account(), at.restLock());
    }

    /// The rest has left the book; the caller returns its lock.
    function _freeRest(Book memory book, Cursor memory at, CancelReason reason) internal {
        _returnLimits(book, at.level.isCapped(), at.account(), at.entry.isOffer(), at.restWh);
        emit OrderCancelled(book.market, at.ref, at.account(), uint24(at.restWh), reason);
    }
}
