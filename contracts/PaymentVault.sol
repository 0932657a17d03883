// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IPaymentVault} from "./interfaces/IPaymentVault.sol";
import {AccountId} from "./types/AccountId.sol";
import {AccountWord, openAccountWord} from "./types/AccountWord.sol";
import {Locks} from "./vault/Locks.sol";
import {Payments} from "./vault/Payments.sol";
import {Treasury} from "./vault/Treasury.sol";

/// See IPaymentVault. Treasury: tokens in and out. Locks: into pots and back. Payments: what settling moves. Here: what an
/// account is and may do.
contract PaymentVault is Treasury, Locks, Payments {
    constructor(address authority, address token_, uint256 cashDecimals)
        AccessManaged(authority)
        Treasury(token_, cashDecimals)
    {}

    // --- participants -------------------------------------------------------------------------------------------

    /// @inheritdoc IPaymentVault
    function cancelUpTo(AccountId account, uint32 nonce) external {
        AccountWord word = _requireOwner(account);
        _write(account, _withNonceUsed(account, word, nonce));
        emit NonceRaised(account, nonce + 1);
    }

    // --- registry -----------------------------------------------------------------------------------------------

    /// @inheritdoc IPaymentVault
    function openAccount(AccountId account, address owner, bool buyer, bool seller) external restricted {
        if (owner == address(0)) revert NotAccountOwner(account, owner);
        if (_read(account).isOpen()) revert AccountTaken(account);
        _write(account, openAccountWord(owner, buyer, seller));
        emit AccountOpened(account, owner, buyer, seller);
    }

    /// @inheritdoc IPaymentVault
    function setRights(AccountId account, bool buyer, bool seller) external restricted {
        _write(account, _readOpen(account).withRights(buyer, seller));
        emit RightsChanged(account, buyer, seller);
    }
}
