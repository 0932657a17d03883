// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Order} from "../../../contracts/types/Order.sol";

import {CoreTest} from "./CoreTest.sol";

/// Of a signed order, what the vault looks at.
function bidOf(AccountId account, uint256 nonce) pure returns (Order) {
    return Order.wrap(AccountId.unwrap(account) | (nonce << 131));
}

/// Two venues, one of which may charge, and two accounts, of which ana's has money. A venue is any address with a grant; these
/// call themselves.
abstract contract VenueTest is CoreTest {
    uint96 internal constant KEY = 0x0100;

    address internal immutable VENUE = address(uint160(0x7E9));
    address internal immutable CHARGER = address(uint160(0xC4A));

    AccountId internal ana;
    AccountId internal ben;
    address internal anaOwner;

    function setUp() public override {
        super.setUp();
        vault.grantVenue(VENUE, false);
        vault.grantVenue(CHARGER, true);
        ana = admit(ANA);
        ben = admit(BEN);
        anaOwner = vm.addr(ANA);
        fund(ana, 1000);
    }

    // --- what venues do -----------------------------------------------------------------------------------------

    function _lock(uint256 amount, bool isOffer) internal {
        vm.prank(VENUE);
        vault.lock(ana, anaOwner, KEY, amount, isOffer);
    }

    function _lockSigned(uint256 nonce) internal {
        vm.prank(VENUE);
        vault.lockSigned(bidOf(ana, nonce), anaOwner, KEY, 10);
    }

    /// Leaves `ana` without money and with the debt.
    function _owe(uint256 debt) internal {
        uint256 all = vault.balanceOf(ana);
        vm.prank(CHARGER);
        vault.charge(ana, KEY, all + debt);
    }

    function _pay(AccountId account, uint256 receipts, uint256 returned) internal {
        uint256[] memory payments = new uint256[](1);
        payments[0] = _payment(account, receipts, returned);
        vm.prank(CHARGER);
        vault.payMany(KEY, payments);
    }

    function _payment(AccountId account, uint256 receipts, uint256 returned) internal pure returns (uint256) {
        return AccountId.unwrap(account) | (receipts << 24) | (returned << 88);
    }

    // --- what others do -----------------------------------------------------------------------------------------

    function _limit(uint64 limit) internal {
        vm.prank(BACKSTOP);
        vault.setDebtLimit(ana, limit);
    }

    function _close(uint40 until) internal {
        vm.prank(address(oversight));
        vault.closePot(VENUE, KEY, until);
    }

    // --- what must be -------------------------------------------------------------------------------------------

    function _assertPot(address venue, uint96 key, uint256 expected) internal view {
        (uint128 amount,) = vault.pot(venue, key);
        vm.assertEq(amount, expected);
    }

    function _assertRights(address venue, bool lock, bool charge) internal view {
        (bool granted, bool mayCharge) = vault.venueRights(venue);
        vm.assertEq(granted, lock);
        vm.assertEq(mayCharge, charge);
    }
}
