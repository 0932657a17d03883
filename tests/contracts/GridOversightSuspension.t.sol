// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IGridOversight} from "../../contracts/interfaces/IGridOversight.sol";
import {CancelReason, IOrderBookFacts} from "../../contracts/interfaces/IOrderBook.sol";
import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {Admission} from "../../contracts/interfaces/IRegistry.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";

import {OrderBookTest} from "./base/OrderBookTest.sol";

/// Who is suspended doesn't trade; all that it has stays its own.
contract GridOversightSuspensionTest is OrderBookTest {
    uint40 private until;

    function setUp() public override {
        super.setUp();
        until = uint40(block.timestamp + 1 hours);
    }

    function test_ASuspendedAccountNeitherBuysNorSells() public {
        vm.expectEmit(address(oversight));
        emit IGridOversight.AccountSuspended(ana, until, "wash trades");
        _suspend();
        refuse(bidAt(ana, 1000, 2000), abi.encodeWithSelector(IPaymentVault.NotBuyer.selector, ana));
        refuse(offerAt(ana, 1000, 2000), abi.encodeWithSelector(IPaymentVault.NotSeller.selector, ana));
        place(bidAt(ben, 1000, 2000));
    }

    function test_AnyoneCancelsItsLiveOrders() public {
        OrderRef ref = placeBid(ana, 1000, 2000);
        _suspend();
        vm.expectEmit(address(book));
        emit IOrderBookFacts.OrderCancelled(cancelledWord(market, ref, ana, 1000, CancelReason.NotAdmitted));
        book.cancelNotAdmitted(market, refs(ref));
        vm.assertEq(lockedOf(ana), 0);
    }

    function test_ItCancelsAndWithdrawsItself() public {
        OrderRef ref = placeBid(ana, 1000, 2000);
        _suspend();
        cancel(ana, ref);
        vm.prank(vm.addr(ANA));
        vault.withdraw(ana, FUNDS / CASH_PER_TOKEN_UNIT, vm.addr(ANA));
    }

    function test_FromItsEndOnAnyoneEndsIt() public {
        _suspend();
        vm.warp(until - 1);
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.SuspensionLasts.selector, ana, until));
        oversight.endSuspension(ana);
        vm.warp(until);
        vm.prank(BACKSTOP);
        vm.expectEmit(address(oversight));
        emit IGridOversight.SuspensionEnded(ana);
        oversight.endSuspension(ana);
        place(bidAt(ana, 1000, 2000));
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.NotSuspended.selector, ana));
        oversight.endSuspension(ana);
    }

    function test_AnotherEndReplacesTheFirst() public {
        _suspend();
        oversight.suspend(ana, 0, "a mistake");
        oversight.endSuspension(ana);
        place(offerAt(ana, 1000, 2000));
    }

    function test_TheEndBringsBackWhatTheAccountMightDoBefore() public {
        AccountId seller = admit(0x5E11E7, false, true);
        oversight.suspend(seller, until, "late papers");
        oversight.suspend(seller, until, "later papers");
        vm.warp(until);
        oversight.endSuspension(seller);
        (bool buys, bool sells) = vault.rightsOf(seller);
        vm.assertFalse(buys);
        vm.assertTrue(sells);
    }

    function test_ARevokedAdmissionDoesNotComeBackWithASuspensionsEnd() public {
        Admission memory admission = admissionOf(0xE7A, true, true);
        AccountId eva = registry.admit(admission, sign(AUTHORITY_KEY, registry.admissionHash(admission)));
        oversight.suspend(eva, until, "wash trades");
        registry.revokeAdmission(admission.number);
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.NotSuspended.selector, eva));
        oversight.endSuspension(eva);
        oversight.suspend(eva, 0, "again");
        oversight.endSuspension(eva);
        (bool buys, bool sells) = vault.rightsOf(eva);
        vm.assertFalse(buys || sells);
    }

    function test_ASuspensionNeedsAReasonAndAnEndWithinAYear() public {
        vm.expectRevert(IGridOversight.ReasonMissing.selector);
        oversight.suspend(ana, until, "");
        uint40 tooLong = uint40(block.timestamp + 366 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.SuspensionTooLong.selector, tooLong));
        oversight.suspend(ana, tooLong, "wash trades");
        oversight.suspend(ana, tooLong - 1, "wash trades");
        (bool lasts, uint40 end) = oversight.suspensionOf(ana);
        vm.assertTrue(lasts);
        vm.assertEq(end, tooLong - 1);
    }

    function testFuzz_OnlyTheRegulatorSuspends(address caller) public {
        vm.assume(caller != ADMIN);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
        vm.prank(caller);
        oversight.suspend(ana, until, "mine");
    }

    function _suspend() private {
        oversight.suspend(ana, until, "wash trades");
    }
}
