// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";

import {IPaymentVault} from "../interfaces/IPaymentVault.sol";
import {AccountId} from "../types/AccountId.sol";
import {AccountWord} from "../types/AccountWord.sol";
import {Debts} from "./Debts.sol";

/// Tokens in and out: the only way by which money comes and leaves.
abstract contract Treasury is Debts, ReentrancyGuard {
    using SafeTransferLib for address;

    /// Of token and cash alike; then one unit of either is worth less than 2^64 of the other.
    uint256 private constant MOST_DECIMALS = 18;

    /// @inheritdoc IPaymentVault
    address public immutable token;
    /// @inheritdoc IPaymentVault
    uint256 public immutable cashUnitsPerTokenUnit;
    /// @inheritdoc IPaymentVault
    uint256 public immutable tokenUnitsPerCashUnit;

    uint256 private _entrusted;

    constructor(address token_, uint256 cashDecimals) {
        uint256 tokenDecimals = _decimalsOf(token_);
        if (tokenDecimals > MOST_DECIMALS || cashDecimals > MOST_DECIMALS) revert TokenUnfit(token_);
        token = token_;
        cashUnitsPerTokenUnit = cashDecimals > tokenDecimals ? 10 ** (cashDecimals - tokenDecimals) : 1;
        tokenUnitsPerCashUnit = tokenDecimals > cashDecimals ? 10 ** (tokenDecimals - cashDecimals) : 1;
    }

    // --- participants -------------------------------------------------------------------------------------------

    /// @inheritdoc IPaymentVault
    function deposit(AccountId account, uint256 amount) external nonReentrant {
        _deposit(account, amount);
    }

    /// @inheritdoc IPaymentVault
    function depositWithPermit(AccountId account, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        nonReentrant
    {
        // Whoever saw the permit may have used it first; then the allowance is there and the call below is as good.
        try IERC20Permit(token).permit(msg.sender, address(this), amount, deadline, v, r, s) {}
        catch {
            _requireAllowance(amount, deadline);
        }
        _deposit(account, amount);
    }

    /// @inheritdoc IPaymentVault
    function withdraw(AccountId account, uint256 amount, address to) external nonReentrant {
        AccountWord word = _requireOwner(account);
        uint256 cash = _toCash(amount);
        uint256 available = _unowed(account, word);
        if (cash > available) revert InsufficientBalance(account, available, cash);
        _write(account, word.minus(cash));
        _entrusted -= cash;
        emit Withdrawn(account, to, amount);
        _send(to, amount);
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc IPaymentVault
    function totals() external view returns (uint256 entrusted, uint256 held) {
        return (_entrusted, token.balanceOf(address(this)) * cashUnitsPerTokenUnit / tokenUnitsPerCashUnit);
    }

    // --- steps --------------------------------------------------------------------------------------------------

    function _deposit(AccountId account, uint256 amount) private {
        AccountWord word = _readOpen(account);
        uint256 cash = _toCash(amount);
        if (_entrusted + cash > type(uint64).max) revert AmountTooLarge(amount);
        _write(account, word.plus(cash));
        _entrusted += cash;
        emit Deposited(account, msg.sender, amount);
        _receive(amount);
    }

    function _toCash(uint256 amount) private view returns (uint256) {
        if (amount % tokenUnitsPerCashUnit != 0) revert NotWholeCashUnits(amount, tokenUnitsPerCashUnit);
        uint256 units = amount / tokenUnitsPerCashUnit;
        if (units > type(uint64).max / cashUnitsPerTokenUnit) revert AmountTooLarge(amount);
        return units * cashUnitsPerTokenUnit;
    }

    // --- tokens -------------------------------------------------------------------------------------------------

    /// Refuses a token that doesn't bring in exactly what it says.
    function _receive(uint256 amount) private {
        uint256 before = token.balanceOf(address(this));
        if (!token.trySafeTransferFrom(msg.sender, address(this), amount)) {
            revert TransferRefused(msg.sender, address(this), amount);
        }
        if (token.balanceOf(address(this)) != before + amount) revert TokenUnfit(token);
    }

    function _send(address to, uint256 amount) private {
        uint256 before = token.balanceOf(address(this));
        if (!_tryTransfer(to, amount)) revert TransferRefused(address(this), to, amount);
        if (token.balanceOf(address(this)) != before - amount) revert TokenUnfit(token);
    }

    /// A token may answer nothing, or whether it moved anything.
    function _tryTransfer(address to, uint256 amount) private returns (bool) {
        (bool success, bytes memory answer) = token.call(abi.encodeCall(IERC20.transfer, (to, amount)));
        return success && (answer.length == 0 || (answer.length >= 32 && abi.decode(answer, (uint256)) == 1));
    }

    /// The token took no permit of the caller: that is no harm if it took the same one before.
    function _requireAllowance(uint256 amount, uint256 deadline) private view {
        if (IERC20(token).allowance(msg.sender, address(this)) >= amount) return;
        if (block.timestamp > deadline) revert PermitLapsed(deadline);
        revert PermitRefused(msg.sender, amount);
    }

    function _decimalsOf(address token_) private view returns (uint256) {
        (bool success, bytes memory answer) = token_.staticcall(abi.encodeCall(IERC20Metadata.decimals, ()));
        if (!success || answer.length != 32) revert TokenUnfit(token_);
        return abi.decode(answer, (uint256));
    }
}
