// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CancelReason} from "../interfaces/IOrderBook.sol";
import {AccountId} from "../types/AccountId.sol";
import {Entry, EntryWord} from "../types/Entry.sol";
import {LevelWord} from "../types/LevelWord.sol";
import {OrderRef} from "../types/OrderRef.sol";
import {RecordWord, purchase, sale} from "../types/RecordWord.sol";
import {Book, BookStorage} from "./BookStorage.sol";


/// An entry as its level implies it: what of it has traded, and what still rests. Both are 0 if it was cancelled, collected,
/// or never was.
struct Traded {
    OrderRef ref;
    LevelWord level;
    EntryWord four; // the entry and its neighbours
    Entry entry;
    uint256 filledWh;
    uint256 restWh;
}

using TradedLibrary for Traded global;

library TradedLibrary {
    function isGone(Traded memory self) internal pure returns (bool) {
        return self.filledWh + self.restWh == 0;
    }

    /// What its unfilled rest locks.
    function restLock(Traded memory self) internal pure returns (uint256) {
        return self.restWh * self.entry.lockTicks();
    }
}

/// How an entry leaves the book: its fill into its owner's record, its rest back to its owner.
abstract contract BookEntries is BookStorage {
    function _find(Book memory book, OrderRef ref) internal view returns (Traded memory found) {
        uint256 index = ref.index();
        found.ref = ref;
        found.level = _levelAt(book, ref.tick());
        if (index >= found.level.tail()) return found;
        found.four = _entriesAt(book, ref.tick(), index);
        found.entry = found.four.at(index);
        found.filledWh = _filledWh(found.level, index, found.entry.energyWh());
        found.restWh = found.entry.energyWh() - found.filledWh;
    }

    function _filledWh(LevelWord level_, uint256 index, uint256 energyWh) private pure returns (uint256) {
        if (index < level_.head()) return energyWh;
        return index == level_.head() ? level_.headFilledWh() : 0;
    }

    /// Takes an entry off its level.
    function _remove(Book memory book, Traded memory found) internal {
        (uint256 tick, uint256 index) = (found.ref.tick(), found.ref.index());
        LevelWord level_ = found.level.withoutEntry(index, found.restWh);
        _saveLevel(book, tick, level_);
        _saveEntries(book, tick, index, found.four.withEntry(index, found.entry.emptied()));
        if (found.restWh != 0 && level_.totalWh() == 0) _unmark(book, tick);
        if (level_.openEntries() == 0) _dropOpenPart(book);
    }

    /// What has traded of it, as a record would hold it.
    function _fillOf(Book memory book, Traded memory found) internal view returns (RecordWord) {
        uint256 filledWh = found.filledWh;
        uint256 lock = filledWh * found.entry.lockTicks();
        if (!found.entry.isOffer()) return purchase(filledWh, lock);
        _load(book);
        return sale(filledWh, filledWh * (found.ref.tick() - book.word.levySellTicks()), lock);
    }

    /// The record of its owner, with its fill, and one entry less.
    function _withFillOf(Book memory book, Traded memory found, RecordWord word) internal view returns (RecordWord) {
        word = word.withoutEntry(found.entry.isOffer());
        if (found.filledWh == 0) return word;
        return _withFills(book, found.entry.account(), word, _fillOf(book, found));
    }

    /// Takes an entry out of the book, its fill into the record; the caller returns the rest.
    function _takeOut(Book memory book, Traded memory found) internal {
        AccountId account = found.entry.account();
        _remove(book, found);
        _saveRecord(book, account, _withFillOf(book, found, _recordOf(book, account)));
    }

    function _returnRest(Book memory book, Traded memory found, CancelReason reason) internal {
        AccountId account = found.entry.account();
        emit OrderCancelled(book.market, found.ref, account, uint24(found.restWh), reason);
        _release(book, account, found.restLock());
    }
}
