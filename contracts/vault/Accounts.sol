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

    /// Pays, and charges what the balance covers, from `place` on up to the first account that isn't open, owes or can't pay all.
    /// Returns its place. A page is long: so each word is read and written without another check.
    function _payUsual(uint256[] calldata payments, uint256 place)
        internal
        returns (uint256 stopped, uint256 paid, uint256 taken)
    {
        assembly ("memory-safe") {
            let from := add(payments.offset, shl(5, place))
            let end := add(payments.offset, shl(5, payments.length))
            for {} lt(from, end) { from := add(from, 32) } {
                let payment := calldataload(from)
                let at := add(_accounts.slot, and(payment, 0xffffff))
                let word := sload(at)
                if xor(and(shr(64, word), 3), 2) { break } // open, and not in debt
                let amount := shr(152, payment)
                switch amount
                case 0 {
                    amount := add(shr(192, shl(168, payment)), shr(192, shl(104, payment)))
                    paid := add(paid, amount)
                }
                default {
                    if gt(amount, and(word, 0xffffffffffffffff)) { break }
                    taken := add(taken, amount)
                    amount := sub(0, amount)
                }
                sstore(at, add(word, amount))
            }
            stopped := shr(5, sub(from, payments.offset))
        }
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
