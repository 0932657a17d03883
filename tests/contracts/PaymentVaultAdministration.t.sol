// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";

import {VenueTest} from "./base/VenueTest.sol";

/// Grants, and what nobody but its holder may do.
contract PaymentVaultAdministrationTest is VenueTest {
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
}
