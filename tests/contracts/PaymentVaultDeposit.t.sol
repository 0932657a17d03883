// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {PaymentVault} from "../../contracts/PaymentVault.sol";
import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {TestEuro} from "../../contracts/mocks/TestEuro.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";

import {CoreTest} from "./base/CoreTest.sol";

/// Money in and out.
contract PaymentVaultDepositTest is CoreTest {
    bytes32 private constant PERMIT_TYPEHASH =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    AccountId private ana;
    address private anaOwner;

    function setUp() public override {
        super.setUp();
        ana = admit(ANA);
        anaOwner = vm.addr(ANA);
    }

    function test_ADepositCountsTenCashUnitsForATokenUnit() public {
        euro.mint(anaOwner, 7);
        _deposit(anaOwner, ana, 7);
        vm.assertEq(vault.balanceOf(ana), 70);
        _assertCovered(70);
    }

    function test_AnyoneMayDepositIntoAnyOpenAccount() public {
        euro.mint(vm.addr(BEN), 5);
        vm.prank(vm.addr(BEN));
        euro.approve(address(vault), 5);
        vm.expectEmit(address(vault));
        emit IPaymentVault.Deposited(ana, vm.addr(BEN), 5);
        vm.prank(vm.addr(BEN));
        vault.deposit(ana, 5);
        vm.assertEq(vault.balanceOf(ana), 50);
    }

    function test_ADepositIntoAnUnknownAccountIsRefused() public {
        AccountId unknown = AccountId.wrap(AccountId.unwrap(ana) + 1);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.AccountUnknown.selector, unknown));
        vault.deposit(unknown, 1);
    }

    function test_ADepositWithoutAllowanceIsRefused() public {
        euro.mint(anaOwner, 5);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.TransferRefused.selector, anaOwner, address(vault), 5));
        vm.prank(anaOwner);
        vault.deposit(ana, 5);
    }

    function testFuzz_NoDepositMakesMoneyExceedOneWord(uint256 amount) public {
        uint256 most = type(uint64).max / CASH_PER_TOKEN_UNIT;
        fund(ana, most * CASH_PER_TOKEN_UNIT);
        amount = amount == 0 ? 1 : amount;
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.AmountTooLarge.selector, amount));
        vault.deposit(ana, amount);
    }

    // --- permit -------------------------------------------------------------------------------------------------

    function test_APermitDepositsInOneCall() public {
        euro.mint(anaOwner, 9);
        (uint8 v, bytes32 r, bytes32 s) = _permit(9);
        vm.prank(anaOwner);
        vault.depositWithPermit(ana, 9, block.timestamp, v, r, s);
        vm.assertEq(vault.balanceOf(ana), 90);
    }

    function test_APermitThatSomebodyUsedFirstStillDeposits() public {
        euro.mint(anaOwner, 9);
        (uint8 v, bytes32 r, bytes32 s) = _permit(9);
        vm.prank(vm.addr(BEN));
        euro.permit(anaOwner, address(vault), 9, block.timestamp, v, r, s);
        vm.prank(anaOwner);
        vault.depositWithPermit(ana, 9, block.timestamp, v, r, s);
        vm.assertEq(vault.balanceOf(ana), 90);
    }

    function test_AnothersPermitDepositsNothing() public {
        euro.mint(anaOwner, 9);
        (uint8 v, bytes32 r, bytes32 s) = _permit(9);
        address thief = vm.addr(BEN);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.PermitRefused.selector, thief, 9));
        vm.prank(thief);
        vault.depositWithPermit(ana, 9, block.timestamp, v, r, s);
    }

    function test_APermitDepositsOnce() public {
        euro.mint(anaOwner, 18);
        (uint8 v, bytes32 r, bytes32 s) = _permit(9);
        vm.startPrank(anaOwner);
        vault.depositWithPermit(ana, 9, block.timestamp, v, r, s);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.PermitRefused.selector, anaOwner, 9));
        vault.depositWithPermit(ana, 9, block.timestamp, v, r, s);
        vm.stopPrank();
    }

    function test_APermitBeyondTheWalletIsATransferRefused() public {
        euro.mint(anaOwner, 8);
        (uint8 v, bytes32 r, bytes32 s) = _permit(9);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.TransferRefused.selector, anaOwner, address(vault), 9));
        vm.prank(anaOwner);
        vault.depositWithPermit(ana, 9, block.timestamp, v, r, s);
    }

    function test_AnExpiredPermitDepositsNothing() public {
        euro.mint(anaOwner, 9);
        (uint8 v, bytes32 r, bytes32 s) = _permit(9);
        uint256 deadline = block.timestamp;
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.PermitLapsed.selector, deadline));
        vm.prank(anaOwner);
        vault.depositWithPermit(ana, 9, deadline, v, r, s);
    }

    // --- withdraw -----------------------------------------------------------------------------------------------

    function test_TheOwnerWithdrawsToAnyAddress() public {
        fund(ana, 1000);
        vm.expectEmit(address(vault));
        emit IPaymentVault.Withdrawn(ana, vm.addr(CEM), 40);
        vm.prank(anaOwner);
        vault.withdraw(ana, 40, vm.addr(CEM));
        vm.assertEq(euro.balanceOf(vm.addr(CEM)), 40);
        vm.assertEq(vault.balanceOf(ana), 600);
        _assertCovered(600);
    }

    function testFuzz_NobodyElseWithdraws(address caller, uint256 amount) public {
        vm.assume(caller != anaOwner);
        fund(ana, 1000);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotAccountOwner.selector, ana, caller));
        vm.prank(caller);
        vault.withdraw(ana, amount, caller);
    }

    function test_NobodyWithdrawsMoreThanTheBalance() public {
        fund(ana, 1000);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.InsufficientBalance.selector, ana, 1000, 1010));
        vm.prank(anaOwner);
        vault.withdraw(ana, 101, anaOwner);
    }

    function test_AnAmountBeyondOneWordIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.AmountTooLarge.selector, type(uint256).max));
        vm.prank(anaOwner);
        vault.withdraw(ana, type(uint256).max, anaOwner);
    }

    function test_AWithdrawalLeavesTheRemainderBelowATokenUnit() public {
        AccountId ben = admit(BEN);
        fund(ana, 100);
        _trade(ana, ben, 33);
        vm.prank(anaOwner);
        vault.withdraw(ana, 6, anaOwner);
        vm.assertEq(vault.balanceOf(ana), 7);
        _assertCovered(40);
    }

    function test_AWithdrawalIntoTheVaultItselfIsRefused() public {
        fund(ana, 100);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.TokenUnfit.selector, address(euro)));
        vm.prank(anaOwner);
        vault.withdraw(ana, 1, address(vault));
    }

    function test_AVaultWithoutATokenCannotBeBuilt() public {
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.TokenUnfit.selector, anaOwner));
        new PaymentVault(address(manager), anaOwner, CASH_DECIMALS);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.TokenUnfit.selector, address(euro)));
        new PaymentVault(address(manager), address(euro), 19);
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    function _deposit(address from, AccountId account, uint256 amount) private {
        vm.startPrank(from);
        euro.approve(address(vault), amount);
        vault.deposit(account, amount);
        vm.stopPrank();
    }

    /// Moves cash through a venue, as a trade would.
    function _trade(AccountId from, AccountId to, uint256 cash) private {
        vault.grantVenue(address(this), false);
        vault.lock(from, vault.ownerOf(from), 1, cash, false);
        vault.release(to, 1, cash);
    }

    function _permit(uint256 amount) private view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 message = keccak256(abi.encode(PERMIT_TYPEHASH, anaOwner, address(vault), amount, 0, block.timestamp));
        return vm.sign(ANA, keccak256(abi.encodePacked("\x19\x01", euro.DOMAIN_SEPARATOR(), message)));
    }

    function _assertCovered(uint256 cash) private view {
        (uint256 entrusted, uint256 held) = vault.totals();
        vm.assertEq(entrusted, cash);
        vm.assertEq(held, cash);
    }
}
