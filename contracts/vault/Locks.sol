// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPaymentVault} from "../interfaces/IPaymentVault.sol";
import {AccountId} from "../types/AccountId.sol";
import {AccountWord} from "../types/AccountWord.sol";
import {Order} from "../types/Order.sol";
import {PotWord} from "../types/PotWord.sol";
import {Debts} from "./Debts.sol";
import {Pots} from "./Pots.sol";

/// Money on its way into a venue's pot, from pot to pot, and back.
/// @dev Every path that only returns money needs no right: who has a pot can empty it, whatever became of the venue's
/// grant.
abstract contract Locks is Debts, Pots {
    // --- into a pot ---------------------------------------------------------------------------------------------

    /// @inheritdoc IPaymentVault
    function lock(AccountId account, address owner, uint96 key, uint256 amount, bool isOffer) external {
        _lock(account, _read(account), owner, key, amount, isOffer);
    }

    /// @inheritdoc IPaymentVault
    function lockSigned(Order order, address owner, uint96 key, uint256 amount) external {
        AccountId account = order.account();
        _lock(account, _withNonceUsed(account, _read(account), order.nonce()), owner, key, amount, order.isOffer());
    }

    /// @inheritdoc IPaymentVault
    function lockBond(AccountId account, address owner, uint96 key, uint256 amount) external {
        uint256 potId = _potId(msg.sender, key);
        PotWord into = _pots[potId];
        if (!into.isOpen()) into = _opened(into, key);
        AccountWord word = _read(account);
        if (word.owner() != owner) revert NotAccountOwner(account, owner);
        if (amount > word.balance()) revert InsufficientBalance(account, word.balance(), amount);
        _write(account, word.minus(amount));
        _pots[potId] = into.plus(amount);
    }

    /// @inheritdoc IPaymentVault
    function lockGuarantee(AccountId backstop, uint96 key, uint256 amount) external {
        _requireRight(Right.Charge);
        AccountWord word = _read(backstop);
        if (amount > word.balance()) revert InsufficientBalance(backstop, word.balance(), amount);
        _write(backstop, word.minus(amount));
        _fill(_potId(msg.sender, key), amount);
    }

    // --- out of it ----------------------------------------------------------------------------------------------

    /// @inheritdoc IPaymentVault
    function release(AccountId account, uint96 key, uint256 amount) external {
        _drain(key, amount);
        _write(account, _readOpen(account).plus(amount));
    }

    /// @inheritdoc IPaymentVault
    function releaseOwned(AccountId account, address owner, uint96 key, uint256 amount) external {
        AccountWord word = _readOpen(account);
        if (word.owner() != owner) revert NotAccountOwner(account, owner);
        _drain(key, amount);
        _write(account, word.plus(amount));
    }

    /// @inheritdoc IPaymentVault
    function move(uint96 key, address to, uint96 toKey, uint256 amount) external {
        _requireKnown(to);
        _drain(key, amount);
        uint256 into = _potId(to, toKey);
        _pots[into] = _pots[into].plusBrought(amount).asKept();
    }

    /// @inheritdoc IPaymentVault
    function accept(uint96 key, uint256 amount) external {
        uint256 potId = _potId(msg.sender, key);
        PotWord held = _pots[potId];
        if (amount > held.brought()) revert NotBrought(msg.sender, key, held.brought(), amount);
        _pots[potId] = held.accepted(amount);
    }

    // --- steps --------------------------------------------------------------------------------------------------

    function _lock(AccountId account, AccountWord word, address owner, uint96 key, uint256 amount, bool isOffer)
        private
    {
        uint256 potId = _potId(msg.sender, key);
        PotWord into = _pots[potId];
        if (!into.isOpen()) into = _opened(into, key);
        if (word.owner() != owner) revert NotAccountOwner(account, owner);
        uint256 available = word.balance();
        if (isOffer) {
            if (!word.maySell()) revert NotSeller(account);
        } else {
            if (!word.mayBuy()) revert NotBuyer(account);
            if (word.inDebt()) _requireDebtWithinLimit(account);
            available = _unowed(account, word);
        }
        if (amount > available) revert InsufficientBalance(account, available, amount);
        if (block.timestamp < into.closedUntil()) revert MarketHalted(msg.sender, key, into.closedUntil());
        _write(account, word.minus(amount));
        _pots[potId] = into.plus(amount);
    }
}
