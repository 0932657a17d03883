// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "./AccountId.sol";
import {MeteredWord} from "./MeteredWord.sol";

/// One account's line of a settled page, lowest first: account 24 | importWh 40 | exportWh 40 | |payout| 63 | payout < 0 1 |
/// debtAdded 64 | settled 1.
function settledResult(AccountId account, MeteredWord metered, int256 payout, uint256 debtAdded)
    pure
    returns (uint256)
{
    unchecked {
        uint256 money = payout < 0 ? uint256(-payout) | (1 << 63) : uint256(payout);
        return AccountId.unwrap(account) | (metered.energies() << 24) | (money << 104) | (debtAdded << 168) | (1 << 232);
    }
}

/// The line of an account that waits.
function waitingResult(AccountId account) pure returns (uint256) {
    return AccountId.unwrap(account);
}

/// A payment of the vault's `payMany`: account 24 | receipts 64 | returned 64, lowest first.
function toPayment(AccountId account, uint256 receipts, uint256 returned) pure returns (uint256) {
    return AccountId.unwrap(account) | (receipts << 24) | (returned << 88);
}
