// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPaymentVault} from "../interfaces/IPaymentVault.sol";
import {Lists} from "../libraries/Lists.sol";
import {AccountId} from "../types/AccountId.sol";
import {AccountWord} from "../types/AccountWord.sol";
import {CHARGED_AT, RECEIPTS_AT, RETURNED_AT, toDebt} from "../types/PageResult.sol";
import {Debts} from "./Debts.sol";
import {Pots} from "./Pots.sol";

/// What metered use costs and earns, between accounts and a venue's pot.
abstract contract Payments is Debts, Pots {
    using Lists for uint256[];

    /// @inheritdoc IPaymentVault
    function payMany(uint96 key, uint256[] calldata payments) external returns (uint256[] memory owed) {
        (uint256 i, uint256 paid, uint256 taken) = _payUsual(payments, 0);
        unchecked {
            // A page's sums come nowhere near 256 bits.
            while (i < payments.length) {
                AccountId account = AccountId.wrap(uint24(payments[i]));
                uint256 charged = payments[i] >> CHARGED_AT;
                if (charged == 0) {
                    paid += _payOwing(account, payments[i]);
                } else {
                    _requireRight(Right.Charge); // even if nothing is there to take: it becomes a debt
                    uint256 owing = charged - _take(account, charged);
                    taken += charged - owing;
                    if (owing != 0 && owed.length == 0) owed = Lists.make(payments.length - i);
                    if (owing != 0) owed.push(toDebt(account, owing));
                }
                (uint256 morePaid, uint256 moreTaken) = (0, 0);
                (i, morePaid, moreTaken) = _payUsual(payments, i + 1);
                (paid, taken) = (paid + morePaid, taken + moreTaken);
            }
        }
        if (taken > 0) _requireRight(Right.Charge);
        if (paid > taken) _drain(key, paid - taken);
        else _fill(_potId(msg.sender, key), taken - paid);
    }

    /// @inheritdoc IPaymentVault
    function charge(AccountId account, uint96 key, uint256 amount) external returns (uint256 taken) {
        _requireRight(Right.Charge);
        taken = _take(account, amount);
        _fill(_potId(msg.sender, key), taken);
    }

    /// Takes what the balance has of `amount`; the rest is owed.
    function _take(AccountId account, uint256 amount) private returns (uint256 taken) {
        AccountWord word = _readOpen(account);
        taken = amount < word.balance() ? amount : word.balance();
        if (taken < amount) word = _owe(account, word, amount - taken);
        _write(account, word.minus(taken));
    }

    /// Of a payment to an account that may owe, its receipts repay that first.
    function _payOwing(AccountId account, uint256 payment) private returns (uint256 amount) {
        AccountWord word = _readOpen(account);
        uint256 receipts = uint64(payment >> RECEIPTS_AT);
        amount = receipts + uint64(payment >> RETURNED_AT);
        uint256 left = amount;
        if (word.inDebt()) (word, left) = _repay(account, word, amount, receipts);
        _write(account, word.plus(left));
    }
}
