// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPaymentVault} from "../interfaces/IPaymentVault.sol";
import {AccountId} from "../types/AccountId.sol";
import {AccountWord} from "../types/AccountWord.sol";
import {CHARGED_AT, RECEIPTS_AT, RETURNED_AT} from "../types/PageResult.sol";
import {Debts} from "./Debts.sol";
import {Pots} from "./Pots.sol";

/// What metered use costs and earns, between accounts and a venue's pot.
abstract contract Payments is Debts, Pots {
    /// @inheritdoc IPaymentVault
    function payMany(uint96 key, uint256[] calldata payments) external returns (uint256[] memory owed) {
        uint256 paid;
        uint256 taken;
        unchecked {
            // A page's sums come nowhere near 256 bits.
            for (uint256 i; i < payments.length; ++i) {
                uint256 payment = payments[i];
                AccountId account = AccountId.wrap(uint24(payment));
                AccountWord word = _readOpen(account);
                uint256 amount = payment >> CHARGED_AT;
                if (amount == 0) {
                    amount = uint256(uint64(payment >> RECEIPTS_AT)) + uint64(payment >> RETURNED_AT);
                    paid += amount;
                    if (word.inDebt()) (word, amount) = _repay(account, word, amount, uint64(payment >> RECEIPTS_AT));
                    _write(account, word.plus(amount));
                    continue;
                }
                if (taken == 0) _requireRight(Right.Charge);
                if (amount > word.balance()) {
                    if (owed.length == 0) owed = new uint256[](payments.length);
                    owed[i] = amount - word.balance();
                    (word, amount) = (_owe(account, word, owed[i]), word.balance());
                }
                taken += amount;
                _write(account, word.minus(amount));
            }
        }
        if (paid > taken) _drain(key, paid - taken);
        else _fill(_potId(msg.sender, key), taken - paid);
    }

    /// @inheritdoc IPaymentVault
    function charge(AccountId account, uint96 key, uint256 amount) external returns (uint256 taken) {
        _requireRight(Right.Charge);
        AccountWord word = _readOpen(account);
        taken = amount < word.balance() ? amount : word.balance();
        if (taken < amount) word = _owe(account, word, amount - taken);
        _write(account, word.minus(taken));
        _fill(_potId(msg.sender, key), taken);
    }
}
