// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Lists} from "../libraries/Lists.sol";
import {AccountId} from "./AccountId.sol";
import {LANE_ENERGIES, LANE_FINAL, MeteredLane} from "./MeteredLane.sol";

// A payment of the vault's `payMany`, lowest first: account 24 | receipts 64 | returned 64 | charged 64.
uint256 constant RECEIPTS_AT = 24;
uint256 constant RETURNED_AT = 88;
uint256 constant CHARGED_AT = 152;

function toPayment(AccountId account, uint256 receipts, uint256 returned) pure returns (uint256) {
    return AccountId.unwrap(account) | (receipts << RECEIPTS_AT) | (returned << RETURNED_AT);
}

/// What an account of a settled page owes from then on: account 24 | debt 64, lowest first.
function toDebt(AccountId account, uint256 amount) pure returns (uint256) {
    return AccountId.unwrap(account) | (amount << 24);
}

/// What a page settled, two accounts a word, the first in its upper half. Each half, lowest first: importWh 28 | exportWh 28 |
/// settled 1 | unused 7 | payout 64, signed; 0: the account waits, or had settled before.
library PageResults {
    /// Results for so many accounts, none of them settled, and behind them room for as many debts: so both are logged as they stand.
    function make(uint256 accounts) internal pure returns (uint256[] memory results, uint256[] memory debts) {
        results = Lists.make(accounts + (accounts + 1) / 2 + 1);
        assembly ("memory-safe") {
            mstore(results, shr(1, add(accounts, 1)))
            debts := add(results, shl(5, add(mload(results), 1)))
            calldatacopy(add(results, 32), calldatasize(), sub(debts, results)) // zeros
        }
    }

    /// Writes one result at `place` in memory. Accounts come in their order: writing one half clears the next one.
    function put(uint256 place, MeteredLane metered, int256 payout) internal pure {
        uint256 result = (MeteredLane.unwrap(metered) & LANE_ENERGIES) | LANE_FINAL | (uint256(payout) << 64);
        assembly ("memory-safe") {
            mstore(place, shl(128, result))
        }
    }

    /// Of what the account was to pay, `owed` isn't paid.
    function addOwed(uint256[] memory results, uint256 place, uint256 owed) internal pure {
        uint256 shift = place & 1 == 0 ? 192 : 64;
        uint256 word = results[place >> 1];
        unchecked {
            uint256 payout = uint64((word >> shift) + owed);
            results[place >> 1] = (word & ~(uint256(type(uint64).max) << shift)) | (payout << shift);
        }
    }

    /// Logs ISettlementFacts.PageSettled.
    function log(
        uint256[] memory results,
        uint256[] memory debts,
        uint256 first,
        bytes32 selector,
        uint256 area,
        uint256 carrier,
        uint256 period
    ) internal {
        assembly ("memory-safe") {
            let data := sub(results, 96)
            mstore(data, first)
            mstore(add(data, 32), 96)
            mstore(add(data, 64), sub(debts, data))
            let end := add(debts, shl(5, add(mload(debts), 1)))
            log4(data, sub(end, data), selector, area, carrier, period)
        }
    }
}
