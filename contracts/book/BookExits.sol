// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CancelReason} from "../interfaces/IOrderBook.sol";
import {AccountId} from "../types/AccountId.sol";
import {Entry, EntryWord, newEntry} from "../types/Entry.sol";
import {LevelWord, positionOf} from "../types/LevelWord.sol";
import {Market} from "../types/Market.sol";
import {OrderRef} from "../types/OrderRef.sol";
import {BookEntries, Cursor} from "./BookEntries.sol";
import {Book} from "./BookStorage.sol";

/// Cancelling. The vault calls nobody back, so a page may pay before its last write.
abstract contract BookExits is BookEntries {
    /// Whichever account the order is of.
    AccountId internal constant ANY_ACCOUNT = AccountId.wrap(0);

    /// Cancels a live order of `wanted`, whose owner is `owner`. One that hasn't traded, nearly every one, needs no cursor.
    function _cancel(Market market, OrderRef ref, AccountId wanted, address owner) internal {
        Book memory book = _tradedBookOf(market);
        uint256 key = _entriesKey(book, ref.tick(), positionOf(ref.index()));
        LevelWord level_ = _levelAt(book, ref.tick());
        bool untouched = ref.index() != level_.head() || level_.headFilledWh() == 0;
        Entry entry = untouched ? _takeUntouched(book, ref, key, level_) : _takePartlyFilled(book, ref);
        AccountId account = entry.account();
        if (wanted != ANY_ACCOUNT && wanted != account) revert NotYourOrder(ref, wanted);
        uint256 restWh = entry.energyWh();
        _freeRest(book, level_, ref, entry, restWh, CancelReason.Owner);
        unchecked {
            VAULT.releaseOwned(account, owner, _potOf(book), restWh * entry.lockTicks()); // 23 bits by 16
        }
    }

    /// Takes an entry of which nothing has traded off its level, and out of its owner's count.
    function _takeUntouched(Book memory book, OrderRef ref, uint256 key, LevelWord level_)
        private
        returns (Entry entry)
    {
        uint256 index = ref.index();
        uint256 position = positionOf(index);
        bool apart = _isApart(key);
        EntryWord four = apart ? _entriesAt(key) : level_.entries();
        entry = four.at(position);
        uint256 restWh = entry.energyWh();
        if (index < level_.head() || index >= level_.tail() || restWh == 0) revert OrderNotLive(ref);
        level_ = level_.withoutEntry(index, restWh);
        if (apart) _saveEntries(key, four.emptied(position));
        else level_ = level_.emptied(position);
        _saveLevel(book, ref.tick(), level_);
        if (level_.totalWh() == 0) _unmark(book, ref.tick());
        _uncount(book, entry);
    }

    function _uncount(Book memory book, Entry entry) private {
        AccountId account = entry.account();
        _saveRecord(book, account, _recordOf(book, account).withoutEntry(entry.isOffer()));
    }

    /// Takes out a head that has traded in part. Returns it with the energy of its rest.
    function _takePartlyFilled(Book memory book, OrderRef ref) private returns (Entry) {
        Cursor memory at;
        _lookAt(book, at, ref);
        _takeOut(book, at);
        _flush(book, at);
        _save(book);
        return newEntry(at.account(), at.restWh, at.entry.isOffer(), at.entry.lockTicks());
    }

    /// Cancels what is live of `refs` and `account`'s, which `owner` owns.
    function _cancelAll(Market market, OrderRef[] calldata refs, AccountId account, address owner) internal {
        Book memory book = _tradedBookOf(market);
        Cursor memory at;
        uint256 released;
        for (uint256 i; i < refs.length; ++i) {
            _goTo(book, at, refs[i]);
            if (at.restWh == 0 || at.account() != account) continue;
            _takeOut(book, at);
            _freeRest(book, at.level, at.ref, at.entry, at.restWh, CancelReason.Owner);
            unchecked {
                released += at.restLock(); // 39 bits each
            }
        }
        _flush(book, at);
        _save(book);
        VAULT.releaseOwned(account, owner, _potOf(book), released);
    }
}
