// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";

import {CoreTest} from "./base/CoreTest.sol";

/// What venues can do with what they were entrusted with. A venue is any address with a grant; these call themselves.
contract PaymentVaultVenueTest is CoreTest {
    uint96 private constant KEY = 0x0100;

    address private immutable VENUE = address(uint160(0x7E9));
    address private immutable CHARGER = address(uint160(0xC4A));

    AccountId private ana;
    AccountId private ben;
    address private anaOwner;

    function setUp() public override {
        super.setUp();
        vault.grantVenue(VENUE, false);
        vault.grantVenue(CHARGER, true);
        ana = admit(ANA);
        ben = admit(BEN);
        anaOwner = vm.addr(ANA);
        fund(ana, 1000);
    }

    // --- lock ---------------------------------------------------------------------------------------------------

    function test_ALockMovesMoneyIntoTheVenuesPot() public {
        _lock(400, false);
        vm.assertEq(vault.balanceOf(ana), 600);
        _assertPot(VENUE, KEY, 400);
    }

    function testFuzz_OnlyAVenueLocks(address caller) public {
        vm.assume(caller != VENUE && caller != CHARGER);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotVenue.selector, caller));
        vm.prank(caller);
        vault.lock(ana, anaOwner, KEY, 1, false);
    }

    function test_ALockNeedsTheOwner() public {
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotAccountOwner.selector, ana, vm.addr(BEN)));
        vm.prank(VENUE);
        vault.lock(ana, vm.addr(BEN), KEY, 0, false);
    }

    function test_ALockNeedsTheRightOfItsSideEvenForNothing() public {
        AccountId buyer = admit(CEM, true, false);
        AccountId seller = admit(DORA, false, true);
        vm.startPrank(VENUE);
        vault.lock(buyer, vm.addr(CEM), KEY, 0, false);
        vault.lock(seller, vm.addr(DORA), KEY, 0, true);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotSeller.selector, buyer));
        vault.lock(buyer, vm.addr(CEM), KEY, 0, true);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotBuyer.selector, seller));
        vault.lock(seller, vm.addr(DORA), KEY, 0, false);
        vm.stopPrank();
    }

    function test_AnAccountNobodyOpenedLocksNothing() public {
        AccountId unknown = AccountId.wrap(AccountId.unwrap(ben) + 1);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotBuyer.selector, unknown));
        vm.prank(VENUE);
        vault.lock(unknown, address(0), KEY, 0, false);
    }

    function testFuzz_ALockBeyondTheBalanceIsRefused(uint256 amount, bool isOffer) public {
        amount = amount <= 1000 ? amount + 1001 : amount;
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.InsufficientBalance.selector, ana, 1000, amount));
        _lock(amount, isOffer);
    }

    // --- signed locks -------------------------------------------------------------------------------------------

    function test_ASignedLockRaisesTheNonceAndGapsAreAllowed() public {
        _lockSigned(0);
        _lockSigned(7);
        vm.assertEq(vault.nextNonce(ana), 8);
        vm.assertEq(vault.balanceOf(ana), 980);
    }

    function testFuzz_ANonceBelowTheNextIsRefused(uint256 used, uint256 nonce) public {
        used %= 1 << 27;
        nonce %= used + 1;
        _lockSigned(used);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NonceUsed.selector, ana, nonce, used + 1));
        _lockSigned(nonce);
    }

    function test_TheLastNonceIsNeverUsedSinceNoneFollows() public {
        _lockSigned((1 << 28) - 2);
        vm.assertEq(vault.nextNonce(ana), (1 << 28) - 1);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NonceTooLarge.selector, (1 << 28) - 1));
        _lockSigned((1 << 28) - 1);
    }

    function test_ANonceLeavesOwnerRightsAndMoneyAlone() public {
        _lockSigned((1 << 28) - 2);
        vm.assertEq(vault.ownerOf(ana), anaOwner);
        (bool buyer, bool seller) = vault.rightsOf(ana);
        vm.assertTrue(buyer && seller);
        vm.assertEq(vault.balanceOf(ana), 990);
    }

    function test_TheOwnerCancelsAllSignedOrdersUpToANonce() public {
        _lockSigned(0);
        vm.expectEmit(address(vault));
        emit IPaymentVault.NonceRaised(ana, 8);
        vm.prank(anaOwner);
        vault.cancelUpTo(ana, 7);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NonceUsed.selector, ana, 7, 8));
        _lockSigned(7);
        _lockSigned(8);
        vm.assertEq(vault.balanceOf(ana), 980);
    }

    function testFuzz_NobodyElseRaisesANonce(address caller) public {
        vm.assume(caller != anaOwner);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotAccountOwner.selector, ana, caller));
        vm.prank(caller);
        vault.cancelUpTo(ana, 7);
    }

    function test_ANonceNeverFallsNorRisesBeyondTheLast() public {
        vm.startPrank(anaOwner);
        vault.cancelUpTo(ana, 7);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NonceUsed.selector, ana, 7, 8));
        vault.cancelUpTo(ana, 7);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NonceTooLarge.selector, type(uint32).max));
        vault.cancelUpTo(ana, type(uint32).max);
        vm.stopPrank();
    }

    // --- pots ---------------------------------------------------------------------------------------------------

    function test_AReleaseReturnsMoneyFromTheOwnPotOnly() public {
        _lock(400, false);
        vm.prank(VENUE);
        vault.release(ana, KEY, 150);
        vm.assertEq(vault.balanceOf(ana), 750);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.PotTooSmall.selector, VENUE, KEY, 250, 251));
        vm.prank(VENUE);
        vault.release(ana, KEY, 251);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.PotTooSmall.selector, CHARGER, KEY, 0, 1));
        vm.prank(CHARGER);
        vault.release(ana, KEY, 1);
    }

    function test_PotsOfOneVenueAreApart() public {
        _lock(400, false);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.PotTooSmall.selector, VENUE, KEY + 1, 0, 1));
        vm.prank(VENUE);
        vault.release(ana, KEY + 1, 1);
    }

    function test_AMoveGoesIntoAnotherVenuesPot() public {
        _lock(400, false);
        vm.prank(VENUE);
        vault.move(KEY, CHARGER, 9, 300);
        _assertPot(VENUE, KEY, 100);
        _assertPot(CHARGER, 9, 300);
    }

    function test_AMoveToAStrangerIsRefused() public {
        _lock(400, false);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotVenue.selector, anaOwner));
        vm.prank(VENUE);
        vault.move(KEY, anaOwner, KEY, 400);
    }

    function test_ARevokedVenueLocksNothingMoreButReturnsEverything() public {
        _lock(400, false);
        vault.revokeVenue(VENUE);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotVenue.selector, VENUE));
        _lock(1, false);
        vm.startPrank(VENUE);
        vault.release(ana, KEY, 300);
        vault.move(KEY, CHARGER, KEY, 100);
        vm.stopPrank();
        vm.assertEq(vault.balanceOf(ana), 900);
    }

    function test_AVenueCanMoveMoneyToOneThatWasRevokedSince() public {
        _lock(400, false);
        vault.revokeVenue(CHARGER);
        vm.prank(VENUE);
        vault.move(KEY, CHARGER, KEY, 400);
        _assertPot(CHARGER, KEY, 400);
    }

    function test_AVenueWhoseRightReturnsLocksAgain() public {
        _lock(400, false);
        vault.revokeVenue(VENUE);
        vault.grantVenue(VENUE, false);
        _lock(100, false);
        _assertPot(VENUE, KEY, 500);
    }

    function testFuzz_RevokingClosesEveryPotHoweverManyThereAre(uint16 pots) public {
        uint256 count = uint256(pots) % 1000 + 1;
        vm.startPrank(VENUE);
        for (uint96 key; key < count; ++key) {
            vault.lock(ana, anaOwner, key, 1, false);
        }
        vm.stopPrank();
        vault.revokeVenue(VENUE);
        vm.startPrank(VENUE);
        for (uint96 key; key < count; ++key) {
            vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotVenue.selector, VENUE));
            vault.lock(ana, anaOwner, key, 0, false);
        }
        vm.stopPrank();
    }

    function test_RevokingAVenueOfManyPotsFitsABlock() public {
        vm.startPrank(VENUE);
        for (uint96 key; key < 900; ++key) {
            vault.lock(ana, anaOwner, key, 1, false);
        }
        vm.stopPrank();
        vault.revokeVenue{gas: 8_000_000}(VENUE);
    }

    function test_AHaltOutlivesARevokedRightAndAnOpenPotAHalt() public {
        _lock(400, false);
        _close(type(uint40).max);
        vault.revokeVenue(VENUE);
        vault.grantVenue(VENUE, false);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.MarketHalted.selector, VENUE, KEY, type(uint40).max));
        _lock(1, false);
        _close(0);
        _lock(1, false);
        vault.revokeVenue(VENUE);
        _close(0);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotVenue.selector, VENUE));
        _lock(1, false);
    }

    function test_AnOwnersReleaseReachesTheOwnerOnly() public {
        _lock(400, false);
        vm.startPrank(VENUE);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotAccountOwner.selector, ana, vm.addr(BEN)));
        vault.releaseOwned(ana, vm.addr(BEN), KEY, 0);
        vault.releaseOwned(ana, anaOwner, KEY, 150);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.PotTooSmall.selector, VENUE, KEY, 250, 251));
        vault.releaseOwned(ana, anaOwner, KEY, 251);
        vm.stopPrank();
        vm.assertEq(vault.balanceOf(ana), 750);
    }

    // --- charge, debt, payments ---------------------------------------------------------------------------------

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

    // --- administration -----------------------------------------------------------------------------------------

    function test_GrantsShowAndARevokedVenueHasNone() public {
        _assertRights(VENUE, true, false);
        _assertRights(CHARGER, true, true);
        vault.revokeVenue(CHARGER);
        _assertRights(CHARGER, false, false);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotVenue.selector, anaOwner));
        vault.revokeVenue(anaOwner);
    }

    function testFuzz_AdministrationIsClosedToOthers(address caller) public {
        vm.assume(caller != ADMIN && caller != address(registry) && caller != address(oversight));
        bytes memory refusal = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller);
        vm.startPrank(caller);
        vm.expectRevert(refusal);
        vault.grantVenue(caller, true);
        vm.expectRevert(refusal);
        vault.revokeVenue(VENUE);
        vm.expectRevert(refusal);
        vault.openAccount(ana, caller, true, true);
        vm.expectRevert(refusal);
        vault.setRights(ana, false, false);
        vm.expectRevert(refusal);
        vault.closePot(VENUE, KEY, type(uint40).max);
        vm.stopPrank();
    }

    function test_AnAccountOpensOnceAndForSomebody() public {
        vm.startPrank(address(registry));
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.AccountTaken.selector, ana));
        vault.openAccount(ana, vm.addr(BEN), true, true);
        AccountId next = AccountId.wrap(AccountId.unwrap(ben) + 1);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotAccountOwner.selector, next, address(0)));
        vault.openAccount(next, address(0), true, true);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.AccountUnknown.selector, next));
        vault.setRights(next, true, true);
        vm.stopPrank();
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    function _lock(uint256 amount, bool isOffer) private {
        vm.prank(VENUE);
        vault.lock(ana, anaOwner, KEY, amount, isOffer);
    }

    function _lockSigned(uint256 nonce) private {
        vm.prank(VENUE);
        vault.lockSigned(ana, anaOwner, KEY, 10, false, nonce);
    }

    function _limit(uint64 limit) private {
        vm.prank(BACKSTOP);
        vault.setDebtLimit(ana, limit);
    }

    function _close(uint40 until) private {
        vm.prank(address(oversight));
        vault.closePot(VENUE, KEY, until);
    }

    /// Leaves `ana` without money and with the debt.
    function _owe(uint256 debt) private {
        uint256 all = vault.balanceOf(ana);
        vm.prank(CHARGER);
        vault.charge(ana, KEY, all + debt);
    }

    function _pay(AccountId account, uint256 receipts, uint256 returned) private {
        uint256[] memory payments = new uint256[](1);
        payments[0] = _payment(account, receipts, returned);
        vm.prank(CHARGER);
        vault.payMany(KEY, payments);
    }

    function _payment(AccountId account, uint256 receipts, uint256 returned) private pure returns (uint256) {
        return AccountId.unwrap(account) | (receipts << 24) | (returned << 88);
    }

    function _assertPot(address venue, uint96 key, uint256 expected) private view {
        (uint128 amount,) = vault.pot(venue, key);
        vm.assertEq(amount, expected);
    }

    function _assertRights(address venue, bool lock, bool charge) private view {
        (bool granted, bool mayCharge) = vault.venueRights(venue);
        vm.assertEq(granted, lock);
        vm.assertEq(mayCharge, charge);
    }
}
