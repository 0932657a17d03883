// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGridOversight} from "../../contracts/interfaces/IGridOversight.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";
import {Terms} from "../../contracts/types/Terms.sol";

import {OrderBookTest} from "./base/OrderBookTest.sol";

/// A market whose terms cap what one account may order.
contract OrderBookSharesTest is OrderBookTest {
    uint40 private constant CAP = 1000;

    function setUp() public override {
        super.setUp();
        uint32 period = firstUntradable();
        Terms memory terms = termsWithLevies(uint16(LEVY_BUY), uint16(LEVY_SELL));
        terms.shareCapWh = CAP;
        oversight.scheduleTerms(AREA, ELECTRICITY, period, terms);
        vm.warp(startsAt(period) - calendarTimes().opensBefore);
        market = electricity(period);
    }

    function test_OrdersOfOneLevelRestAndTradeAsInAnyMarket() public {
        OrderRef a = placeOffer(ana, 100, 1550);
        OrderRef b = placeOffer(ben, 200, 1550);
        OrderRef c = placeOffer(cem, 300, 1550);
        vm.assertEq(totalAt(1550), 600);
        placeBid(dora, 350, 1550);
        vm.assertEq(filled(a), 100);
        vm.assertEq(filled(b), 200);
        vm.assertEq(filled(c), 50);
    }

    function test_NobodyOrdersMoreThanTheCap() public {
        placeOffer(ana, 600, 1550);
        refuse(
            offerAt(ana, 401, 1560),
            abi.encodeWithSelector(IGridOversight.ShareCapExceeded.selector, ana, market, CAP, CAP + 1)
        );
        placeOffer(ana, 400, 1560);
        placeOffer(ben, 1000, 1560);
        vm.assertEq(shareOf(ana), 1000);
    }

    function test_WhatIsCancelledMayBeOrderedAnew() public {
        OrderRef first = placeOffer(ana, 300, 1550);
        OrderRef second = placeOffer(ana, 700, 1550);
        placeOffer(ben, 500, 1550);
        cancel(ana, first);
        vm.assertEq(shareOf(ana), 700);
        cancel(ana, second);
        vm.assertEq(shareOf(ana), 0);
        vm.assertEq(shareOf(ben), 500);
        placeOffer(ana, 1000, 1550);
    }

    function test_WhatTradedStaysCountedAndWhatDidNotReturns() public {
        placeBid(ben, 250, 1550);
        place(immediate(offerAt(ana, 900, 1550)));
        vm.assertEq(shareOf(ana), 250);
    }

    /// Of its offers.
    function shareOf(AccountId account) private view returns (uint256) {
        return oversight.shareOf(address(book), account, market, true);
    }
}
