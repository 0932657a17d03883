// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CancelReason, IOrderBookExtension} from "../interfaces/IOrderBook.sol";
import {LevelWord} from "../types/LevelWord.sol";
import {Market} from "../types/Market.sol";
import {MAX_PRICE_TICKS} from "../types/Order.sol";
import {OrderRef, toOrderRef} from "../types/OrderRef.sol";
import {BookEntries, Cursor} from "./BookEntries.sol";
import {Book} from "./BookStorage.sol";

/// What anybody may do for all: collect, return, move heads on. Entries of a page that are gone already are passed over, so that
/// two helpful callers don't hold up each other. The vault calls nobody back, so a page may pay before its last write.
abstract contract BookUpkeep is IOrderBookExtension, BookEntries {
    /// @inheritdoc IOrderBookExtension
    function collect(Market market, OrderRef[] calldata refs) external {
        _takeOutEach(market, refs, _isFilled, CancelReason.Owner);
    }

    /// @inheritdoc IOrderBookExtension
    function returnRests(Market market, OrderRef[] calldata refs) external {
        if (block.timestamp + GATE_BEFORE < _startsAt(market.period())) revert GateNotClosed(market.period());
        _takeOutEach(market, refs, _isThere, CancelReason.GateClosed);
    }

    /// @inheritdoc IOrderBookExtension
    function cancelNotAdmitted(Market market, OrderRef[] calldata refs) external {
        _takeOutEach(market, refs, _isNotAdmitted, CancelReason.NotAdmitted);
    }

    /// @inheritdoc IOrderBookExtension
    function noteVoid(Market market) external {
        if (!OVERSIGHT.isVoid(address(this), market)) revert MarketNotVoid(market);
        Book memory book = _loadedBookOf(market);
        book.word = book.word.asVoided();
        _save(book);
    }

    function _takeOutEach(
        Market market,
        OrderRef[] calldata refs,
        function(Cursor memory) view returns (bool) concerns,
        CancelReason reason
    ) private {
        Book memory book = _tradedBookOf(market);
        Cursor memory at;
        for (uint256 i; i < refs.length; ++i) {
            _goTo(book, at, refs[i]);
            if (concerns(at)) {
                _takeOut(book, at);
                if (at.restWh != 0) _returnRest(book, at, reason);
            }
            _closeIfEmpty(book, at);
        }
        _flush(book, at);
        _save(book);
    }

    function _isFilled(Cursor memory at) private pure returns (bool) {
        return at.filledWh != 0 && at.restWh == 0;
    }

    function _isThere(Cursor memory at) private pure returns (bool) {
        return !at.isGone();
    }

    function _isNotAdmitted(Cursor memory at) private view returns (bool) {
        if (at.restWh == 0) return false;
        (bool buyer, bool seller) = VAULT.rightsOf(at.account());
        return at.entry.isOffer() ? !seller : !buyer;
    }

    /// @inheritdoc IOrderBookExtension
    function skip(Market market, uint256 tick, uint256 most) external {
        if (tick > MAX_PRICE_TICKS) revert PriceOutOfRange(tick); // another market's level stands there
        Book memory book = _tradedBookOf(market);
        LevelWord level_ = _levelAt(book, tick);
        if (level_.totalWh() == 0) return; // nobody walks it
        uint256 head = level_.head();
        uint256 index = head;
        Cursor memory at;
        unchecked {
            // A live entry ends it at the latest.
            for (; index - head < most; ++index) {
                _lookAt(book, at, toOrderRef(tick, index));
                if (!at.isGone()) break;
            }
        }
        if (index == head) return;
        _saveLevel(book, tick, level_.withHead(index, 0));
        emit HeadSkipped(market, uint16(tick), uint16(index));
    }
}
