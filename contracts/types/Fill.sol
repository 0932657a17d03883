// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "./AccountId.sol";
import {RecordWord} from "./RecordWord.sol";

/// What an account's fills in one market come to, as a venue hands it to Settlement. From the lowest bit:
///
///   bits    field
///   38      soldWh
///   38      boughtWh
///   54      received      cash units its sales earn, fees taken off
///   54      locked        of its sales
///   48      paid          cash units its bids cost, fees included
///   24      account
///
/// All but the account stand where a PositionWord has them, so that one addition books a fill.
type Fill is uint256;

using FillLibrary for Fill global;

uint256 constant BOUGHT_AT = 38;
uint256 constant RECEIVED_AT = 76;
uint256 constant LOCKED_AT = 130;
uint256 constant PAID_AT = 184;
uint256 constant ACCOUNT_AT = 232;

/// The fills that a record holds.
function toFill(AccountId account_, RecordWord fills) pure returns (Fill) {
    return Fill.wrap(
        fills.soldWh() | (fills.boughtWh() << BOUGHT_AT) | (fills.received() << RECEIVED_AT)
            | (fills.locked() << LOCKED_AT) | (fills.paid() << PAID_AT)
            | (uint256(AccountId.unwrap(account_)) << ACCOUNT_AT)
    );
}

library FillLibrary {
    function account(Fill self) internal pure returns (AccountId) {
        return AccountId.wrap(uint24(Fill.unwrap(self) >> ACCOUNT_AT));
    }

    function soldWh(Fill self) internal pure returns (uint256) {
        return Fill.unwrap(self) & 0x3fffffffff;
    }

    function boughtWh(Fill self) internal pure returns (uint256) {
        return (Fill.unwrap(self) >> BOUGHT_AT) & 0x3fffffffff;
    }

    function received(Fill self) internal pure returns (uint256) {
        return (Fill.unwrap(self) >> RECEIVED_AT) & 0x3fffffffffffff;
    }

    function locked(Fill self) internal pure returns (uint256) {
        return (Fill.unwrap(self) >> LOCKED_AT) & 0x3fffffffffffff;
    }

    function paid(Fill self) internal pure returns (uint256) {
        return uint48(Fill.unwrap(self) >> PAID_AT);
    }

    /// All but the account.
    function sums(Fill self) internal pure returns (uint256) {
        return Fill.unwrap(self) & ((1 << ACCOUNT_AT) - 1);
    }

    /// Both fills of one account; the caller sees to it that they fit: those of a record and its account's 64 entries do.
    function plus(Fill self, Fill more) internal pure returns (Fill) {
        unchecked {
            return Fill.wrap(Fill.unwrap(self) + more.sums());
        }
    }
}
