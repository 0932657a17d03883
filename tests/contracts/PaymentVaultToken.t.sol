// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

import {PaymentVault} from "../../contracts/PaymentVault.sol";
import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {FineEuro} from "../../contracts/mocks/FineEuro.sol";
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

/// Says no instead of reverting, once told to.
contract UnwillingEuro is TestEuro {
    bool private _unwilling;

    function refuse() external {
        _unwilling = true;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return !_unwilling && super.transfer(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return !_unwilling && super.transferFrom(from, to, amount);
    }
}

/// From before the standard: answers nothing.
contract SilentEuro {
    mapping(address => uint256) public balanceOf;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function decimals() external pure returns (uint8) {
        return 6;
    }

    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
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

    function test_ATokenThatAnswersFalseMovesNothing() public {
        UnwillingEuro token = new UnwillingEuro();
        _openVault(token);
        token.mint(address(this), 100);
        strange.deposit(ACCOUNT, 50);
        token.refuse();
        bytes4 refusal = IPaymentVault.TransferRefused.selector;
        vm.expectRevert(abi.encodeWithSelector(refusal, address(this), address(strange), 50));
        strange.deposit(ACCOUNT, 50);
        vm.expectRevert(abi.encodeWithSelector(refusal, address(strange), address(this), 20));
        strange.withdraw(ACCOUNT, 20, address(this));
        vm.assertEq(strange.balanceOf(ACCOUNT), 500);
    }

    function test_ATokenThatAnswersNothingIsAsGood() public {
        SilentEuro token = new SilentEuro();
        _open(address(token));
        token.mint(address(this), 100);
        strange.deposit(ACCOUNT, 50);
        strange.withdraw(ACCOUNT, 20, address(this));
        vm.assertEq(strange.balanceOf(ACCOUNT), 300);
        vm.assertEq(token.balanceOf(address(this)), 70);
    }

    // --- decimals -----------------------------------------------------------------------------------------------

    function test_ACoarseTokenIsWorthManyCashUnitsAndAFineOnesUnitsMakeOne() public {
        _openFine(0);
        vm.assertEq(strange.cashUnitsPerTokenUnit(), 1e7);
        vm.assertEq(strange.tokenUnitsPerCashUnit(), 1);
        _openFine(7);
        vm.assertEq(strange.cashUnitsPerTokenUnit(), 1);
        vm.assertEq(strange.tokenUnitsPerCashUnit(), 1);
        _openFine(18);
        vm.assertEq(strange.cashUnitsPerTokenUnit(), 1);
        vm.assertEq(strange.tokenUnitsPerCashUnit(), 1e11);
    }

    function testFuzz_ACurrencyUnitComesInAndGoesOutAtAnyDecimals(uint8 decimals, uint64 cash) public {
        FineEuro token = _openFine(decimals % 19);
        uint256 amount = uint256(cash) / strange.cashUnitsPerTokenUnit() * strange.tokenUnitsPerCashUnit();
        token.mint(address(this), amount);
        strange.deposit(ACCOUNT, amount);
        uint256 whole = uint256(cash) / strange.cashUnitsPerTokenUnit() * strange.cashUnitsPerTokenUnit();
        vm.assertEq(strange.balanceOf(ACCOUNT), whole);
        _assertCovered(whole);
        strange.withdraw(ACCOUNT, amount, address(0xD0E));
        vm.assertEq(token.balanceOf(address(0xD0E)), amount);
        _assertCovered(0);
    }

    function testFuzz_PartsOfACashUnitNeitherComeInNorGoOut(uint64 cash, uint256 part) public {
        FineEuro token = _openFine(18);
        part = part % (1e11 - 1) + 1;
        uint256 amount = uint256(cash) * 1e11 + part;
        token.mint(address(this), amount);
        bytes memory refusal = abi.encodeWithSelector(IPaymentVault.NotWholeCashUnits.selector, amount, 1e11);
        vm.expectRevert(refusal);
        strange.deposit(ACCOUNT, amount);
        vm.expectRevert(refusal);
        strange.withdraw(ACCOUNT, amount, address(this));
    }

    function test_AWithdrawalLeavesWhatIsLessThanATokenUnit() public {
        FineEuro token = _openFine(2);
        token.mint(address(this), 3);
        strange.deposit(ACCOUNT, 3);
        strange.grantVenue(address(this), false);
        strange.lock(ACCOUNT, address(this), 1, 99_999, false);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.InsufficientBalance.selector, ACCOUNT, 200_001, 300_000));
        strange.withdraw(ACCOUNT, 3, address(this));
        strange.withdraw(ACCOUNT, 2, address(this));
        vm.assertEq(strange.balanceOf(ACCOUNT), 1);
    }

    function testFuzz_MoreThanEighteenDecimalsAreRefused(uint8 decimals) public {
        decimals = decimals < 19 ? 19 : decimals;
        FineEuro token = new FineEuro(decimals);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.TokenUnfit.selector, address(token)));
        new PaymentVault(address(manager), address(token), CASH_DECIMALS);
    }

    function test_AContractThatKnowsNoDecimalsIsNoToken() public {
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.TokenUnfit.selector, address(manager)));
        new PaymentVault(address(manager), address(manager), CASH_DECIMALS);
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

    function _openFine(uint8 decimals) private returns (FineEuro token) {
        token = new FineEuro(decimals);
        _open(address(token));
        token.approve(address(strange), type(uint256).max);
    }

    function _open(address token) private {
        strange = new PaymentVault(address(manager), token, CASH_DECIMALS);
        strange.openAccount(ACCOUNT, address(this), true, true);
    }

    function _openVault(TestEuro token) private {
        _open(address(token));
        token.approve(address(strange), type(uint256).max);
    }

    function _assertCovered(uint256 cash) private view {
        (uint256 entrusted, uint256 held) = strange.totals();
        vm.assertEq(entrusted, cash);
        vm.assertEq(held, cash);
    }

    function _assertRefused() private {
        vm.assertEq(bytes32(bytes4(_failure)), ReentrancyGuard.ReentrancyGuardReentrantCall.selector);
        _failure = "";
    }
}
