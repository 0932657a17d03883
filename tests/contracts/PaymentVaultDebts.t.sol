// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {CHARGED_AT} from "../../contracts/types/PageResult.sol";

import {VenueTest} from "./base/VenueTest.sol";

/// Charges, what they leave as debt, and payments that repay it.
contract PaymentVaultDebtsTest is VenueTest {
    // --- charge, debt -------------------------------------------------------------------------------------------

    function test_AChargeBeyondTheBalanceIsDebt() public {
        vm.expectEmit(address(vault));
        emit IPaymentVault.DebtChanged(ana, 500);
        vm.prank(CHARGER);
        vm.assertEq(vault.charge(ana, KEY, 1500), 1000);
        vm.assertEq(vault.balanceOf(ana), 0);
        vm.assertEq(vault.debtOf(ana), 500);
        _assertPot(CHARGER, KEY, 1000);
    }

    function test_OnlyAVenueThatMayChargeCharges() public {
        vm.startPrank(VENUE);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotVenue.selector, VENUE));
        vault.charge(ana, KEY, 1);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotVenue.selector, VENUE));
        vault.lockGuarantee(backstop(), KEY, 1);
        vm.stopPrank();
    }

    function test_ABackstopOwesNobodyItPaysOrWaits() public {
        fund(backstop(), 100);
        vm.prank(CHARGER);
        vm.assertEq(vault.charge(backstop(), KEY, 60), 60);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.InsufficientBalance.selector, backstop(), 40, 41));
        vm.prank(CHARGER);
        vault.charge(backstop(), KEY, 41);
    }

    function test_AGuaranteeIsLockedWithoutTheOwnersWordUpToTheBalance() public {
        fund(backstop(), 100);
        vm.startPrank(CHARGER);
        vault.lockGuarantee(backstop(), KEY, 70);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.InsufficientBalance.selector, backstop(), 30, 31));
        vault.lockGuarantee(backstop(), KEY, 31);
        vm.stopPrank();
        _assertPot(CHARGER, KEY, 70);
    }

    function test_ReceiptsRepayDebtFirstAndReturnedLocksDoNot() public {
        _owe(500);
        _pay(ana, 200, 90);
        vm.assertEq(vault.debtOf(ana), 300);
        vm.assertEq(vault.balanceOf(ana), 90);
        vm.assertEq(vault.balanceOf(backstop()), 200);
        _pay(ana, 350, 0);
        vm.assertEq(vault.debtOf(ana), 0);
        vm.assertEq(vault.balanceOf(ana), 140);
        vm.assertEq(vault.balanceOf(backstop()), 500);
    }

    function test_WhatIsOwedStaysAndBacksAnOfferButNoBid() public {
        _owe(500);
        _limit(500);
        fund(ana, 700);
        vm.assertEq(vault.withdrawable(ana), 200);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.InsufficientBalance.selector, ana, 200, 210));
        vm.prank(anaOwner);
        vault.withdraw(ana, 21, anaOwner);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.InsufficientBalance.selector, ana, 200, 201));
        _lock(201, false);
        _lock(700, true);
        vm.assertEq(vault.withdrawable(ana), 0);
    }

    function test_BidsBeyondTheDebtLimitAreRefusedWhateverTheBalanceAndOffersAreNot() public {
        _owe(500);
        _limit(499);
        fund(ana, 10_000);
        bytes memory refusal = abi.encodeWithSelector(IPaymentVault.DebtAboveLimit.selector, ana, 500, 499);
        vm.expectRevert(refusal);
        _lock(1, false);
        vm.expectRevert(refusal);
        _lockSigned(0);
        _lock(1, true);
        _pay(ana, 1, 0);
        _lock(1, false);
    }

    function test_AnAccountsOwnLimitGoesBeforeItsAreas() public {
        _owe(500);
        fund(ana, 600);
        vm.assertEq(vault.debtLimitOf(ana), 0);
        vm.startPrank(BACKSTOP);
        vault.setDefaultDebtLimit(AREA, 700);
        vm.assertEq(vault.debtLimitOf(ana), 700);
        vm.expectEmit(address(vault));
        emit IPaymentVault.DebtLimitSet(ana, 0);
        vault.setDebtLimit(ana, 0);
        vm.stopPrank();
        vm.assertEq(vault.debtLimitOf(ana), 0);
        vm.assertEq(vault.debtOf(ana), 500);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.DebtAboveLimit.selector, ana, 500, 0));
        _lock(1, false);
        vm.assertEq(vault.debtLimitOf(ben), 700);
    }

    function testFuzz_OnlyTheBackstopsOwnerSetsDebtLimits(address caller) public {
        vm.assume(caller != BACKSTOP);
        bytes memory refusal = abi.encodeWithSelector(IPaymentVault.NotAccountOwner.selector, backstop(), caller);
        vm.startPrank(caller);
        vm.expectRevert(refusal);
        vault.setDebtLimit(ana, 1);
        vm.expectRevert(refusal);
        vault.setDefaultDebtLimit(AREA, 1);
        vm.stopPrank();
    }

    function test_ALimitIsSetForOpenAccountsOnly() public {
        AccountId unknown = AccountId.wrap(AccountId.unwrap(ben) + 1);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.AccountUnknown.selector, unknown));
        vm.prank(BACKSTOP);
        vault.setDebtLimit(unknown, 1);
    }

    // --- payments -----------------------------------------------------------------------------------------------

    function test_OnePageOfPaymentsLeavesThePotExact() public {
        _lock(1000, false);
        uint256[] memory payments = new uint256[](3);
        payments[0] = _payment(ana, 100, 200);
        payments[1] = _payment(ben, 300, 0);
        payments[2] = _payment(ben, 0, 400);
        vm.prank(VENUE);
        vault.payMany(KEY, payments);
        vm.assertEq(vault.balanceOf(ana), 300);
        vm.assertEq(vault.balanceOf(ben), 700);
        _assertPot(VENUE, KEY, 0);
    }

    function test_OnePageChargesWhatBalancesHaveAndTellsWhatIsOwed() public {
        fund(ben, 400);
        uint256[] memory payments = new uint256[](7);
        payments[0] = _charge(ana, 300);
        payments[1] = _charge(ben, 700); // 300 of it are owed
        payments[2] = _payment(ana, 0, 100);
        payments[3] = _charge(ben, 50); // all of it is
        payments[4] = _payment(ben, 20, 30); // 20 of the debt are repaid, to the backstop
        payments[5] = _charge(ana, 200);
        payments[6] = _charge(ana, 700); // 100 of it are
        vm.prank(CHARGER);
        uint256[] memory owed = vault.payMany(KEY, payments);
        vm.assertEq(owed.length, 3);
        vm.assertEq(owed[0], AccountId.unwrap(ben) | (300 << 24));
        vm.assertEq(owed[1], AccountId.unwrap(ben) | (50 << 24));
        vm.assertEq(owed[2], AccountId.unwrap(ana) | (100 << 24));
        vm.assertEq(vault.balanceOf(ana), 0);
        vm.assertEq(vault.balanceOf(ben), 30);
        vm.assertEq(vault.balanceOf(backstop()), 20);
        vm.assertEq(vault.debtOf(ana), 100);
        vm.assertEq(vault.debtOf(ben), 330);
        _assertPot(CHARGER, KEY, 300 + 400 + 200 + 600 - 100 - 20 - 30);
    }

    function testFuzz_NobodyPaysMoreThanThePotHolds(uint64 receipts, uint64 returned) public {
        _lock(1000, false);
        uint256 total = uint256(receipts) + returned;
        vm.assume(total > 1000);
        uint256[] memory payments = new uint256[](1);
        payments[0] = _payment(ben, receipts, returned);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.PotTooSmall.selector, VENUE, KEY, 1000, total));
        vm.prank(VENUE);
        vault.payMany(KEY, payments);
    }

    function test_NobodyIsPaidWhoHasNoAccount() public {
        _lock(1000, false);
        AccountId unknown = AccountId.wrap(AccountId.unwrap(ben) + 1);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.AccountUnknown.selector, unknown));
        vm.prank(VENUE);
        vault.release(unknown, KEY, 1);
    }

    function _charge(AccountId account, uint256 amount) private pure returns (uint256) {
        return AccountId.unwrap(account) | (amount << CHARGED_AT);
    }
}
