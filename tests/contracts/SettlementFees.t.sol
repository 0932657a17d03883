// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlementFacts} from "../../contracts/interfaces/ISettlement.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {toMarket} from "../../contracts/types/Market.sol";

import {SettlementTest} from "./base/SettlementTest.sol";

/// Levies of a market's trades.
contract SettlementFeesTest is SettlementTest {
    AccountId private ana;
    AccountId private ben;

    function setUp() public override {
        super.setUp();
        (ana, ben) = (join(ANA), join(BEN));
        oversight.scheduleTerms(AREA, ELECTRICITY, firstUntradable(), termsWithLevies(100, 50));
        open();
        placeOffer(ana, 1000, 1500);
        placeBid(ben, 1000, 2000);
        meter(ana, 0, 1000);
        meter(ben, 1000, 0);
        claimAll();
        meterPeriod();
    }

    function test_FeesArePaidOutOnceEveryoneHasSettled() public {
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.NotEveryoneSettled.selector, ELECTRICITY, period));
        settlement.payFees(market);
        settleAll();
        vm.expectEmit(address(settlement));
        emit ISettlementFacts.FeesPaid(AREA, ELECTRICITY, period, 1000 * 150);
        settlement.payFees(market);
        vm.assertEq(vault.balanceOf(fees()), 1000 * 150);
        vm.assertEq(cashOf(ana), 1000 * 1500);
        vm.assertEq(cashOf(ben), -1000 * 1650);
        vm.assertEq(potOfSettlement(), 0);
    }

    function test_FeesArePaidOutOnlyOnce() public {
        settleAll();
        settlement.payFees(market);
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.AlreadyPaid.selector, market));
        settlement.payFees(market);
    }

    function test_NoFeesArePaidAsThoseOfAFarPeriod() public {
        settleAll();
        uint32 far = period + (uint32(calendarTimes().ringPeriods) << 16);
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.NotEveryoneSettled.selector, ELECTRICITY, far));
        settlement.payFees(electricity(far));
    }

    function test_PaidFeesAreNoLongerListed() public {
        settleAll();
        vm.assertEq(areaNow().fees, 1000 * 150);
        settlement.payFees(market);
        vm.assertEq(areaNow().fees, 0);
    }

    function test_FeesThatNobodyPaidOutAreWhenTheirWordIsUsedAnew() public {
        settleAll();
        uint32 later = period + calendarTimes().ringPeriods;
        vm.warp(startsAt(later) - calendarTimes().opensBefore);
        vm.expectEmit(address(settlement));
        emit ISettlementFacts.FeesPaid(AREA, ELECTRICITY, period, 1000 * 150);
        place(offer(ana, electricity(later), 1500, 1900));
        vm.assertEq(vault.balanceOf(fees()), 1000 * 150);
        vm.assertEq(potOfSettlement(), FEED_IN * EXPORT_CAPACITY, "the later period's guarantee alone");
    }

    function test_AnAreaThatNobodyOpenedHasNoFees() public {
        settleAll();
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.NotEveryoneSettled.selector, ELECTRICITY, period));
        settlement.payFees(toMarket(9, ELECTRICITY, period));
    }
}
