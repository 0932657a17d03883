// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CancelReason, IOrderBook} from "../interfaces/IOrderBook.sol";
import {AccountId} from "../types/AccountId.sol";
import {Market} from "../types/Market.sol";
import {OrderRef} from "../types/OrderRef.sol";
import {BookEntries, Cursor} from "./BookEntries.sol";
import {Book} from "./BookStorage.sol";

/// Ways out of the book before delivery: cancel, return, collect. Entries of a page that are gone already are passed over, so
/// that two helpful callers don't hold up each other. The vault calls nobody back, so a page may pay before its last write.
abstract contract BookExits is BookEntries {
    /// Whichever account the order is of.
    AccountId internal constant ANY_ACCOUNT = AccountId.wrap(0);

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
        function(Cursor memory) view returns (bool) concerns,
        CancelReason reason
    ) private {
        Book memory book = _bookOf(market);
        Cursor memory at;
        for (uint256 i; i < refs.length; ++i) {
            _goTo(book, at, refs[i]);
            if (!concerns(at)) continue;
            _takeOut(book, at);
            if (at.restWh != 0) _returnRest(book, at, reason);
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

    /// Cancels a live order of `account`, which `owner` owns.
    function _cancel(Market market, OrderRef ref, AccountId account, address owner) internal {
        Book memory book = _bookOf(market);
        Cursor memory at;
        _goTo(book, at, ref);
        if (account == ANY_ACCOUNT) account = at.account();
        if (at.restWh == 0) revert OrderNotLive(ref);
        if (at.account() != account || VAULT.ownerOf(account) != owner) revert NotYourOrder(ref, account);
        _takeOut(book, at);
        _flush(book, at);
        _save(book);
        _returnRest(book, at, CancelReason.Owner);
    }
}
