// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";

import {VenueTest} from "./base/VenueTest.sol";

/// Money on its way into a venue's pot.
contract PaymentVaultLocksTest is VenueTest {
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

    function test_ANonceMayBeBeyond16Bits() public {
        vm.prank(anaOwner);
        vault.cancelUpTo(ana, 70_000);
        vm.assertEq(vault.nextNonce(ana), 70_001);
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
}
