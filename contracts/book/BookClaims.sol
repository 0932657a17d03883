// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CancelReason, IOrderBookMain} from "../interfaces/IOrderBook.sol";
import {AccountId} from "../types/AccountId.sol";
import {
    FILL_BOUGHT,
    FILL_BOUGHT_AT,
    FILL_LOCKED,
    FILL_LOCKED_AT,
    FILL_PAID,
    FILL_PAID_AT,
    FILL_SOLD,
    FILL_SOLD_AT,
    Fill,
    toFill
} from "../types/Fill.sol";
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

/// From delivery start on, fills become positions in Settlement, or are undone in a void market. An entry's fill goes there
/// straight from the entry; its owner's count of own entries isn't kept any longer, since nothing can be placed.
abstract contract BookClaims is IOrderBookMain, BookEntries {
    /// @inheritdoc IOrderBookMain
    function claim(Market market, OrderRef[] calldata refs, AccountId[] calldata accounts) external {
        if (!_hasStarted(market.period())) revert DeliveryNotStarted(market.period());
        Book memory book = _loadedBookOf(market);
        Claimed memory claimed;
        claimed.fills = new uint256[](refs.length + accounts.length);
        _claimEntries(book, refs, claimed);
        _claimRecords(book, accounts, claimed);
        uint256[] memory fills = _cut(claimed);
        book.word = book.word.withCollected(claimed.collectedWh);
        (uint256 money, uint256 fees) = _countClaimed(book, fills);
        bool closes = _closeIfDone(book);
        _save(book);
        if (fills.length != 0) _handOver(book, fills, money, fees);
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
                claimed.fills[claimed.count++] = Fill.unwrap(toFill(at.account(), _fillOf(book, at)));
            }
        }
        if (at.restWh != 0) _returnRest(book, at, CancelReason.GateClosed);
    }

    function _claimRecords(Book memory book, AccountId[] calldata accounts, Claimed memory claimed) private {
        uint256[] memory fills = claimed.fills;
        uint256 count = claimed.count;
        for (uint256 i; i < accounts.length; ++i) {
            AccountId account = accounts[i];
            RecordWord word = _recordOf(book, account);
            if (!word.hasFills()) continue;
            _saveRecord(book, account, word.withoutFills());
            unchecked {
                fills[count++] = Fill.unwrap(toFill(account, word));
            }
        }
        claimed.count = count;
    }

    /// Adds up every other field of all fills at once: each then has room for its sum up to where the next one starts.
    function _countClaimed(Book memory book, uint256[] memory fills)
        private
        view
        returns (uint256 money, uint256 fees)
    {
        (uint256 some, uint256 others) = (0, 0);
        uint256 area = book.market.area();
        unchecked {
            // 2^24 accounts of at most 2^46 cash units and 2^30 Wh.
            for (uint256 i; i < fills.length; ++i) {
                uint256 word = fills[i];
                some += word & (FILL_SOLD | FILL_PAID);
                others += word & (FILL_BOUGHT | FILL_LOCKED);
                if (Fill.wrap(word).account().area() != area) fees += _networkFees(book, Fill.wrap(word));
            }
            (uint256 boughtWh, uint256 soldWh) = (uint64(others >> FILL_BOUGHT_AT), uint64(some >> FILL_SOLD_AT));
            money = (some >> FILL_PAID_AT) + (others >> FILL_LOCKED_AT);
            fees += boughtWh * book.word.levyBuyTicks() + soldWh * book.word.levySellTicks();
            book.word = book.word.withClaimed(boughtWh, soldWh);
        }
    }

    function _networkFees(Book memory book, Fill fill) private view returns (uint256) {
        uint256 feeTicks = _networkFee(book, fill.account().area());
        unchecked {
            return (fill.boughtWh() + fill.soldWh()) * feeTicks; // 30 bits by 16
        }
    }

    /// Nothing is open any more: Settlement shall know, once.
    function _closeIfDone(Book memory book) private pure returns (bool) {
        if (!book.word.isOpened() || book.word.isClosed() || !book.word.isDone()) return false;
        book.word = book.word.asClosed();
        return true;
    }

    // --- handing over -------------------------------------------------------------------------------------------

    function _handOver(Book memory book, uint256[] memory fills, uint256 money, uint256 fees) private {
        if (OVERSIGHT.isVoid(address(this), book.market)) return _undo(book, fills);
        VAULT.move(_potOf(book), address(SETTLEMENT), _potOfPeriod(book), money);
        SETTLEMENT.bookFills(book.market, fills, fees);
    }

    /// The market is void: each lock returns, wholly and to its own account, and the way of its energy is free again.
    function _undo(Book memory book, uint256[] memory fills) private {
        emit FillsUndone(book.market, fills);
        for (uint256 i; i < fills.length; ++i) {
            Fill fill = Fill.wrap(fills[i]);
            AccountId account = fill.account();
            _returnLimits(book, book.word.isCapped(), account, false, fill.boughtWh());
            _returnLimits(book, book.word.isCapped(), account, true, fill.soldWh());
            unchecked {
                _release(book, account, fill.paid() + fill.locked()); // 45 bits each
            }
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
