// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CancelReason, IOrderBook} from "../interfaces/IOrderBook.sol";
import {Fill} from "../interfaces/ISettlement.sol";
import {AccountId} from "../types/AccountId.sol";
import {Market} from "../types/Market.sol";
import {OrderRef} from "../types/OrderRef.sol";
import {RecordWord} from "../types/RecordWord.sol";
import {BookEntries, Cursor} from "./BookEntries.sol";
import {Book} from "./BookStorage.sol";

/// What a claim has gathered so far.
struct Claimed {
    Fill[] fills;
    Fill last;
    uint256 count;
    uint256 boughtWh;
    uint256 soldWh;
    uint256 money; // Σ paid + Σ locked
}

/// From delivery start on, fills become positions in Settlement, or are undone in a void market. An entry's fill goes there
/// straight from the entry; its owner's count of own entries isn't kept any longer, since nothing can be placed.
abstract contract BookClaims is BookEntries {
    /// @inheritdoc IOrderBook
    function claim(Market market, OrderRef[] calldata refs, AccountId[] calldata accounts) external {
        if (!_hasStarted(market.period())) revert DeliveryNotStarted(market.period());
        Book memory book = _loadedBookOf(market);
        Claimed memory claimed;
        claimed.fills = new Fill[](refs.length + accounts.length);
        _claimEntries(book, refs, claimed);
        _claimRecords(book, accounts, claimed);
        bool closes = _closeIfDone(book);
        _save(book);
        _emitFills(market, claimed);
        _handOver(book, claimed);
        if (closes) SETTLEMENT.closeMarket(market);
    }

    // --- gathering ----------------------------------------------------------------------------------------------

    function _claimEntries(Book memory book, OrderRef[] calldata refs, Claimed memory claimed) private {
        Cursor memory at;
        for (uint256 i; i < refs.length; ++i) {
            _goTo(book, at, refs[i]);
            if (at.isGone()) continue;
            _remove(book, at);
            if (at.filledWh != 0) _add(claimed, at.account(), _fillOf(book, at));
            if (at.restWh != 0) _returnRest(book, at, CancelReason.GateClosed);
        }
        _flush(book, at);
    }

    function _claimRecords(Book memory book, AccountId[] calldata accounts, Claimed memory claimed) private {
        for (uint256 i; i < accounts.length; ++i) {
            RecordWord word = _recordOf(book, accounts[i]);
            if (!word.hasFills()) continue;
            _saveRecord(book, accounts[i], word.withoutFills());
            _dropOpenPart(book);
            _add(claimed, accounts[i], word);
        }
    }

    /// Adds fills of an account; neighbours of one account share one.
    function _add(Claimed memory claimed, AccountId account, RecordWord fills) private pure {
        Fill memory fill = claimed.last;
        if (claimed.count == 0 || fill.account != account) {
            fill = claimed.fills[claimed.count++];
            fill.account = account;
            claimed.last = fill;
        }
        unchecked {
            // A record and its account's 64 entries stay below 2^30 Wh and 2^46 cash units.
            fill.boughtWh += uint32(fills.boughtWh());
            fill.soldWh += uint32(fills.soldWh());
            fill.paid += uint64(fills.paid());
            fill.received += uint64(fills.received());
            fill.locked += uint64(fills.locked());
            claimed.boughtWh += fills.boughtWh();
            claimed.soldWh += fills.soldWh();
            claimed.money += fills.paid() + fills.locked();
        }
    }

    /// Nothing is open any more: Settlement shall know, once.
    function _closeIfDone(Book memory book) private pure returns (bool) {
        if (!book.word.isOpened() || book.word.isClosed() || book.word.openParts() != 0) return false;
        book.word = book.word.asClosed();
        return true;
    }

    // --- handing over -------------------------------------------------------------------------------------------

    function _emitFills(Market market, Claimed memory claimed) private {
        Fill[] memory fills = _cut(claimed);
        for (uint256 i; i < fills.length; ++i) {
            Fill memory fill = fills[i];
            emit FillsClaimed(market, fill.account, fill.boughtWh, fill.soldWh, fill.paid, fill.received, fill.locked);
        }
    }

    function _handOver(Book memory book, Claimed memory claimed) private {
        if (claimed.count == 0) return;
        if (OVERSIGHT.isVoid(address(this), book.market)) return _undo(book, claimed.fills);
        uint256 fees = claimed.boughtWh * book.word.levyBuyTicks() + claimed.soldWh * book.word.levySellTicks();
        uint96 toPot = uint96(uint40(Market.unwrap(book.market))); // carrier | period
        VAULT.move(_potOf(book), address(SETTLEMENT), toPot, claimed.money);
        SETTLEMENT.bookFills(book.market, claimed.fills, fees);
    }

    /// The market is void: each lock returns, wholly and to its own account.
    function _undo(Book memory book, Fill[] memory fills) private {
        for (uint256 i; i < fills.length; ++i) {
            _release(book, fills[i].account, fills[i].paid + fills[i].locked);
        }
    }

    /// Room was made for as many fills as were asked for; the unused end goes.
    function _cut(Claimed memory claimed) private pure returns (Fill[] memory fills) {
        fills = claimed.fills;
        uint256 count = claimed.count;
        assembly ("memory-safe") {
            mstore(fills, count)
        }
    }
}
