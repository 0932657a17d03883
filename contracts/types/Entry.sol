// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "./AccountId.sol";

/// A resting order. From the lowest bit: account 24 | energyWh 23 | isOffer 1 | lockTicks 16. Energy 0: cancelled or collected.
/// `lockTicks` is what a Wh of it locks: a bid's limit, an offer's way from its limit up to retail.
type Entry is uint64;

/// Four entries in one word. Takers never write one.
type EntryWord is uint256;

using EntryLibrary for Entry global;
using EntryWordLibrary for EntryWord global;

function newEntry(AccountId account_, uint256 energyWh_, bool isOffer_, uint256 lockTicks_) pure returns (Entry) {
    uint256 lane = AccountId.unwrap(account_) | (energyWh_ << 24) | (lockTicks_ << 48);
    return Entry.wrap(uint64(isOffer_ ? lane | (1 << 47) : lane));
}

library EntryLibrary {
    function account(Entry self) internal pure returns (AccountId) {
        return AccountId.wrap(uint24(Entry.unwrap(self)));
    }

    function energyWh(Entry self) internal pure returns (uint256) {
        return (Entry.unwrap(self) >> 24) & 0x7fffff;
    }

    function isOffer(Entry self) internal pure returns (bool) {
        return (Entry.unwrap(self) >> 47) & 1 == 1;
    }

    function lockTicks(Entry self) internal pure returns (uint256) {
        return Entry.unwrap(self) >> 48;
    }
}

/// Entries are numbered by their position on the level; the lowest two bits tell the place in the word.
library EntryWordLibrary {
    function at(EntryWord self, uint256 position) internal pure returns (Entry) {
        return Entry.wrap(uint64(EntryWord.unwrap(self.from(position))));
    }

    /// The entries from `position` on, the first in the lowest bits.
    function from(EntryWord self, uint256 position) internal pure returns (EntryWord) {
        return EntryWord.wrap(EntryWord.unwrap(self) >> ((position & 3) << 6));
    }

    function withoutFirst(EntryWord self) internal pure returns (EntryWord) {
        return EntryWord.wrap(EntryWord.unwrap(self) >> 64);
    }

    function firstEnergyWh(EntryWord self) internal pure returns (uint256) {
        return (EntryWord.unwrap(self) >> 24) & 0x7fffff;
    }

    /// Cancelled or collected. The account stays, so that the word doesn't become zero: writing it again is cheaper then.
    function emptied(EntryWord self, uint256 position) internal pure returns (EntryWord) {
        return EntryWord.wrap(EntryWord.unwrap(self) & ~(uint256(0x7fffff << 24) << ((position & 3) << 6)));
    }

    function with(EntryWord self, uint256 position, Entry entry) internal pure returns (EntryWord) {
        uint256 shift = (position & 3) << 6;
        uint256 others = EntryWord.unwrap(self) & ~(uint256(type(uint64).max) << shift);
        return EntryWord.wrap(others | (uint256(Entry.unwrap(entry)) << shift));
    }
}
