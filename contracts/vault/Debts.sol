// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPaymentVault} from "../interfaces/IPaymentVault.sol";
import {AccountId, backstopAccount} from "../types/AccountId.sol";
import {AccountWord} from "../types/AccountWord.sol";
import {Accounts} from "./Accounts.sol";

/// What accounts owe to their areas' backstops.
abstract contract Debts is Accounts {
    /// What an account owes to its area's backstop, and how much of it is no hindrance to bids.
    struct Debt {
        uint64 amount;
        uint64 limit;
        bool hasOwnLimit; // otherwise its area's applies
    }

    mapping(AccountId account => Debt) private _debts;
    mapping(uint8 area => uint64 limit) private _defaultDebtLimits;

    // --- backstops ----------------------------------------------------------------------------------------------

    /// @inheritdoc IPaymentVault
    function setDebtLimit(AccountId account, uint64 limit) external {
        _requireOwner(account.backstop());
        _readOpen(account);
        Debt storage debt = _debts[account];
        (debt.limit, debt.hasOwnLimit) = (limit, true);
        emit DebtLimitSet(account, limit);
    }

    /// @inheritdoc IPaymentVault
    function setDefaultDebtLimit(uint8 area, uint64 limit) external {
        _requireOwner(backstopAccount(area));
        _defaultDebtLimits[area] = limit;
        emit DefaultDebtLimitSet(area, limit);
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc IPaymentVault
    function debtOf(AccountId account) external view returns (uint64) {
        return _debts[account].amount;
    }

    /// @inheritdoc IPaymentVault
    function debtLimitOf(AccountId account) public view returns (uint64) {
        Debt memory debt = _debts[account];
        return debt.hasOwnLimit ? debt.limit : _defaultDebtLimits[account.area()];
    }

    /// @inheritdoc IPaymentVault
    function withdrawable(AccountId account) external view returns (uint64) {
        return uint64(_unowed(account, _read(account)));
    }

    // --- steps --------------------------------------------------------------------------------------------------

    /// Of `amount`, `receipts` repay what the account owes to its backstop first. Returns its word and what is left of the amount.
    function _repay(AccountId account, AccountWord word, uint256 amount, uint256 receipts)
        internal
        returns (AccountWord, uint256 left)
    {
        if (receipts == 0) return (word, amount);
        uint256 debt = _debts[account].amount;
        uint256 repaid = receipts < debt ? receipts : debt;
        AccountId creditor = account.backstop();
        _write(creditor, _read(creditor).plus(repaid));
        return (word.withDebt(_setDebt(account, debt - repaid)), amount - repaid);
    }

    /// Adds to the account's debt. A reserved account owes nobody: it pays or waits.
    function _owe(AccountId account, AccountWord word, uint256 amount) internal returns (AccountWord) {
        if (!account.isMember()) {
            revert InsufficientBalance(account, word.balance(), word.balance() + amount);
        }
        return word.withDebt(_setDebt(account, _debts[account].amount + amount));
    }

    function _setDebt(AccountId account, uint256 debt) private returns (bool owes) {
        if (debt > type(uint64).max) revert AmountTooLarge(debt);
        _debts[account].amount = uint64(debt);
        emit DebtChanged(account, uint64(debt));
        return debt != 0;
    }

    // --- rules --------------------------------------------------------------------------------------------------

    /// Balance minus debt, never below 0.
    function _unowed(AccountId account, AccountWord word) internal view returns (uint256) {
        if (!word.inDebt()) return word.balance();
        uint256 debt = _debts[account].amount;
        return word.balance() > debt ? word.balance() - debt : 0;
    }

    function _requireDebtWithinLimit(AccountId account) internal view {
        (uint256 debt, uint256 limit) = (_debts[account].amount, debtLimitOf(account));
        if (debt > limit) revert DebtAboveLimit(account, debt, limit);
    }
}
