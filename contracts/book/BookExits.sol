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

    /// Cancels a live order of `account`, which `owner` owns.
    function _cancel(Market market, OrderRef ref, AccountId account, address owner) internal {
        Book memory book = _bookOf(market);
        Cursor memory at;
        _lookAt(book, at, ref);
        if (at.restWh == 0) revert OrderNotLive(ref);
        if (account == ANY_ACCOUNT) account = at.account();
        else if (account != at.account()) revert NotYourOrder(ref, account);
        _takeOut(book, at);
        _flush(book, at);
        _save(book);
        _freeRest(book, at, CancelReason.Owner);
        VAULT.releaseOwned(account, owner, _potOf(book), at.restLock());
    }

    /// Cancels what is live of `refs` and `account`'s, which `owner` owns.
    function _cancelAll(Market market, OrderRef[] calldata refs, AccountId account, address owner) internal {
        Book memory book = _bookOf(market);
        Cursor memory at;
        uint256 released;
        for (uint256 i; i < refs.length; ++i) {
            _goTo(book, at, refs[i]);
            if (at.restWh == 0 || at.account() != account) continue;
            _takeOut(book, at);
            _freeRest(book, at, CancelReason.Owner);
            released += at.restLock();
        }
        _flush(book, at);
        _save(book);
        VAULT.releaseOwned(account, owner, _potOf(book), released);
    }
}
