// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// An account in one word, so that checking who owns it and taking its money is one read and one write. From the
/// lowest bit:
///
///   bits    field
///   64      balance       cash units
///   1       in debt       whether the vault keeps a debt of it elsewhere
///   1       open
///   1       buyer         may bid
///   1       seller        may offer
///   28      next nonce    the lowest one a signed order may still use
///   160     owner
type AccountWord is uint256;

using AccountWordLibrary for AccountWord global;

uint256 constant NONCE_MASK = 0xfffffff;
// The last one a signed order may use: there must be a next.
uint256 constant MAX_NONCE = NONCE_MASK - 1;

uint256 constant IN_DEBT = 1 << 64;
uint256 constant OPEN = 1 << 65;
uint256 constant BUYER = 1 << 66;
uint256 constant SELLER = 1 << 67;
uint256 constant NONCE_AT = 68;
uint256 constant OWNER_AT = 96;

/// A new account: no money, no debt, nonce 0.
function openAccountWord(address owner_, bool buyer, bool seller) pure returns (AccountWord) {
    return AccountWord.wrap((uint256(uint160(owner_)) << OWNER_AT) | OPEN).withRights(buyer, seller);
}

library AccountWordLibrary {
    function balance(AccountWord self) internal pure returns (uint256) {
        return uint64(AccountWord.unwrap(self));
    }

    function inDebt(AccountWord self) internal pure returns (bool) {
        return AccountWord.unwrap(self) & IN_DEBT != 0;
    }

    function isOpen(AccountWord self) internal pure returns (bool) {
        return AccountWord.unwrap(self) & OPEN != 0;
    }

    function mayBuy(AccountWord self) internal pure returns (bool) {
        return AccountWord.unwrap(self) & BUYER != 0;
    }

    function maySell(AccountWord self) internal pure returns (bool) {
        return AccountWord.unwrap(self) & SELLER != 0;
    }

    function nextNonce(AccountWord self) internal pure returns (uint256) {
        return (AccountWord.unwrap(self) >> NONCE_AT) & NONCE_MASK;
    }

    function owner(AccountWord self) internal pure returns (address) {
        return address(uint160(AccountWord.unwrap(self) >> OWNER_AT));
    }

    /// The caller sees to it that the sum fits 64 bits; a check of the whole word wouldn't show it.
    function plus(AccountWord self, uint256 amount) internal pure returns (AccountWord) {
        unchecked {
            return AccountWord.wrap(AccountWord.unwrap(self) + amount);
        }
    }

    /// The caller sees to it that the balance covers `amount`; a check of the whole word wouldn't show it.
    function minus(AccountWord self, uint256 amount) internal pure returns (AccountWord) {
        unchecked {
            return AccountWord.wrap(AccountWord.unwrap(self) - amount);
        }
    }

    function withDebt(AccountWord self, bool owes) internal pure returns (AccountWord) {
        return AccountWord.wrap((AccountWord.unwrap(self) & ~IN_DEBT) | (owes ? IN_DEBT : 0));
    }

    function withRights(AccountWord self, bool buyer, bool seller) internal pure returns (AccountWord) {
        uint256 rest = AccountWord.unwrap(self) & ~(BUYER | SELLER);
        return AccountWord.wrap(rest | (buyer ? BUYER : 0) | (seller ? SELLER : 0));
    }

    /// `nonce` fits 28 bits.
    function withNextNonce(AccountWord self, uint256 nonce) internal pure returns (AccountWord) {
        uint256 rest = AccountWord.unwrap(self) & ~(NONCE_MASK << NONCE_AT);
        return AccountWord.wrap(rest | (nonce << NONCE_AT));
    }
}
