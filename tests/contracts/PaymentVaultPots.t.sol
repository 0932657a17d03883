// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";

import {VenueTest} from "./base/VenueTest.sol";

/// What venues can do with what they were entrusted with, and what is left to them when their rights end.
contract PaymentVaultPotsTest is VenueTest {
    // --- out of a pot -------------------------------------------------------------------------------------------

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

    function test_WhatOthersBroughtIsAcceptedOnce() public {
        _lock(400, false);
        vm.prank(VENUE);
        vault.move(KEY, CHARGER, 9, 300);
        vm.startPrank(CHARGER);
        vault.accept(9, 100);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotBrought.selector, CHARGER, 9, 200, 201));
        vault.accept(9, 201);
        vault.accept(9, 200);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotBrought.selector, CHARGER, 9, 0, 1));
        vault.accept(9, 1);
        vm.stopPrank();
        _assertPot(CHARGER, 9, 300);
    }

    function test_WhatAVenueLocksItselfIsNotBrought() public {
        _lock(400, false);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotBrought.selector, VENUE, KEY, 0, 1));
        vm.prank(VENUE);
        vault.accept(KEY, 1);
    }

    function test_AMoveToAStrangerIsRefused() public {
        _lock(400, false);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotVenue.selector, anaOwner));
        vm.prank(VENUE);
        vault.move(KEY, anaOwner, KEY, 400);
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

    // --- rights that end ----------------------------------------------------------------------------------------

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

    // --- prepared pots ------------------------------------------------------------------------------------------

    function test_PreparingLeavesAPotAsItIs() public {
        _lock(400, false);
        _close(type(uint40).max);
        vault.preparePots(VENUE, KEY - 1, 3);
        (uint128 amount, uint40 until) = vault.pot(VENUE, KEY);
        vm.assertEq(amount, 400);
        vm.assertEq(until, type(uint40).max);
        _assertPot(VENUE, KEY + 1, 0);
        _close(0);
        vm.prank(VENUE);
        vault.release(ana, KEY, 400);
        vm.assertEq(vault.balanceOf(ana), 1000);
    }

    function testFuzz_APreparedPotGivesNobodyARightOrMoney(address venue) public {
        vm.assume(venue != VENUE && venue != CHARGER);
        vault.preparePots(venue, KEY, 1);
        vm.startPrank(venue);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotVenue.selector, venue));
        vault.lock(ana, anaOwner, KEY, 0, false);
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.PotTooSmall.selector, venue, KEY, 0, 1));
        vault.release(ana, KEY, 1);
        vm.stopPrank();
    }

    function test_APotThatWasFilledOrPreparedCostsLittleToFill() public {
        uint256 never = _gasOfGuarantee(KEY);
        vm.prank(CHARGER);
        vault.release(backstop(), KEY, 10);
        vault.preparePots(CHARGER, KEY + 1, 1);
        // To write a word that reads 0 costs 20,000.
        vm.assertGe(never, _gasOfGuarantee(KEY) + 17_000);
        vm.assertGe(never, _gasOfGuarantee(KEY + 1) + 17_000);
    }

    function test_PreparingGoesNoFurtherThanTheLastKey() public {
        vm.expectRevert();
        vault.preparePots(VENUE, type(uint96).max, 2);
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    function _gasOfGuarantee(uint96 key) private returns (uint256 gas) {
        fund(backstop(), 10);
        gas = gasleft();
        vm.prank(CHARGER);
        vault.lockGuarantee(backstop(), key, 10);
        gas -= gasleft();
    }
}
