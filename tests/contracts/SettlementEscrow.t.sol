// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {ISettlementFacts} from "../../contracts/interfaces/ISettlement.sol";
import {AccountId, FIRST_MEMBER, accountId} from "../../contracts/types/AccountId.sol";
import {Fill, toFill} from "../../contracts/types/Fill.sol";
import {purchase, sale} from "../../contracts/types/RecordWord.sol";

import {TrioTest} from "./base/TrioTest.sol";

/// What Settlement holds: the backstop's guarantee, sellers' locks, and what venues bring.
contract SettlementEscrowTest is TrioTest {
    uint256 private constant GUARANTEE = uint256(FEED_IN) * EXPORT_CAPACITY;

    function setUp() public override {
        super.setUp();
        open();
        meter(ana, 0, 1800);
        meter(ben, 1700, 0);
        meter(cem, 400, 0);
    }

    // --- the backstop -------------------------------------------------------------------------------------------

    function test_TheFirstOrderReservesTheGuaranteeAndTheLastSettlementReturnsIt() public {
        vm.expectEmit(address(settlement));
        emit ISettlementFacts.GuaranteeReserved(AREA, ELECTRICITY, period, GUARANTEE);
        placeOffer(ana, 1500, 1900);
        vm.assertEq(vault.balanceOf(backstop()), FUNDS - GUARANTEE);
        placeBid(ben, 1500, 1900);
        vm.assertEq(vault.balanceOf(backstop()), FUNDS - GUARANTEE);
        claimAll();
        meterPeriod();
        settlement.settle(AREA, ELECTRICITY, period, 16, 2);
        vm.assertEq(vault.balanceOf(backstop()), FUNDS - GUARANTEE);
        int256 earned = int256(200 * 3200 + 400 * 3200) - 300 * 800;
        vm.expectEmit(address(settlement));
        emit ISettlementFacts.AreaSettled(AREA, ELECTRICITY, period, GUARANTEE + uint256(earned));
        settlement.settle(AREA, ELECTRICITY, period, 18, 1);
        vm.assertEq(cashOf(backstop()), earned);
        vm.assertEq(areaNow().backstopCash, earned);
    }

    function test_AMarketWhoseGuaranteeTheBackstopCannotCoverDoesNotOpen() public {
        vm.prank(BACKSTOP);
        vault.withdraw(backstop(), (FUNDS - GUARANTEE) / CASH_PER_TOKEN_UNIT + 1, BACKSTOP);
        address owner = vault.ownerOf(ana);
        vm.expectRevert();
        vm.prank(owner);
        book.placeOrder(offer(ana, market, 1500, 1900), refs(), ANY_TOUCHES);
    }

    function test_TheGuaranteeReturnsEvenIfEveryOrderWasCancelled() public {
        placeOffer(ana, 1500, 1900);
        claimAll();
        meterPeriod();
        settleAll();
        vm.assertEq(potOfSettlement(), 0);
        vm.assertEq(cashOf(ana), 1800 * 800);
    }

    function test_APeriodWithoutOrdersSettlesAllTheSame() public {
        meterPeriod();
        vm.expectEmit(address(settlement));
        emit ISettlementFacts.BackstopSquared(AREA, ELECTRICITY, period, -1800 * 800);
        settlement.settle(AREA, ELECTRICITY, period, 16, 1);
        vm.assertEq(cashOf(ana), 1800 * 800);
        vm.assertEq(cashOf(backstop()), -1800 * 800);
        settleAll();
        vm.assertTrue(settlement.isSettled(ELECTRICITY, period));
        vm.assertEq(cashOf(backstop()), 2100 * 3200 - 1800 * 800);
        vm.assertEq(areaNow().backstopCash, 2100 * 3200 - 1800 * 800);
        vm.assertEq(potOfSettlement(), 0);
    }

    function test_WithoutOrdersSurplusWaitsWhileTheBackstopIsEmpty() public {
        vm.prank(BACKSTOP);
        vault.withdraw(backstop(), FUNDS / CASH_PER_TOKEN_UNIT, BACKSTOP);
        meterPeriod();
        settlement.settle(AREA, ELECTRICITY, period, 16, 1);
        vm.assertFalse(settlement.hasSettled(ana, ELECTRICITY, period));
        vm.assertEq(vault.debtOf(backstop()), 0);
        settlement.settle(AREA, ELECTRICITY, period, 16, 3);
        vm.assertTrue(settlement.hasSettled(ben, ELECTRICITY, period));
        vm.assertFalse(settlement.hasSettled(ana, ELECTRICITY, period));
        settlement.settle(AREA, ELECTRICITY, period, 16, 1);
        vm.assertTrue(settlement.isSettled(ELECTRICITY, period));
        vm.assertEq(cashOf(ana), 1800 * 800);
        vm.assertEq(vault.balanceOf(backstop()), 2100 * 3200 - 1800 * 800);
    }

    // --- locks --------------------------------------------------------------------------------------------------

    function test_ALockIsLoweredToWhatThePositionCanStillCost() public {
        trade(ana, ben, 1000, 1900);
        collectAll();
        trade(cem, ana, 400, 2000);
        claimAll();
        uint256 needed = 600 * 3200 - 1000 * 1900;
        vm.expectEmit(address(settlement));
        emit ISettlementFacts.LockLowered(ana, ELECTRICITY, period, 1000 * 1300 - needed);
        settlement.lowerLock(ana, ELECTRICITY, period);
        vm.assertEq(positionOf(ana).locked, needed);
        settlement.lowerLock(ana, ELECTRICITY, period);
        vm.assertEq(positionOf(ana).locked, needed);
    }

    function test_ALockIsNotLoweredBeforeDeliveryStarts() public {
        vm.warp(startsAt(period) - 1);
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.TooEarly.selector, startsAt(period)));
        settlement.lowerLock(ana, ELECTRICITY, period);
    }

    function test_ALockIsNotLoweredAfterItReturned() public {
        trade(ana, ben, 1000, 1900);
        settlePeriod();
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.AlreadySettled.selector, ana, period));
        settlement.lowerLock(ana, ELECTRICITY, period);
    }

    // --- what venues bring ---------------------------------------------------------------------------------------

    function test_OnlyVenuesOpenBookAndClose() public {
        bytes memory refused = abi.encodeWithSelector(ISettlementFacts.NotVenue.selector, address(this));
        vm.expectRevert(refused);
        settlement.openMarket(market);
        vm.expectRevert(refused);
        settlement.closeMarket(market);
        vm.expectRevert(refused);
        settlement.bookFills(market, new uint256[](0), 0);
    }

    function test_ARevokedVenueOpensNothingButClosesWhatItOpened() public {
        settlement.grantVenue(address(this));
        settlement.openMarket(market);
        settlement.revokeVenue(address(this));
        vm.assertFalse(settlement.isVenue(address(this)));
        bytes memory refused = abi.encodeWithSelector(ISettlementFacts.NotVenue.selector, address(this));
        vm.expectRevert(refused);
        settlement.openMarket(market);
        settlement.bookFills(market, new uint256[](0), 0);
        settlement.closeMarket(market);
        vm.assertEq(settlement.openMarkets(ELECTRICITY, period), 0);
    }

    function test_ARevokedVenueBringsNothingOfPeriodsThatItCannotHaveOpened() public {
        settlement.grantVenue(address(this));
        settlement.revokeVenue(address(this));
        bytes memory refused = abi.encodeWithSelector(ISettlementFacts.NotVenue.selector, address(this));
        vm.expectRevert(refused);
        settlement.bookFills(electricity(firstUntradable()), new uint256[](0), 0);
        vm.expectRevert(refused);
        settlement.revokeVenue(address(this));
    }

    function test_AVenueThatBringsNoMoneyBooksNothing() public {
        trade(ana, ben, 1500, 1900);
        settlement.grantVenue(address(this));
        vm.warp(startsAt(period));
        uint256 held = potOfSettlement();
        uint256[] memory fills = new uint256[](1);
        fills[0] = Fill.unwrap(toFill(cem, sale(0, 0, 700)));
        _expectNotBrought(0, 700);
        settlement.bookFills(market, fills, 0);
        fills[0] = Fill.unwrap(toFill(cem, purchase(10, 90)));
        _expectNotBrought(0, 90);
        settlement.bookFills(market, fills, 0);
        vm.assertEq(potOfSettlement(), held);
        vm.assertEq(positionOf(cem).locked, 0);
    }

    function test_WhoeverTradedTakesPartHoweverManyMembersThereAre() public {
        settlement.grantVenue(address(this));
        vm.warp(startsAt(period));
        uint256[] memory fills = new uint256[](1);
        fills[0] = Fill.unwrap(toFill(accountId(AREA, FIRST_MEMBER + 299), purchase(10, 0)));
        settlement.bookFills(market, fills, 0);
        vm.assertEq(areaNow().members, 300);
    }

    function test_MoneyThatABookBroughtCountsOnce() public {
        trade(ana, ben, 1500, 1900);
        settlement.grantVenue(address(this));
        claimAll();
        uint256[] memory fills = new uint256[](1);
        fills[0] = Fill.unwrap(toFill(cem, purchase(1, 1)));
        _expectNotBrought(0, 1);
        settlement.bookFills(market, fills, 0);
    }

    function test_ClaimsOfARevokedBookGoOn() public {
        trade(ana, ben, 1500, 1900);
        settlement.revokeVenue(address(book));
        vault.revokeVenue(address(book));
        settlePeriod();
        vm.assertEq(positionOf(ana).soldWh, 1500);
        vm.assertTrue(positionOf(ben).settled);
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    function _expectNotBrought(uint256 available, uint256 needed) private {
        uint96 key = uint96(period % calendarTimes().ringPeriods);
        vm.expectRevert(
            abi.encodeWithSelector(IPaymentVault.NotBrought.selector, address(settlement), key, available, needed)
        );
    }
}
