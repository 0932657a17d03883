// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPaymentVault} from "../interfaces/IPaymentVault.sol";
import {AccountId} from "../types/AccountId.sol";
import {AccountWord, MAX_NONCE} from "../types/AccountWord.sol";

/// Accounts' words. All money together never exceeds 64 bits, so no balance can overflow.
abstract contract Accounts is IPaymentVault {
    /// By account id: a plain array needs no hash to find a word.
    AccountWord[1 << 24] private _accounts;

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc IPaymentVault
    function ownerOf(AccountId account) external view returns (address) {
        return _read(account).owner();
    }

    /// @inheritdoc IPaymentVault
    function balanceOf(AccountId account) external view returns (uint64) {
        return uint64(_read(account).balance());
    }

    /// @inheritdoc IPaymentVault
    function nextNonce(AccountId account) external view returns (uint32) {
        return uint32(_read(account).nextNonce());
    }

    /// @inheritdoc IPaymentVault
    function rightsOf(AccountId account) external view returns (bool buyer, bool seller) {
        AccountWord word = _read(account);
        return (word.mayBuy(), word.maySell());
    }

    // --- words --------------------------------------------------------------------------------------------------

    function _read(AccountId account) internal view returns (AccountWord) {
        return _accounts[AccountId.unwrap(account)];
    }

    function _readOpen(AccountId account) internal view returns (AccountWord word) {
        word = _read(account);
        if (!word.isOpen()) revert AccountUnknown(account);
    }

    /// The word of an account that the caller owns.
    function _requireOwner(AccountId account) internal view returns (AccountWord word) {
        word = _read(account);
        if (word.owner() != msg.sender) revert NotAccountOwner(account, msg.sender);
    }

    function _write(AccountId account, AccountWord word) internal {
        _accounts[AccountId.unwrap(account)] = word;
    }

    /// The account's word with `nonce` used and all below it.
    function _withNonceUsed(AccountId account, AccountWord word, uint256 nonce) internal pure returns (AccountWord) {
        if (nonce < word.nextNonce()) revert NonceUsed(account, nonce, word.nextNonce());
        if (nonce > MAX_NONCE) revert NonceTooLarge(nonce);
        return word.withNextNonce(nonce + 1);
    }
}
