// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CancelReason, IOrderBook} from "../interfaces/IOrderBook.sol";
import {AccountId} from "../types/AccountId.sol";
import {Market} from "../types/Market.sol";
import {OrderRef} from "../types/OrderRef.sol";
import {Book} from "./BookStorage.sol";
import {BookEntries, Traded} from "./BookEntries.sol";

/// Ways out of the book before delivery: cancel, return, collect. Entries of a page that are gone already are passed over, so
/// that two helpful callers don't hold up each other.
abstract contract BookExits is BookEntries {
    /// @inheritdoc IOrderBook
    function collect(Market market, OrderRef[] calldata refs) external {
        _takeOutEach(market, refs, _isFilled, CancelReason.Owner);
    }

    /// @inheritdoc IOrderBook
    function returnRests(Market market, OrderRef[] calldata refs) external {
        if (block.timestamp + GATE_BEFORE < _startsAt(market.period())) revert GateNotClosed(market.period());
        _takeOutEach(market, refs, _isThere, CancelReason.GateClosed);
    }

    /// @inheritdoc IOrderBook
    function cancelNotAdmitted(Market market, OrderRef[] calldata refs) external {
        _takeOutEach(market, refs, _isNotAdmitted, CancelReason.NotAdmitted);
    }

    function _takeOutEach(
        Market market,
        OrderRef[] calldata refs,
        function(Traded memory) view returns (bool) concerns,
        CancelReason reason
    ) private {
        Book memory book = _bookOf(market);
        for (uint256 i; i < refs.length; ++i) {
            Traded memory found = _find(book, refs[i]);
            if (!concerns(found)) continue;
            _takeOut(book, found);
            if (found.restWh != 0) _returnRest(book, found, reason);
        }
        _save(book);
    }

    function _isFilled(Traded memory found) private pure returns (bool) {
        return found.filledWh != 0 && found.restWh == 0;
    }

    function _isThere(Traded memory found) private pure returns (bool) {
        return !found.isGone();
    }

    function _isNotAdmitted(Traded memory found) private view returns (bool) {
        if (found.restWh == 0) return false;
        (bool buyer, bool seller) = VAULT.rightsOf(found.entry.account());
        return found.entry.isOffer() ? !seller : !buyer;
    }

    /// Cancels a live order that `owner` placed.
    function _cancel(Market market, OrderRef ref, address owner) internal {
        Book memory book = _bookOf(market);
        Traded memory found = _find(book, ref);
        if (found.restWh == 0) revert OrderNotLive(ref);
        AccountId account = found.entry.account();
        if (VAULT.ownerOf(account) != owner) revert NotYourOrder(ref, account);
        _takeOut(book, found);
        _save(book);
        _returnRest(book, found, CancelReason.Owner);
    }
}
