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
        book.word = book.word.withClaimed(claimed.boughtWh, claimed.soldWh);
        bool closes = _closeIfDone(book);
        _save(book);
        if (claimed.count != 0) _handOver(book, claimed);
        if (closes) SETTLEMENT.closeMarket(market);
    }

    // --- gathering ----------------------------------------------------------------------------------------------

    function _claimEntries(Book memory book, OrderRef[] calldata refs, Claimed memory claimed) private {
        Cursor memory at;
        for (uint256 i; i < refs.length; ++i) {
            _goTo(book, at, refs[i]);
            if (at.isGone()) continue;
            _remove(book, at);
            if (at.filledWh != 0) _add(book, claimed, at.account(), _fillOf(book, at));
            if (at.restWh != 0) _returnRest(book, at, CancelReason.GateClosed);
        }
        _flush(book, at);
    }

    function _claimRecords(Book memory book, AccountId[] calldata accounts, Claimed memory claimed) private {
        for (uint256 i; i < accounts.length; ++i) {
            RecordWord word = _recordOf(book, accounts[i]);
            if (!word.hasFills()) continue;
            _saveRecord(book, accounts[i], word.withoutFills());
            _add(book, claimed, accounts[i], word);
        }
    }

    /// Adds fills of an account; neighbours of one account share a word.
    function _add(Book memory book, Claimed memory claimed, AccountId account, RecordWord fills) private view {
        Fill fill = toFill(account, fills);
        unchecked {
            // Nothing here comes near 256 bits.
            claimed.money += fills.paid() + fills.locked();
            claimed.fees += _feesOf(book, account, fills);
            claimed.boughtWh += fills.boughtWh();
            claimed.soldWh += fills.soldWh();
            uint256 count = claimed.count;
            if (count != 0 && Fill.wrap(claimed.fills[count - 1]).account() == account) {
                claimed.fills[count - 1] = Fill.unwrap(Fill.wrap(claimed.fills[count - 1]).plus(fill));
            } else {
                claimed.fills[count] = Fill.unwrap(fill);
                claimed.count = count + 1;
            }
        }
    }

    function _feesOf(Book memory book, AccountId account, RecordWord fills) private view returns (uint256 fees) {
        (uint256 boughtWh, uint256 soldWh) = (fills.boughtWh(), fills.soldWh());
        if (boughtWh != 0) fees = boughtWh * _feeTicks(book, account, false);
        if (soldWh != 0) fees += soldWh * _feeTicks(book, account, true);
    }

    /// Nothing is open any more: Settlement shall know, once.
    function _closeIfDone(Book memory book) private pure returns (bool) {
        if (!book.word.isOpened() || book.word.isClosed() || !book.word.isDone()) return false;
        book.word = book.word.asClosed();
        return true;
    }

    // --- handing over -------------------------------------------------------------------------------------------

    function _handOver(Book memory book, Claimed memory claimed) private {
        uint256[] memory fills = _cut(claimed);
        if (OVERSIGHT.isVoid(address(this), book.market)) return _undo(book, fills);
        VAULT.move(_potOf(book), address(SETTLEMENT), _potOfPeriod(book), claimed.money);
        SETTLEMENT.bookFills(book.market, fills, claimed.fees);
    }

    /// The market is void: each lock returns, wholly and to its own account.
    function _undo(Book memory book, uint256[] memory fills) private {
        emit FillsUndone(book.market, fills);
        for (uint256 i; i < fills.length; ++i) {
            Fill fill = Fill.wrap(fills[i]);
            _release(book, fill.account(), fill.paid() + fill.locked());
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
