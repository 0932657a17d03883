// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

import {PaymentVault} from "../../contracts/PaymentVault.sol";
import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {TestEuro} from "../../contracts/mocks/TestEuro.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";

import {CoreTest} from "./base/CoreTest.sol";

/// Takes a unit from its payer at every transfer, whichever side the payer is on.
contract TaxedEuro is TestEuro {
    address private _payer;

    function tax(address payer) external {
        _payer = payer;
    }

    function _afterTokenTransfer(address from, address to, uint256) internal override {
        if (from == address(0) || to == address(0) || (from != _payer && to != _payer)) return;
        address payer = _payer;
        _payer = address(0);
        _burn(payer, 1);
    }
}

/// Lets its sender act in the middle of a transfer.
contract CallbackEuro is TestEuro {
    address private _listener;

    function listen() external {
        _listener = msg.sender;
    }

    function _beforeTokenTransfer(address from, address to, uint256) internal override {
        if (from == address(0) || (from != _listener && to != _listener)) return;
        TokenListener(_listener).onTransfer();
    }
}

interface TokenListener {
    function onTransfer() external;
}

/// Tokens the vault wasn't built for must not cost anybody else money.
contract PaymentVaultTokenTest is CoreTest, TokenListener {
    PaymentVault private strange;
    AccountId private constant ACCOUNT = AccountId.wrap(0x010010);
    bytes private _failure;

    function test_ATokenThatTakesAFeeIsRefusedAtTheDeposit() public {
        TaxedEuro taxed = _openTaxedVault();
        taxed.tax(address(strange));
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.TokenUnfit.selector, address(taxed)));
        strange.deposit(ACCOUNT, 50);
    }

    function test_ATokenThatTakesAFeeFromThePayerIsRefusedAtTheWithdrawal() public {
        TaxedEuro taxed = _openTaxedVault();
        strange.deposit(ACCOUNT, 50);
        taxed.tax(address(strange));
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.TokenUnfit.selector, address(taxed)));
        strange.withdraw(ACCOUNT, 20, address(this));
        vm.assertEq(strange.balanceOf(ACCOUNT), 500);
    }

    function test_ATokenThatCallsBackEntersNeitherDepositNorWithdrawal() public {
        CallbackEuro token = new CallbackEuro();
        _openVault(token);
        token.mint(address(this), 100);
        token.listen();
        strange.deposit(ACCOUNT, 50);
        _assertRefused();
        strange.withdraw(ACCOUNT, 20, address(this));
        _assertRefused();
        vm.assertEq(strange.balanceOf(ACCOUNT), 300);
        vm.assertEq(token.balanceOf(address(strange)), 30);
    }

    function onTransfer() external {
        try strange.withdraw(ACCOUNT, 1, address(this)) {
            _failure = "";
        } catch (bytes memory failure) {
            _failure = failure;
        }
        try strange.deposit(ACCOUNT, 1) {
            _failure = "";
        } catch {}
    }

    function _openTaxedVault() private returns (TaxedEuro taxed) {
        taxed = new TaxedEuro();
        _openVault(taxed);
        taxed.mint(address(this), 100);
    }

    function _openVault(TestEuro token) private {
        strange = new PaymentVault(address(manager), address(token), CASH_PER_TOKEN_UNIT);
        strange.openAccount(ACCOUNT, address(this), true, true);
        token.approve(address(strange), type(uint256).max);
    }

    function _assertRefused() private {
        vm.assertEq(bytes32(bytes4(_failure)), ReentrancyGuard.ReentrancyGuardReentrantCall.selector);
        _failure = "";
    }
}
