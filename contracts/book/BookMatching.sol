// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CancelReason} from "../interfaces/IOrderBook.sol";
import {AccountId} from "../types/AccountId.sol";
import {EntryWord} from "../types/Entry.sol";
import {LevelWord, indexOf, positionOf} from "../types/LevelWord.sol";
import {Market} from "../types/Market.sol";
import {OrderRef} from "../types/OrderRef.sol";
import {RecordWord} from "../types/RecordWord.sol";
import {BookEntries, Cursor} from "./BookEntries.sol";
import {Book} from "./BookStorage.sol";

/// An order on its way through the book.
struct Incoming {
    AccountId account;
    bool isOffer;
    uint256 tick; // its limit with the fee folded in
    uint256 feeTicks;
    uint256 lockTicks; // what a Wh of it locks
    uint256 energyWh; // not yet traded
    uint256 tradedWh;
    uint256 value; // Σ traded Wh × tick
    uint256 touches; // levels and entries touched
    uint256 maxTouches;
    RecordWord record;
    OrderRef ref; // where its remainder rests
    uint256 restWh;
    uint256 locked; // what all of it locks, cash units
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
    /// A `postOnly` order is refused instead of trading.
    function _match(Book memory book, Incoming memory incoming, bool postOnly) internal {
        unchecked {
            while (incoming.energyWh != 0) {
                uint256 best = incoming.isOffer ? book.word.bestBid() : book.word.bestOffer();
                if (best == 0 || !incoming.reaches(best - 1)) return;
                LevelWord level_ = _levelAt(book, best - 1);
                if (level_.totalWh() == 0) _moveBest(book, !incoming.isOffer, best - 1);
                else if (postOnly) revert WouldTrade(best - 1);
                else _takeLevel(book, incoming, best - 1, level_);
            }
        }
    }

    function _takeLevel(Book memory book, Incoming memory incoming, uint256 tick, LevelWord level_) private {
        (uint256 energyWh, uint256 wantedWh) = (level_.totalWh(), incoming.energyWh);
        _touch(incoming);
        if (wantedWh < energyWh) {
            energyWh = wantedWh;
            level_ = _partlyTaken(book, incoming, tick, level_);
        } else {
            level_ = level_.swept();
            if (wantedWh != energyWh) _moveBest(book, !incoming.isOffer, tick);
        }
        _saveLevel(book, tick, level_);
        emit LevelTaken(
            book.market, uint16(tick), uint40(energyWh), uint16(level_.head()), uint24(level_.headFilledWh())
        );
        unchecked {
            // No more than was wanted, at ticks of 16 bits.
            incoming.energyWh = wantedWh - energyWh;
            incoming.tradedWh += energyWh;
            incoming.value += energyWh * tick;
        }
    }

    /// Walks the head over all entries that the order fills; stops at a live one, since the level holds more.
    function _partlyTaken(Book memory book, Incoming memory incoming, uint256 tick, LevelWord level_)
        private
        view
        returns (LevelWord)
    {
        unchecked {
            // At most 4,096 rounds; `left` falls by no more than it is.
            uint256 position = positionOf(level_.head());
            uint256 last = position + incoming.maxTouches - incoming.touches;
            uint256 left = level_.headFilledWh() + incoming.energyWh; // counted from the head's beginning
            uint256 key = _entriesKey(book, tick, position);
            EntryWord four = (level_.holds(position) ? level_.entries() : _entriesAt(key)).from(position);
            uint256 energyWh = four.firstEnergyWh();
            while (energyWh <= left) {
                if (position == last) revert TouchLimit(incoming.maxTouches);
                left -= energyWh;
                four = ++position & 3 == 0 ? _entriesAt(++key) : four.withoutFirst();
                energyWh = four.firstEnergyWh();
            }
            incoming.touches = incoming.maxTouches - (last - position);
            return level_.taken(incoming.energyWh, indexOf(position), left);
        }
    }

    function _touch(Incoming memory incoming) private pure {
        unchecked {
            if (++incoming.touches > incoming.maxTouches) revert TouchLimit(incoming.maxTouches);
        }
    }

    // --- own opposite orders ------------------------------------------------------------------------------------

    /// Cancels the account's own opposite orders that the incoming one would meet, of those the caller lists in rising
    /// sequence, and returns their locks. A list of all entries of that side also proves its best price anew.
    function _cancelOwnOpposite(Book memory book, Incoming memory incoming, OrderRef[] calldata own) internal {
        if (!_mayMeetOwn(incoming)) return;
        uint256 released;
        uint256 count = incoming.isOffer ? incoming.record.bids() : incoming.record.offers();
        uint256 listed;
        uint256 nearest = incoming.isOffer ? 0 : type(uint16).max;
        Cursor memory at;
        for (uint256 i; i < own.length; ++i) {
            if (i != 0 && OrderRef.unwrap(own[i]) <= OrderRef.unwrap(own[i - 1])) break; // none counts twice
            _goTo(book, at, own[i]);
            if (!_isOwnOpposite(incoming, at)) continue;
            ++listed;
            if (at.restWh == 0 || incoming.reaches(own[i].tick())) released += _dropOwn(book, incoming, at);
            else nearest = _nearer(incoming, nearest, own[i].tick());
        }
        _flush(book, at);
        if (listed == count) _setOwnBest(incoming, nearest);
        else if (_mayMeetOwn(incoming)) revert OwnOrderInTheWay(_ownBest(incoming));
        if (released != 0) _release(book, incoming.account, released);
    }

    function _isOwnOpposite(Incoming memory incoming, Cursor memory at) private pure returns (bool) {
        return !at.isGone() && at.account() == incoming.account && at.entry.isOffer() != incoming.isOffer;
    }

    /// Collects the fill and cancels the rest.
    function _dropOwn(Book memory book, Incoming memory incoming, Cursor memory at) private returns (uint256 released) {
        _remove(book, at);
        _closeIfEmpty(book, at);
        if (at.filledWh != 0) _countCollected(book, at.filledWh);
        incoming.record = _withFillOf(book, at, incoming.record);
        if (at.restWh == 0) return 0;
        _freeRest(book, at.level, at.ref, at.entry, at.restWh, CancelReason.OwnOpposite);
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
