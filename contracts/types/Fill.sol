// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "./AccountId.sol";
import {FILLS, RecordWord} from "./RecordWord.sol";

/// What an account's fills in one market come to, as a venue hands it to Settlement: the fields of a RecordWord that hold
/// fills, where they stand there, and the account. From the lowest bit:
///
///   bits    field
///   16      unused
///   29      soldWh
///   29      boughtWh
///   45      received      cash units its sales earn, fees taken off
///   45      locked        of its sales
///   45      paid          cash units its bids cost, fees included
///   24      account
///   23      unused
type Fill is uint256;

using FillLibrary for Fill global;

uint256 constant FILL_SOLD_AT = 16;
uint256 constant FILL_BOUGHT_AT = 45;
uint256 constant FILL_LOCKED_AT = 119;
uint256 constant FILL_PAID_AT = 164;
uint256 constant ACCOUNT_AT = 209;

uint256 constant FILL_SOLD = ((1 << 29) - 1) << FILL_SOLD_AT;
uint256 constant FILL_BOUGHT = ((1 << 29) - 1) << FILL_BOUGHT_AT;
uint256 constant FILL_RECEIVED = ((1 << 45) - 1) << 74;
uint256 constant FILL_LOCKED = ((1 << 45) - 1) << FILL_LOCKED_AT;
uint256 constant FILL_PAID = ((1 << 45) - 1) << FILL_PAID_AT;

/// The fills that a record holds.
function toFill(AccountId account_, RecordWord fills) pure returns (Fill) {
    return Fill.wrap((RecordWord.unwrap(fills) & FILLS) | (uint256(AccountId.unwrap(account_)) << ACCOUNT_AT));
}

library FillLibrary {
    uint256 private constant MONEY_FREE = 256 - 45;

    function account(Fill self) internal pure returns (AccountId) {
        return AccountId.wrap(uint24(Fill.unwrap(self) >> ACCOUNT_AT));
    }

    function soldWh(Fill self) internal pure returns (uint256) {
        return RecordWord.wrap(Fill.unwrap(self)).soldWh();
    }

    function boughtWh(Fill self) internal pure returns (uint256) {
        return RecordWord.wrap(Fill.unwrap(self)).boughtWh();
    }

    function received(Fill self) internal pure returns (uint256) {
        return RecordWord.wrap(Fill.unwrap(self)).received();
    }

    function locked(Fill self) internal pure returns (uint256) {
        return RecordWord.wrap(Fill.unwrap(self)).locked();
    }

    function paid(Fill self) internal pure returns (uint256) {
        return RecordWord.wrap(Fill.unwrap(self)).paid();
    }

    /// What it brings with it: its lock and its cost.
    function money(Fill self) internal pure returns (uint256) {
        unchecked {
            uint256 word = Fill.unwrap(self);
            // Shifted up by what stands above a field, then down by what it leaves free.
            return
                (word << (MONEY_FREE - FILL_LOCKED_AT) >> MONEY_FREE)
                    + (word << (MONEY_FREE - FILL_PAID_AT) >> MONEY_FREE);
        }
    }
}
