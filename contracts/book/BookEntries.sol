// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CancelReason} from "../interfaces/IOrderBook.sol";
import {AccountId} from "../types/AccountId.sol";
import {Entry, EntryWord} from "../types/Entry.sol";
import {LevelWord, MAX_LEVEL_ENTRIES, positionOf} from "../types/LevelWord.sol";
import {Market} from "../types/Market.sol";
import {OrderRef} from "../types/OrderRef.sol";
import {RecordWord, purchase, sale} from "../types/RecordWord.sol";
import {BookAreas} from "./BookAreas.sol";
import {Book} from "./BookStorage.sol";

/// A finger on one entry of a book after the other. It keeps the words it stands on, changed as they may be, and writes them
/// when it moves on; so neighbours share reads and writes.
struct Cursor {
    uint256 key; // of the word with the entry, plus one; 0 before the first
    bool changed;
    LevelWord level;
    EntryWord four; // the word with the entry, unless it is the level's own
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
        if (at.changed && _keyOf(book, ref) != at.key) _flush(book, at);
        _lookAt(book, at, ref);
    }

    /// As `_goTo`, with nothing to write. An index beyond a level's entries would lead to another level's words: it is gone at once, and the
    /// finger stays where it is.
    function _lookAt(Book memory book, Cursor memory at, OrderRef ref) internal view {
        if (ref.index() >= MAX_LEVEL_ENTRIES) {
            (at.entry, at.filledWh, at.restWh) = (Entry.wrap(0), 0, 0);
            return;
        }
        uint256 key = _keyOf(book, ref);
        if (key != at.key) {
            unchecked {
                key -= 1;
                if (at.key == 0 || key >> 11 != (at.key - 1) >> 11) at.level = _levelAt(book, ref.tick());
                if (_isApart(key)) at.four = _entriesAt(key);
                at.key = key + 1;
            }
        }
        at.ref = ref;
        _weigh(at);
    }

    function _weigh(Cursor memory at) private pure {
        unchecked {
            LevelWord level_ = at.level;
            uint256 index = at.ref.index();
            uint256 head = level_.head();
            Entry entry_ = Entry.wrap(0);
            if (index < level_.tail()) {
                entry_ = (_isApart(at.key - 1) ? at.four : level_.entries()).at(positionOf(index));
            }
            uint256 energyWh = entry_.energyWh();
            uint256 filledWh = index < head ? energyWh : index == head && energyWh != 0 ? level_.headFilledWh() : 0;
            (at.entry, at.filledWh, at.restWh) = (entry_, filledWh, energyWh - filledWh);
        }
    }

    function _keyOf(Book memory book, OrderRef ref) private pure returns (uint256) {
        unchecked {
            return _entriesKey(book, ref.tick(), positionOf(ref.index())) + 1;
        }
    }

    /// Whether the word under the key isn't the level's own.
    function _isApart(uint256 entriesKey) internal pure returns (bool) {
        return entriesKey & 0x7ff != 0;
    }

    /// Writes what changed.
    function _flush(Book memory book, Cursor memory at) internal {
        if (!at.changed) return;
        unchecked {
            uint256 key = at.key - 1;
            _saveLevel(book, at.ref.tick(), at.level);
            if (_isApart(key)) _saveEntries(key, at.four);
        }
        at.changed = false;
    }

    /// Takes the entry off its level. A level that is empty then still counts as open, until a page comes by: so a cancel needn't
    /// write the market's word.
    function _remove(Book memory book, Cursor memory at) internal {
        (uint256 index, uint256 restWh) = (at.ref.index(), at.restWh);
        uint256 position = positionOf(index);
        LevelWord level_ = at.level.withoutEntry(index, restWh);
        if (level_.holds(position)) level_ = level_.emptied(position);
        else at.four = at.four.emptied(position);
        (at.level, at.changed) = (level_, true);
        if (restWh != 0 && level_.totalWh() == 0) _unmark(book, at.ref.tick());
    }

    /// Nothing is left to collect on the level: it is open no longer.
    function _closeIfEmpty(Book memory book, Cursor memory at) internal view {
        if (at.level.openEntries() != 0 || !at.level.isCounted()) return;
        (at.level, at.changed) = (at.level.uncounted(), true);
        _dropOpenLevel(book);
    }

    /// What has traded of it, as a record would hold it. The book is loaded.
    function _fillOf(Book memory book, Cursor memory at) internal view returns (RecordWord) {
        uint256 filledWh = at.filledWh;
        unchecked {
            // 23 bits by 16; an offer's tick is its limit plus the fee.
            uint256 lock = filledWh * at.entry.lockTicks();
            if (!at.entry.isOffer()) return purchase(filledWh, lock);
            return sale(filledWh, filledWh * (at.ref.tick() - _feeTicks(book, at.account(), true)), lock);
        }
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
        _freeRest(book, at.level, at.ref, at.entry, at.restWh, reason);
        _release(book, at.account(), at.restLock());
    }

    /// The rest has left the book; the caller returns its lock.
    function _freeRest(
        Book memory book,
        LevelWord level_,
        OrderRef ref,
        Entry entry,
        uint256 restWh,
        CancelReason reason
    ) internal {
        AccountId account = entry.account();
        _returnLimits(book, level_.isCapped(), account, entry.isOffer(), restWh);
        uint256 word = AccountId.unwrap(account) | (uint256(Market.unwrap(book.market)) << 24);
        word |= (uint256(OrderRef.unwrap(ref)) << 72) | (restWh << 104) | (uint256(reason) << 128);
        emit OrderCancelled(word);
    }
}
