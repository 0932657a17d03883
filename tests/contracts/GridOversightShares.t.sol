// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGridOversight} from "../../contracts/interfaces/IGridOversight.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Market} from "../../contracts/types/Market.sol";
import {Terms} from "../../contracts/types/Terms.sol";

import {CoreTest} from "./base/CoreTest.sol";

/// Nobody orders more of a market than its cap.
contract GridOversightSharesTest is CoreTest {
    address private immutable VENUE = address(uint160(0x7E9));
    uint40 private constant CAP = 5000;

    AccountId private ana;
    AccountId private ben;
    Market private market;

    function setUp() public override {
        super.setUp();
        (ana, ben) = (admit(ANA), admit(BEN));
        Terms memory terms = usualTerms();
        terms.shareCapWh = CAP;
        oversight.scheduleTerms(AREA, ELECTRICITY, firstUntradable(), terms);
        oversight.grantVenue(VENUE);
        market = electricity(warpToParticipation());
    }

    function test_AnAccountsBidsAndOffersAreCappedEachForItself() public {
        _reserve(ana, false, 3000);
        _reserve(ana, true, 5000);
        _reserve(ben, false, 5000);
        _expectTooMuch(ana, 5001);
        _reserve(ana, false, 2001);
        _reserve(ana, false, 2000);
        _expectTooMuch(ben, 5001);
        _reserve(ben, false, 1);
        vm.assertEq(oversight.shareOf(VENUE, ana, market, false), 5000);
        vm.assertEq(oversight.shareOf(VENUE, ana, market, true), 5000);
    }

    function test_WhatReturnsMayBeOrderedAnew() public {
        _reserve(ana, false, 5000);
        _return(ana, 1200);
        _expectTooMuch(ana, 5001);
        _reserve(ana, false, 1201);
        _reserve(ana, false, 1200);
        _return(ana, 99_999);
        vm.assertEq(oversight.shareOf(VENUE, ana, market, false), 0);
    }

    function test_WithoutACapNothingIsRefused() public {
        oversight.scheduleTerms(AREA, ELECTRICITY, firstUntradable(), usualTerms());
        market = electricity(warpToParticipation());
        _reserve(ana, false, 8_388_607);
        _reserve(ana, false, 8_388_607);
    }

    function test_AReusedWordForgetsTheEarlierPeriod() public {
        _reserve(ana, false, 5000);
        Market earlier = market;
        market = electricity(market.period() + calendarTimes().ringPeriods);
        vm.warp(startsAt(market.period()) - calendarTimes().opensBefore);
        _reserve(ana, false, 5000);
        vm.prank(VENUE);
        oversight.returnShare(ana, earlier, false, 5000);
        vm.assertEq(oversight.shareOf(VENUE, ana, market, false), 5000);
    }

    function test_OnlyAVenueCountsAndOnlyWhatIsTradable() public {
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.NotVenue.selector, address(this)));
        oversight.reserveShare(ana, market, false, 1);
        oversight.returnShare(ana, market, false, 1);
        vm.warp(startsAt(market.period()));
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.PeriodNotTradable.selector, market.period()));
        _reserve(ana, false, 1);
    }

    function _reserve(AccountId account, bool isOffer, uint256 energyWh) private {
        vm.prank(VENUE);
        oversight.reserveShare(account, market, isOffer, energyWh);
    }

    function _return(AccountId account, uint256 energyWh) private {
        vm.prank(VENUE);
        oversight.returnShare(account, market, false, energyWh);
    }

    function _expectTooMuch(AccountId account, uint256 wanted) private {
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.ShareCapExceeded.selector, account, market, CAP, wanted));
    }
}
