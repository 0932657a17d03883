// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGridOversight} from "../interfaces/IGridOversight.sol";
import {IOrderBookFacts} from "../interfaces/IOrderBook.sol";
import {IPaymentVault} from "../interfaces/IPaymentVault.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";
import {Ticks} from "../libraries/TickBitmap.sol";
import {AccountId} from "../types/AccountId.sol";
import {CalendarTimes, Times} from "../types/Calendar.sol";
import {EntryWord} from "../types/Entry.sol";
import {LevelWord, emptyLevel} from "../types/LevelWord.sol";
import {Market} from "../types/Market.sol";
import {MarketWord} from "../types/MarketWord.sol";
import {MAX_RECORD_WH, RecordWord, emptyRecord} from "../types/RecordWord.sol";

/// The market a call works on.
struct Book {
    Market market;
    uint256 key; // its place in the ring: area 8 | carrier 8 | slot 16
    uint256 tag; // its turn of the ring
    MarketWord stored;
    MarketWord word; // 0: not read yet; a plain cancel never needs it
}

/// Words of the book and how they are found. Each is reused by the market that stands a turn of the ring later; under
/// another tag it reads as empty. Entries carry no tag: none beyond its level's tail is ever read, and the first entry of a
/// word overwrites what was left in it.
abstract contract BookStorage is IOrderBookFacts, Times {
    IPaymentVault internal immutable VAULT;
    IGridOversight internal immutable OVERSIGHT;
    ISettlement internal immutable SETTLEMENT;

    // Arrays as long as their keys are wide, instead of mappings: finding a word needs no hash.
    MarketWord[1 << 32] private _markets; // by book
    LevelWord[1 << 48] private _levels; // by book, tick
    EntryWord[1 << 59] private _entries; // by book, tick, position / 4
    RecordWord[1 << 56] private _records; // by book, account
    Ticks internal _ticks;

    constructor(CalendarTimes memory times, IPaymentVault vault, IGridOversight oversight, ISettlement settlement)
        Times(times)
    {
        VAULT = vault;
        OVERSIGHT = oversight;
        SETTLEMENT = settlement;
    }

    // --- markets ------------------------------------------------------------------------------------------------

    // A memory struct that a function returns is made anew by every function it passes through; so these are filled instead.

    function _bookOf(Market market) internal view returns (Book memory book) {
        _find(book, market);
    }

    /// As `_bookOf`, to change it. A market so far ahead that turns are counted anew shares its words with one of today, and
    /// knows neither its fees nor what it reserved.
    function _tradedBookOf(Market market) internal view returns (Book memory book) {
        unchecked {
            // Times of 32 and 40 bits.
            bool isTraded = market.period() * PERIOD_SECONDS <= block.timestamp + OPENS_BEFORE;
            if (!isTraded) revert TradingNotOpen(market.period());
        }
        _find(book, market);
    }

    function _loadedBookOf(Market market) internal view returns (Book memory book) {
        _find(book, market);
        _load(book);
    }

    function _find(Book memory book, Market market) private view {
        (uint256 slot, uint256 tag) = _placeOf(market.period());
        book.market = market;
        book.key = ((uint256(Market.unwrap(market)) >> 32) << 16) | slot;
        book.tag = tag;
    }

    function _load(Book memory book) internal view {
        if (MarketWord.unwrap(book.word) != 0) return;
        MarketWord word = _markets[book.key];
        book.stored = word;
        book.word = word.tag() == book.tag ? word : MarketWord.wrap(book.tag);
    }

    /// Only an opened market has anything to keep: what an earlier one left unfinished must stay.
    function _save(Book memory book) internal {
        if (!(book.word == book.stored) && book.word.isOpened()) _markets[book.key] = book.word;
    }

    /// Writes the word of a place in the ring, if never written, as an earlier market's of which nothing is left.
    function _prepareMarket(uint256 key, uint256 tag) internal {
        if (MarketWord.unwrap(_markets[key]) == 0) _markets[key] = MarketWord.wrap(tag);
    }

    function _dropOpenLevel(Book memory book) internal view {
        _load(book);
        book.word = book.word.withoutOpenLevel();
    }

    /// Of a maker's entry that is collected or claimed `energyWh` traded.
    function _countCollected(Book memory book, uint256 energyWh) internal view {
        _load(book);
        book.word = book.word.withCollected(energyWh);
    }

    // --- price levels -------------------------------------------------------------------------------------------

    function _levelAt(Book memory book, uint256 tick) internal view returns (LevelWord level_) {
        level_ = _levels[_levelKey(book, tick)];
        if (level_.tag() != book.tag) level_ = emptyLevel(book.tag);
    }

    function _saveLevel(Book memory book, uint256 tick, LevelWord level_) internal {
        _levels[_levelKey(book, tick)] = level_;
    }

    /// The level's key and the place of the word with the entry at `position`: place 0 is the level's own word, the others are
    /// kept under the key, one beside the other.
    function _entriesKey(Book memory book, uint256 tick, uint256 position) internal pure returns (uint256) {
        return (_levelKey(book, tick) << 11) | (position >> 2);
    }

    function _entriesAt(uint256 key) internal view returns (EntryWord) {
        return _entries[key];
    }

    function _saveEntries(uint256 key, EntryWord four) internal {
        _entries[key] = four;
    }

    function _levelKey(Book memory book, uint256 tick) private pure returns (uint256) {
        return (book.key << 16) | tick;
    }

    // --- best prices --------------------------------------------------------------------------------------------

    // The best price of a side may stand on a level that ran empty, and only such a level is empty and still marked: who
    // would trade there reads the level anyway and moves the price on. A level that is emptied exactly costs one write less.

    /// A level ran empty: its mark goes, unless the best price stands there.
    function _unmark(Book memory book, uint256 tick) internal {
        _load(book);
        if (book.word.bestBid() != tick + 1 && book.word.bestOffer() != tick + 1) {
            _ticks.unmark(book.key, book.tag, tick);
        }
    }

    /// The best price moves on from `tick`, which is empty.
    function _moveBest(Book memory book, bool offers, uint256 tick) internal {
        _ticks.unmark(book.key, book.tag, tick);
        uint256 next = _nextTick(book, offers, tick);
        book.word = offers ? book.word.withBestOffer(next) : book.word.withBestBid(next);
    }

    /// One more than the best price at which energy rests, 0: none.
    function _liveBest(Book memory book, bool offers) internal view returns (uint256 best) {
        best = offers ? book.word.bestOffer() : book.word.bestBid();
        unchecked {
            if (best != 0 && _levelAt(book, best - 1).totalWh() == 0) best = _nextTick(book, offers, best - 1);
        }
    }

    /// One more than the marked tick behind `tick`, 0: none.
    function _nextTick(Book memory book, bool offers, uint256 tick) internal view returns (uint256) {
        return offers ? _ticks.above(book.key, book.tag, tick) : _ticks.below(book.key, book.tag, tick);
    }

    // --- records ------------------------------------------------------------------------------------------------

    function _recordOf(Book memory book, AccountId account) internal view returns (RecordWord found) {
        found = _records[_recordKey(book, account)];
        if (found.tag() != book.tag) found = emptyRecord(book.tag);
    }

    function _saveRecord(Book memory book, AccountId account, RecordWord word) internal {
        _records[_recordKey(book, account)] = word;
    }

    function _recordKey(Book memory book, AccountId account) private pure returns (uint256) {
        return (book.key << 24) | AccountId.unwrap(account);
    }

    /// The record with more fills.
    function _withFills(AccountId account, RecordWord word, RecordWord fills) internal pure returns (RecordWord) {
        unchecked {
            // 29 bits each.
            bool fits =
                word.boughtWh() + fills.boughtWh() <= MAX_RECORD_WH && word.soldWh() + fills.soldWh() <= MAX_RECORD_WH;
            if (!fits) revert PositionTooLarge(account);
        }
        return word.plus(fills);
    }

    // --- money --------------------------------------------------------------------------------------------------

    /// Back from the book's pot to the account.
    function _release(Book memory book, AccountId account, uint256 amount) internal {
        VAULT.release(account, _potOf(book), amount);
    }

    /// The vault's pot of the book: area and carrier.
    function _potOf(Book memory book) internal pure returns (uint96) {
        return uint96(Market.unwrap(book.market) >> 32);
    }
}
