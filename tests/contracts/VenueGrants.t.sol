// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBook} from "../../contracts/interfaces/IOrderBook.sol";
import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Market} from "../../contracts/types/Market.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {WattbookTest} from "./base/WattbookTest.sol";

/// After go-live a venue gets its rights seven days after everybody could know; it loses them at once.
contract VenueGrantsTest is WattbookTest {
    uint32 private constant NOTICE = 7 days;

    address private immutable OPERATOR = address(uint160(0x0BE4A704));
    address private immutable REGULATOR = address(uint160(0x4E6));

    IOrderBook private successor;

    function setUp() public override {
        super.setUp();
        successor = newOrderBook();
        manager.grantRole(manager.OPERATOR(), OPERATOR, 0);
        manager.grantRole(manager.REGULATOR(), REGULATOR, 0);
        // As scripts/deploy.py ends a deployment.
        manager.setRoleGuardian(manager.VENUE_GRANTOR(), manager.REGULATOR());
        manager.grantRole(manager.VENUE_GRANTOR(), OPERATOR, NOTICE);
        manager.grantRole(manager.VENUE_GRANTOR(), ADMIN, NOTICE);
        manager.grantRole(manager.ADMIN_ROLE(), ADMIN, NOTICE);
    }

    // --- notice -------------------------------------------------------------------------------------------------

    function test_AGrantWithoutNoticeIsRefused() public {
        bytes32 operation = manager.hashOperation(OPERATOR, address(vault), _grantInVault());
        vm.expectRevert(abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, operation));
        vm.prank(OPERATOR);
        vault.grantVenue(address(successor), false);
    }

    function test_AGrantIsAnnouncedAndTakesSevenDays() public {
        bytes memory call = _grantInVault();
        bytes32 operation = manager.hashOperation(OPERATOR, address(vault), call);
        vm.expectEmit(address(manager));
        emit IAccessManager.OperationScheduled(
            operation, 1, uint48(block.timestamp + NOTICE), OPERATOR, address(vault), call
        );
        vm.startPrank(OPERATOR);
        manager.schedule(address(vault), call, 0);
        vm.warp(block.timestamp + NOTICE - 1);
        vm.expectRevert(abi.encodeWithSelector(IAccessManager.AccessManagerNotReady.selector, operation));
        manager.execute(address(vault), call);
        vm.warp(block.timestamp + 1);
        manager.execute(address(vault), call);
        vm.stopPrank();
        _assertGranted(address(successor), true);
    }

    function test_NobodySchedulesAnEarlierDate() public {
        bytes memory call = _grantInVault();
        vm.expectPartialRevert(IAccessManager.AccessManagerUnauthorizedCall.selector);
        vm.prank(OPERATOR);
        manager.schedule(address(vault), call, uint48(block.timestamp + NOTICE - 1));
    }

    function test_TheRegulatorStopsAGrantMeanwhile() public {
        bytes memory call = _grantInVault();
        vm.prank(OPERATOR);
        manager.schedule(address(vault), call, 0);
        vm.prank(REGULATOR);
        manager.cancel(OPERATOR, address(vault), call);
        vm.warp(block.timestamp + NOTICE);
        vm.expectPartialRevert(IAccessManager.AccessManagerNotScheduled.selector);
        vm.prank(OPERATOR);
        manager.execute(address(vault), call);
    }

    function test_EveryGrantOfAVenueTakesNotice() public {
        vm.startPrank(OPERATOR);
        vm.expectPartialRevert(IAccessManager.AccessManagerNotScheduled.selector);
        settlement.grantVenue(address(successor));
        vm.expectPartialRevert(IAccessManager.AccessManagerNotScheduled.selector);
        oversight.grantVenue(address(successor));
        vm.stopPrank();
    }

    // --- no way around it ---------------------------------------------------------------------------------------

    function test_AnOperatorCannotShortenItsNotice() public {
        uint64 role = manager.VENUE_GRANTOR();
        vm.expectPartialRevert(IAccessManager.AccessManagerUnauthorizedAccount.selector);
        vm.prank(OPERATOR);
        manager.grantRole(role, OPERATOR, 0);
    }

    function test_NeitherCanTheAdminAtOnceInAnyWay() public {
        (uint64 role, uint64 operators) = (manager.VENUE_GRANTOR(), manager.OPERATOR());
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = vault.grantVenue.selector;
        bytes4 refusal = IAccessManager.AccessManagerNotScheduled.selector;
        vm.expectPartialRevert(refusal);
        manager.grantRole(role, OPERATOR, 0);
        vm.expectPartialRevert(refusal);
        manager.grantRole(role, address(successor), 0);
        vm.expectPartialRevert(refusal);
        manager.revokeRole(role, OPERATOR);
        vm.expectPartialRevert(refusal);
        manager.setTargetFunctionRole(address(vault), selectors, operators);
        vm.expectPartialRevert(refusal);
        manager.setRoleAdmin(role, operators);
        vm.expectPartialRevert(refusal);
        manager.updateAuthority(address(vault), address(successor));
        uint64 admin = manager.ADMIN_ROLE();
        vm.expectPartialRevert(refusal);
        manager.grantRole(admin, OPERATOR, 0);
        vm.expectPartialRevert(refusal);
        manager.grantRole(admin, ADMIN, 0);
    }

    function test_AShorterNoticeItselfTakesNoticeAndThenTheRestOfTheOldOne() public {
        uint64 role = manager.VENUE_GRANTOR();
        bytes memory call = abi.encodeCall(manager.grantRole, (role, OPERATOR, 1 days));
        manager.schedule(address(manager), call, 0);
        vm.warp(block.timestamp + NOTICE);
        manager.execute(address(manager), call);
        (, uint32 delay) = manager.hasRole(role, OPERATOR);
        vm.assertEq(delay, NOTICE);
        vm.warp(block.timestamp + 6 days);
        (, delay) = manager.hasRole(role, OPERATOR);
        vm.assertEq(delay, 1 days);
    }

    // --- a successor --------------------------------------------------------------------------------------------

    function test_ARightIsTakenAwayAtOnce() public {
        _revokeBook();
        _assertGranted(address(book), false);
        vm.assertFalse(settlement.isVenue(address(book)));
        vm.assertFalse(oversight.isVenue(address(book)));
    }

    function test_ANewBookTakesOverWhileTheOldOneDrains() public {
        (AccountId ana, AccountId ben) = (admit(ANA), admit(BEN));
        fund(ana, 1e10);
        fund(ben, 1e10);
        fund(backstop(), 1e12);
        Market market = electricity(warpToParticipation());
        vm.warp(block.timestamp + 10 hours);
        (OrderRef offered,) = place(offer(ana, market, 1000, 1900));
        place(bid(ben, market, 600, 1900));
        _grantSuccessor();
        // Both stand side by side, in a market that both know.
        market = electricity(warpToParticipation());
        (offered,) = place(offer(ana, market, 1000, 1900));
        place(bid(ben, market, 600, 1900));
        _revokeBook();
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.NotVenue.selector, address(book)));
        vm.prank(vm.addr(BEN));
        book.placeOrder(bid(ben, market, 100, 1900), new OrderRef[](0), ANY_TOUCHES);
        vm.prank(vm.addr(ANA));
        successor.placeOrder(offer(ana, market, 500, 1900), new OrderRef[](0), ANY_TOUCHES);
        vm.prank(vm.addr(BEN));
        successor.placeOrder(bid(ben, market, 500, 1900), new OrderRef[](0), ANY_TOUCHES);
        // Every way out of the old one stays open.
        vm.prank(vm.addr(ANA));
        book.cancelOrder(market, offered);
        vm.warp(startsAt(market.period()));
        AccountId[] memory traders = new AccountId[](2);
        (traders[0], traders[1]) = (ana, ben);
        book.claim(market, refs(offered), traders);
        successor.claim(market, refs(offered), traders);
        vm.assertEq(settlement.position(ana, ELECTRICITY, market.period()).soldWh, 1100);
        vm.assertEq(settlement.position(ben, ELECTRICITY, market.period()).boughtWh, 1100);
        vm.assertEq(settlement.openMarkets(ELECTRICITY, market.period()), 0);
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    function _grantSuccessor() private {
        bytes memory elsewhere = abi.encodeCall(settlement.grantVenue, (address(successor)));
        vm.startPrank(OPERATOR);
        manager.schedule(address(vault), _grantInVault(), 0);
        manager.schedule(address(settlement), elsewhere, 0);
        manager.schedule(address(oversight), elsewhere, 0);
        vm.warp(block.timestamp + NOTICE);
        manager.execute(address(vault), _grantInVault());
        manager.execute(address(settlement), elsewhere);
        manager.execute(address(oversight), elsewhere);
        vm.stopPrank();
    }

    function _revokeBook() private {
        vm.startPrank(OPERATOR);
        vault.revokeVenue(address(book));
        settlement.revokeVenue(address(book));
        oversight.revokeVenue(address(book));
        vm.stopPrank();
    }

    function _grantInVault() private view returns (bytes memory) {
        return abi.encodeCall(vault.grantVenue, (address(successor), false));
    }

    function _assertGranted(address venue, bool expected) private view {
        (bool granted,) = vault.venueRights(venue);
        vm.assertEq(granted, expected);
    }
}
