// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Domain} from "../libraries/Domain.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {AccountId} from "../types/AccountId.sol";
import {BookStorage} from "./BookStorage.sol";

/// Who signed what anyone relays. One of a batch is done in a call of the book to itself, so that its failure undoes nothing else.
abstract contract BookSignatures is BookStorage, Domain {
    function _requireSelf() internal view {
        if (msg.sender != address(this)) revert SelfOnly();
    }

    function _requireValid(uint256 validUntil) internal view {
        if (validUntil != 0 && block.timestamp > validUntil) revert OrderExpired(validUntil);
    }

    /// The contract wallet that owns the account, if it says that it signed.
    function _wallet(AccountId account, bytes32 digest, bytes calldata signature)
        internal
        view
        returns (address wallet)
    {
        wallet = VAULT.ownerOf(account);
        if (!Signatures.isByWallet(wallet, digest, signature)) wallet = address(0);
    }
}
