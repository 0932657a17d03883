// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CancelReason} from "../interfaces/IOrderBook.sol";
import {AccountId} from "../types/AccountId.sol";
import {EntryWord} from "../types/Entry.sol";
import {LevelWord, positionOf} from "../types/LevelWord.sol";
import {OrderRef} from "../types/OrderRef.sol";
import {RecordWord} from "../types/RecordWord.sol";
import {BookEntries, Cursor} from "./BookEntries.sol";
import {Book} from "./BookStorage.sol";

/// An order on its way through the book.
struct Incoming {
    AccountId account;
    bool isOffer;
    uint256 tick; // its limit with the fee folded in
    uint256 lockTicks; // what a Wh of it locks
    uint256 energyWh; // not yet traded
    uint256 tradedWh;
    uint256 value; // Σ traded Wh × tick
    uint256 touches; // levels and entries touched
    uint256 maxTouches;
    RecordWord record;
}

using IncomingLibrary for Incoming global;

library IncomingLibrary {
    /// Whether an opposite order at `tick` is priced at or better than the limit.
    function reaches(Incoming memory self, uint256 tick) internal pure returns (bool) {
        return self.isOffer ? tick >= self.tick : tick <= self.tick;
    }
}

/// Trades an incoming order with what rests, best price first, oldest first, at the resting price.
abstract contract BookMatching is BookEntries {
    function _match(Book memory book, Incoming memory incoming) internal {
        while (incoming.energyWh != 0) {
            uint256 best = incoming.isOffer ? book.word.bestBid() : book.word.bestOffer();
            if (best == 0 || !incoming.reaches(best - 1)) return;
            _takeLevel(book, incoming, best - 1);
        }
    }

    function _takeLevel(Book memory book, Incoming memory incoming, uint256 tick) private {
        LevelWord level_ = _levelAt(book, tick);
        uint256 energyWh = level_.totalWh();
        _touch(incoming);
        if (incoming.energyWh < energyWh) {
            energyWh = incoming.energyWh;
            level_ = _partlyTaken(book, incoming, tick, level_);
        } else {
            level_ = level_.swept();
            _unmark(book, tick);
        }
        _saveLevel(book, tick, level_);
        emit LevelTaken(
            book.market, uint16(tick), uint40(energyWh), uint16(level_.head()), uint24(level_.headFilledWh())
        );
        incoming.energyWh -= energyWh;
        incoming.tradedWh += energyWh;
        incoming.value += energyWh * tick;
    }

    /// Walks the head over all entries that the order fills; stops at a live one, since the level holds more.
    function _partlyTaken(Book memory book, Incoming memory incoming, uint256 tick, LevelWord level_)
        private
        view
        returns (LevelWord)
    {
        uint256 first = positionOf(level_.head());
        uint256 last = first + incoming.maxTouches - incoming.touches;
        uint256 position = first;
        uint256 left = level_.headFilledWh() + incoming.energyWh; // counted from the head's beginning
        uint256 key = _entriesKey(book, tick, position);
        EntryWord four = (level_.holds(position) ? level_.entries() : _entriesAt(key)).from(position);
        uint256 energyWh = four.firstEnergyWh();
        unchecked {
            // At most 4,096 rounds; `left` falls by no more than it is.
            while (energyWh <= left) {
                if (position == last) revert TouchLimit(incoming.maxTouches);
                left -= energyWh;
                four = ++position & 3 == 0 ? _entriesAt(++key) : four.withoutFirst();
                energyWh = four.firstEnergyWh();
            }
        }
        incoming.touches += position - first;
        return level_.taken(incoming.energyWh, level_.head() + position - first, left);
    }

    function _touch(Incoming memory incoming) private pure {
        if (++incoming.touches > incoming.maxTouches) revert TouchLimit(incoming.maxTouches);
    }

    // --- own opposite orders ------------------------------------------------------------------------------------

    /// Cancels the account's own opposite orders that the incoming one would meet, of those the caller lists in rising
    /// sequence. Returns what their locks come to. A list of all entries of that side also proves its best price anew.
    function _cancelOwnOpposite(Book memory book, Incoming memory incoming, OrderRef[] calldata own)
        internal
        returns (uint256 released)
    {
        if (!_mayMeetOwn(incoming)) return 0;
        uint256 count = incoming.isOffer ? incoming.record.bids() : incoming.record.offers();
        uint256 listed;
        uint256 nearest = incoming.isOffer ? 0 : type(uint16).max;
        Cursor memory at;
        for (uint256 i; i < own.length; ++i) {
            if (i != 0 && OrderRef.unwrap(own[i]) <= OrderRef.unwrap(own[i - 1])) continue;
            _goTo(book, at, own[i]);
            if (!_isOwnOpposite(incoming, at)) continue;
            ++listed;
            if (at.restWh == 0 || incoming.reaches(own[i].tick())) released += _dropOwn(book, incoming, at);
            else nearest = _nearer(incoming, nearest, own[i].tick());
        }
        _flush(book, at);
        if (listed == count) _setOwnBest(incoming, nearest);
        else if (_mayMeetOwn(incoming)) revert OwnOrderInTheWay(_ownBest(incoming));
    }

    function _isOwnOpposite(Incoming memory incoming, Cursor memory at) private pure returns (bool) {
        return !at.isGone() && at.account() == incoming.account && at.entry.isOffer() != incoming.isOffer;
    }

    /// Collects the fill and cancels the rest.
    function _dropOwn(Book memory book, Incoming memory incoming, Cursor memory at) private returns (uint256 released) {
        _remove(book, at);
        incoming.record = _withFillOf(book, at, incoming.record);
        if (at.restWh == 0) return 0;
        emit OrderCancelled(book.market, at.ref, incoming.account, uint24(at.restWh), CancelReason.OwnOpposite);
        return at.restLock();
    }

    function _mayMeetOwn(Incoming memory incoming) private pure returns (bool) {
        uint256 count = incoming.isOffer ? incoming.record.bids() : incoming.record.offers();
        return count != 0 && incoming.reaches(_ownBest(incoming));
    }

    function _ownBest(Incoming memory incoming) private pure returns (uint256) {
        return incoming.isOffer ? incoming.record.highestBid() : incoming.record.lowestOffer();
    }

    function _setOwnBest(Incoming memory incoming, uint256 tick) private pure {
        incoming.record =
            incoming.isOffer ? incoming.record.withHighestBid(tick) : incoming.record.withLowestOffer(tick);
    }

    function _nearer(Incoming memory incoming, uint256 a, uint256 b) private pure returns (uint256) {
        return (a > b) == incoming.isOffer ? a : b;
    }
}
