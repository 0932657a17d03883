// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "./AccountId.sol";

// One account's half of a word of a settled page, lowest first: importWh 30 | exportWh 30 | |payout| 62 | payout < 0 1 | settled 1.
// 0: it waits, or had settled before.
uint256 constant RESULT_PAYOUT_AT = 60;
uint256 constant RESULT_NEGATIVE = 1 << 122;
uint256 constant RESULT_SETTLED = 1 << 123;

// A payment of the vault's `payMany`, lowest first: account 24 | receipts 64 | returned 64 | charged 64.
uint256 constant RECEIPTS_AT = 24;
uint256 constant RETURNED_AT = 88;
uint256 constant CHARGED_AT = 152;

function toPayment(AccountId account, uint256 receipts, uint256 returned) pure returns (uint256) {
    return AccountId.unwrap(account) | (receipts << RECEIPTS_AT) | (returned << RETURNED_AT);
}

function toResult(uint256 energies, int256 payout) pure returns (uint256) {
    unchecked {
        uint256 money =
            payout < 0 ? (uint256(-payout) << RESULT_PAYOUT_AT) | RESULT_NEGATIVE : uint256(payout) << RESULT_PAYOUT_AT;
        return energies | money | RESULT_SETTLED;
    }
}

/// What an account of a settled page owes from then on: account 24 | debt 64, lowest first.
function toDebt(AccountId account, uint256 amount) pure returns (uint256) {
    return AccountId.unwrap(account) | (amount << 24);
}
