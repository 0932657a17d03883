// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPaymentVault} from "../../contracts/interfaces/IPaymentVault.sol";
import {ISettlementFacts} from "../../contracts/interfaces/ISettlement.sol";
import {AccountId, backstopAccount} from "../../contracts/types/AccountId.sol";
import {toMarket} from "../../contracts/types/Market.sol";

import {SettlementTest} from "./base/SettlementTest.sol";

/// An order of another area's account puts that area's backstop under the same obligation. The test is the venue.
contract SettlementAreasTest is SettlementTest {
    uint8 private constant OTHER = 2;
    uint256 private constant GUARANTEE = uint256(FEED_IN) * EXPORT_CAPACITY;

    AccountId private otherBackstop;

    function setUp() public override {
        super.setUp();
        registry.openArea(OTHER, BACKSTOP, FEES);
        oversight.scheduleTerms(OTHER, ELECTRICITY, firstUntradable(), usualTerms());
        otherBackstop = backstopAccount(OTHER);
        settlement.grantVenue(address(this));
        open();
    }

    function guarantee() private view returns (uint256) {
        return settlement.areaOf(OTHER, ELECTRICITY, period).guarantee;
    }

    function test_AnAreaThatIsOpenedReservesItsGuaranteeOnce() public {
        fund(otherBackstop, FUNDS);
        vm.expectEmit(address(settlement));
        emit ISettlementFacts.GuaranteeReserved(OTHER, ELECTRICITY, period, GUARANTEE);
        settlement.openArea(OTHER, ELECTRICITY, period);
        settlement.openArea(OTHER, ELECTRICITY, period);
        vm.assertEq(guarantee(), GUARANTEE);
        vm.assertEq(vault.balanceOf(otherBackstop), FUNDS - GUARANTEE);
        vm.assertEq(potOfSettlement(), GUARANTEE);
        vm.assertEq(settlement.openMarkets(ELECTRICITY, period), 0);
    }

    function test_AnAreaWithAMarketOfItsOwnReservesNoMore() public {
        fund(otherBackstop, FUNDS);
        settlement.openMarket(toMarket(OTHER, ELECTRICITY, period));
        settlement.openArea(OTHER, ELECTRICITY, period);
        vm.assertEq(vault.balanceOf(otherBackstop), FUNDS - GUARANTEE);
    }

    function test_AnAreaWhoseBackstopCannotFundItIsNotOpened() public {
        vm.expectRevert(abi.encodeWithSelector(IPaymentVault.InsufficientBalance.selector, otherBackstop, 0, GUARANTEE));
        settlement.openArea(OTHER, ELECTRICITY, period);
    }

    function test_OnlyAVenueOpensAnArea() public {
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.NotVenue.selector, BACKSTOP));
        vm.prank(BACKSTOP);
        settlement.openArea(OTHER, ELECTRICITY, period);
    }
}
