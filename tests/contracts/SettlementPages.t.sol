// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlementFacts} from "../../contracts/interfaces/ISettlement.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";

import {TrioTest} from "./base/TrioTest.sol";

/// Pages of members: who settles, who waits, and that nothing happens twice.
contract SettlementPagesTest is TrioTest {
    function setUp() public override {
        super.setUp();
        open();
        meter(ana, 0, 1800);
        meter(ben, 1700, 0);
        meter(cem, 400, 0);
    }

    // --- before -------------------------------------------------------------------------------------------------

    function test_NothingSettlesBeforeThePeriodIsOver() public {
        vm.warp(endsAt(period) - 1);
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.PeriodNotOver.selector, period));
        settleAll();
    }

    function test_NothingSettlesWhileFillsAreUnclaimed() public {
        trade(ana, ben, 1500, 1900);
        meterPeriod();
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.ClaimsOpen.selector, ELECTRICITY, period, 1));
        settleAll();
        claimAll();
        settleAll();
        vm.assertTrue(settlement.isSettled(ELECTRICITY, period));
    }

    function test_APageHasAtMost1024Accounts() public {
        vm.warp(endsAt(period));
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.PageTooLarge.selector, 1025));
        settlement.settle(AREA, ELECTRICITY, period, 16, 1025);
    }

    // --- pages --------------------------------------------------------------------------------------------------

    function test_PagesMayComeInAnySequence() public {
        trade(ana, ben, 1500, 1900);
        claimAll();
        meterPeriod();
        settlement.settle(AREA, ELECTRICITY, period, 18, 1);
        vm.assertFalse(settlement.isSettled(ELECTRICITY, period));
        settlement.settle(AREA, ELECTRICITY, period, 16, 2);
        vm.assertTrue(settlement.isSettled(ELECTRICITY, period));
        vm.assertEq(cashOf(ana), 1500 * 1900 + 300 * 800);
        vm.assertEq(cashOf(ben), -1500 * 1900 - 200 * 3200);
        vm.assertEq(cashOf(cem), -400 * 3200);
        vm.assertEq(cashOf(ana) + cashOf(ben) + cashOf(cem) + cashOf(backstop()), 0);
    }

    function test_APageSaysWhatBecameOfEachAccount() public {
        trade(ana, ben, 1500, 1900);
        claimAll();
        vm.warp(endsAt(period));
        postBases();
        postAllBut(cem);
        warpToFinal();
        vm.recordLogs();
        settleAll();
        (uint256 first, uint256[] memory results, uint256[] memory debts) = pageOf(vm.getRecordedLogs());
        vm.assertEq(first, ana.index());
        vm.assertEq(results.length, 2);
        uint256 paid = 1500 * 1900 + 300 * 800 + 1500 * (3200 - 1900);
        assertResult(results[0] >> 128, 0, 1800, int256(paid));
        assertResult(uint128(results[0]), 1700, 0, -200 * 3200);
        vm.assertEq(results[1], 0, "cem waits");
        vm.assertEq(debts.length, 0);
    }

    function test_APageSaysWhatAccountsOweFromThenOn() public {
        trade(ana, ben, 1500, 1900);
        uint256 all = vault.balanceOf(ben) / CASH_PER_TOKEN_UNIT;
        vm.prank(vm.addr(BEN));
        vault.withdraw(ben, all - 10_000, vm.addr(BEN));
        claimAll();
        meterPeriod();
        vm.recordLogs();
        settleAll();
        (, uint256[] memory results, uint256[] memory debts) = pageOf(vm.getRecordedLogs());
        assertResult(uint128(results[0]), 1700, 0, -100_000);
        vm.assertEq(debts.length, 1);
        vm.assertEq(debts[0], AccountId.unwrap(ben) | (uint256(540_000) << 24));
        vm.assertEq(vault.debtOf(ben), 540_000);
        vm.assertEq(potOfSettlement(), 0);
    }

    function test_AMemberWithoutFinalReadingsWaitsAlone() public {
        trade(ana, ben, 1500, 1900);
        claimAll();
        vm.warp(endsAt(period));
        postBases();
        postAllBut(ana);
        warpToFinal();
        settleAll();
        vm.assertFalse(settlement.hasSettled(ana, ELECTRICITY, period));
        vm.assertTrue(settlement.hasSettled(ben, ELECTRICITY, period));
        vm.assertEq(areaNow().settled, 2);
        post(period, readingOf(meteredOf(ana)));
        settleAll();
        vm.assertTrue(settlement.isSettled(ELECTRICITY, period));
        vm.assertEq(cashOf(ana), 1500 * 1900 + 300 * 800);
        vm.assertEq(potOfSettlement(), 0);
    }

    function test_SettlingAgainChangesNothing() public {
        trade(ana, ben, 1500, 1900);
        settlePeriod();
        (int256 anas, int256 bens, int256 backstops) = (cashOf(ana), cashOf(ben), cashOf(backstop()));
        vm.recordLogs();
        settleAll();
        vm.assertEq(vm.getRecordedLogs().length, 0);
        vm.assertEq(cashOf(ana), anas);
        vm.assertEq(cashOf(ben), bens);
        vm.assertEq(cashOf(backstop()), backstops);
    }

    function test_AMemberWithoutPointsSettlesOnItsTradesAlone() public {
        AccountId dora = admit(DORA);
        fund(dora, FUNDS);
        period = warpToParticipation();
        market = electricity(period);
        trade(ana, dora, 500, 2000);
        vm.warp(endsAt(period));
        claimAll();
        settlement.settle(AREA, ELECTRICITY, period, 19, 1);
        vm.assertEq(cashOf(dora), -500 * 2000 + 500 * 800);
    }

    function test_WhoTradedTakesPartEvenIfAdmittedLate() public {
        AccountId dora = admit(DORA);
        fund(dora, FUNDS);
        trade(ana, dora, 500, 2000);
        vm.assertEq(areaNow().members, 3);
        claimAll();
        vm.assertEq(areaNow().members, 4);
        meterPeriod();
        settleAll();
        vm.assertEq(cashOf(dora), -500 * 2000 + 500 * 800);
        vm.assertEq(potOfSettlement(), 0);
    }

    // --- the ring -----------------------------------------------------------------------------------------------

    function test_AnUnfinishedPeriodKeepsItsWords() public {
        trade(ana, ben, 1500, 1900);
        claimAll();
        uint32 later = period + calendarTimes().ringPeriods;
        vm.warp(startsAt(later) - calendarTimes().opensBefore);
        address owner = vault.ownerOf(ana);
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.PeriodUnfinished.selector, period));
        vm.prank(owner);
        book.placeOrder(offer(ana, electricity(later), 1500, 1900), refs(), ANY_TOUCHES);
    }

    function test_AFinishedPeriodsWordsAreUsedAnew() public {
        trade(ana, ben, 1500, 1900);
        settlePeriod();
        uint32 before = period;
        period += calendarTimes().ringPeriods;
        market = electricity(period);
        vm.warp(startsAt(period) - calendarTimes().opensBefore);
        trade(ben, ana, 300, 1000);
        vm.assertEq(areaNow().settled, 0);
        vm.assertEq(positionOf(ana).soldWh, 0);
        vm.assertFalse(settlement.hasSettled(ana, ELECTRICITY, period));
        vm.assertEq(settlement.openMarkets(ELECTRICITY, before), 0);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlementFacts.TooLate.selector, startsAt(period) - calendarTimes().opensBefore)
        );
        settlement.settle(AREA, ELECTRICITY, before, 16, 3);
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    function assertResult(uint256 result, uint256 importWh, uint256 exportWh, int256 payout) private pure {
        vm.assertEq(result & (2 ** 28 - 1), importWh);
        vm.assertEq((result >> 28) & (2 ** 28 - 1), exportWh);
        vm.assertEq((result >> 56) & 1, 1, "settled");
        vm.assertEq(int64(uint64(result >> 64)), payout);
    }
}
