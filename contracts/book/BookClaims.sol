// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CancelReason, IOrderBook} from "../interfaces/IOrderBook.sol";
import {AccountId} from "../types/AccountId.sol";
import {Fill, toFill} from "../types/Fill.sol";
import {Market} from "../types/Market.sol";
import {OrderRef} from "../types/OrderRef.sol";
import {RecordWord} from "../types/RecordWord.sol";
import {BookEntries, Cursor} from "./BookEntries.sol";
import {Book} from "./BookStorage.sol";

/// What a claim has gathered so far.
struct Claimed {
    uint256[] fills; // a Fill each
    uint256 count;
    uint256 collectedWh; // what the makers' entries among them traded
}

/// What fills come to.
struct Sums {
    uint256 boughtWh;
    uint256 soldWh;
    uint256 money; // Σ paid + Σ locked
    uint256 fees;
}

/// From delivery start on, fills become positions in Settlement, or are undone in a void market. An entry's fill goes there
/// straight from the entry; its owner's count of own entries isn't kept any longer, since nothing can be placed.
abstract contract BookClaims is BookEntries {
    /// @inheritdoc IOrderBook
    function claim(Market market, OrderRef[] calldata refs, AccountId[] calldata accounts) external {
        if (!_hasStarted(market.period())) revert DeliveryNotStarted(market.period());
        Book memory book = _loadedBookOf(market);
        Claimed memory claimed;
        claimed.fills = new uint256[](refs.length + accounts.length);
        _claimEntries(book, refs, claimed);
        _claimRecords(book, accounts, claimed);
        uint256[] memory fills = _cut(claimed);
        Sums memory sums = _sumsOf(book, fills);
        book.word = book.word.withCollected(claimed.collectedWh).withClaimed(sums.boughtWh, sums.soldWh);
        bool closes = _closeIfDone(book);
        _save(book);
        if (fills.length != 0) _handOver(book, fills, sums);
        if (closes) SETTLEMENT.closeMarket(market);
    }

    // --- gathering ----------------------------------------------------------------------------------------------

    function _claimEntries(Book memory book, OrderRef[] calldata refs, Claimed memory claimed) private {
        Cursor memory at;
        for (uint256 i; i < refs.length; ++i) {
            _goTo(book, at, refs[i]);
            if (!at.isGone()) _claimEntry(book, at, claimed);
            _closeIfEmpty(book, at);
        }
        _flush(book, at);
    }

    function _claimEntry(Book memory book, Cursor memory at, Claimed memory claimed) private {
        _remove(book, at);
        if (at.filledWh != 0) {
            unchecked {
                claimed.collectedWh += at.filledWh; // 23 bits each
            }
            _addOrMerge(claimed, toFill(at.account(), _fillOf(book, at)));
        }
        if (at.restWh != 0) _returnRest(book, at, CancelReason.GateClosed);
    }

    function _claimRecords(Book memory book, AccountId[] calldata accounts, Claimed memory claimed) private {
        for (uint256 i; i < accounts.length; ++i) {
            AccountId account = accounts[i];
            RecordWord word = _recordOf(book, account);
            if (!word.hasFills()) continue;
            _saveRecord(book, account, word.withoutFills());
            _add(claimed, toFill(account, word));
        }
    }

    function _add(Claimed memory claimed, Fill fill) private pure {
        unchecked {
            claimed.fills[claimed.count++] = Fill.unwrap(fill);
        }
    }

    /// Neighbouring entries of one account share a fill.
    function _addOrMerge(Claimed memory claimed, Fill fill) private pure {
        uint256 count = claimed.count;
        if (count == 0) return _add(claimed, fill);
        unchecked {
            Fill last = Fill.wrap(claimed.fills[count - 1]);
            if (last.account() != fill.account()) return _add(claimed, fill);
            claimed.fills[count - 1] = Fill.unwrap(last.plus(fill));
        }
    }

    function _sumsOf(Book memory book, uint256[] memory fills) private view returns (Sums memory sums) {
        unchecked {
            // Nothing here comes near 256 bits.
            for (uint256 i; i < fills.length; ++i) {
                Fill fill = Fill.wrap(fills[i]);
                (uint256 boughtWh, uint256 soldWh) = (fill.boughtWh(), fill.soldWh());
                if (boughtWh != 0) sums.fees += boughtWh * _feeTicks(book, fill.account(), false);
                if (soldWh != 0) sums.fees += soldWh * _feeTicks(book, fill.account(), true);
                sums.boughtWh += boughtWh;
                sums.soldWh += soldWh;
                sums.money += fill.paid() + fill.locked();
            }
        }
    }

    /// Nothing is open any more: Settlement shall know, once.
    function _closeIfDone(Book memory book) private pure returns (bool) {
        if (!book.word.isOpened() || book.word.isClosed() || !book.word.isDone()) return false;
        book.word = book.word.asClosed();
        return true;
    }

    // --- handing over -------------------------------------------------------------------------------------------

    function _handOver(Book memory book, uint256[] memory fills, Sums memory sums) private {
        if (OVERSIGHT.isVoid(address(this), book.market)) return _undo(book, fills);
        VAULT.move(_potOf(book), address(SETTLEMENT), _potOfPeriod(book), sums.money);
        SETTLEMENT.bookFills(book.market, fills, sums.fees);
    }

    /// The market is void: each lock returns, wholly and to its own account, and the way of its energy is free again.
    function _undo(Book memory book, uint256[] memory fills) private {
        emit FillsUndone(book.market, fills);
        for (uint256 i; i < fills.length; ++i) {
            Fill fill = Fill.wrap(fills[i]);
            AccountId account = fill.account();
            _returnLimits(book, book.word.isCapped(), account, false, fill.boughtWh());
            _returnLimits(book, book.word.isCapped(), account, true, fill.soldWh());
            _release(book, account, fill.paid() + fill.locked());
        }
    }

    /// Settlement's pot: carrier and place in the ring.
    function _potOfPeriod(Book memory book) private pure returns (uint96) {
        return (uint96(book.market.carrier()) << 32) | uint16(book.key);
    }

    /// Room was made for as many fills as were asked for; the unused end goes.
    function _cut(Claimed memory claimed) private pure returns (uint256[] memory fills) {
        fills = claimed.fills;
        uint256 count = claimed.count;
        assembly ("memory-safe") {
            mstore(fills, count)
        }
    }
}
