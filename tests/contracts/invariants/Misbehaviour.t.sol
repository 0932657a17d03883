// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBookFacts} from "../../../contracts/interfaces/IOrderBook.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {IMMEDIATE_OR_CANCEL, Order} from "../../../contracts/types/Order.sol";
import {OrderRef} from "../../../contracts/types/OrderRef.sol";
import {Rules} from "./Rules.sol";

/// Design section 11, whatever members, meters, the payment token and strangers do: each invariant after every hour of random
/// days, all of them after whole ones.
/// forge-config: default.invariant.depth = 32
contract MisbehaviourTest is Rules {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(this);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[] memory acts = new bytes4[](1);
        acts[0] = this.actHour.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(this), acts);
    }

    // --- one by one, as the design counts them ------------------------------------------------------------------

    /// 1
    function invariant_BalancesAndPotsAreWhatCameInLessWhatWentOut() public view {
        balancesAndPotsAreWhatCameInLessWhatWentOut();
    }

    /// 2
    function invariant_WhatIsLockedCoversOrdersAndPositions() public view {
        whatIsLockedCoversOrdersAndPositions();
    }

    /// 3
    function invariant_TheBookIsNeverCrossedAndTheBestPriceThenTheOldestOrderGoesFirst() public view {
        bestPriceAndOldestOrderGoFirst();
    }

    /// 4
    function invariant_BoughtIsSoldAndTheCashOfAFinishedPeriodSumsToZero() public view {
        boughtIsSoldAndCashSumsToZero();
    }

    /// 5
    function invariant_CertificatesAreAtMostWhatWasDeliveredAndRetiredWhatWasTaken() public view {
        certificatesAreAtMostWhatWasDelivered();
    }

    /// 6
    function invariant_AReadingCountsOnceWhoeverReplaysOrForgesIt() public view {
        aReadingCountsOnce();
    }

    /// 7
    function invariant_WhatHasSettledStays() public view {
        whatHasSettledStays();
    }

    /// 8
    function invariant_AHaltKeepsNobodyFromLeaving() public view {
        nobodyIsKeptFromLeaving();
    }

    /// 10
    function invariant_NoOrderCostsMoreThanItsTouches() public view {
        noCallCostsMoreThanItsPage();
    }

    // --- whole days ---------------------------------------------------------------------------------------------

    /// From its first order to its last settlement.
    /// forge-config: default.fuzz.runs = 6
    function testFuzz_WhoeverMisbehavesAllDayAllRulesHold(uint256 seed) public {
        playDay(seed);
        vm.assertTrue(areaNow().finished, "finished");
        checkAll();
    }

    /// So that the rules above aren't kept for want of anything to happen.
    function test_SuchDaysAreTradedMeteredSettledAndCertified() public {
        (uint256 soldWh, uint256 settled, uint256 certifiedWh, uint256 retiredWh) = (0, 0, 0, 0);
        for (uint256 seed; seed < 8; ++seed) {
            uint256 before = vm.snapshotState();
            playDay(seed);
            for (uint256 i; i < members.length; ++i) {
                soldWh += positionOf(members[i]).soldWh;
                if (measuredAs[points[i]] != 0) ++settled;
                retiredWh += retiredBy[members[i]];
            }
            certifiedWh += certificates.totalSupply(market);
            vm.revertToState(before);
        }
        vm.assertGe(soldWh, 10_000, "sold");
        vm.assertGe(settled, 20, "metered and settled");
        vm.assertGe(certifiedWh, 1, "certified");
        vm.assertGe(retiredWh, 1, "retired");
    }

    // --- a full level -------------------------------------------------------------------------------------------

    /// One member fills a price with 4,096 orders, nearly all cancelled again. The next there is refused by name; everybody else
    /// trades, skips the dead in pages, cancels, claims and is settled.
    function test_AFullLevelIsRefusedByNameAndHoldsUpNobodyElse() public {
        uint256 tick = 1500;
        (AccountId ana, AccountId ben) = (members[0], members[1]);
        fillLevel(ben, tick);
        Order dust = bid(members[4], market, 10, tick + LEVY_BUY);
        vm.expectRevert(abi.encodeWithSelector(IOrderBookFacts.LevelFull.selector, tick));
        book.placeOrder(dust, new OrderRef[](0), TOUCHES);

        vm.assertTrue(_place(bid(members[4], market, 100, tick + 1 + LEVY_BUY)), "the price beside");
        vm.assertTrue(_place(offer(ana, market, 100, tick + 1 - LEVY_SELL)), "the price beside");
        vm.assertFalse(_place(offer(ana, market, 100, tick - LEVY_SELL)), "too many dead before the living");
        for (uint256 i; i < 41; ++i) {
            book.skip(market, tick, 100);
        }
        vm.assertTrue(_place(offer(ana, market, 20, tick - LEVY_SELL)), "skipped");
        vm.prank(vm.addr(keys[1]));
        book.cancelOrder(market, refsPlaced[20]);
        vm.assertTrue(_place(immediateOffer(ana, 1000, tick - LEVY_SELL)), "a whole level is one touch");

        finishDay();
        vm.assertTrue(areaNow().finished, "finished");
        vm.assertEq(positionOf(ana).soldWh, 100 + 30 * 10 - 10);
        checkAll();
    }

    function immediateOffer(AccountId account, uint256 energyWh, uint256 limit) private view returns (Order) {
        return pack(OrderFields(account, market, true, IMMEDIATE_OR_CANCEL, limit, energyWh, ANY_FEE, 0, 0));
    }

    /// The last 30 stay.
    function fillLevel(AccountId account, uint256 tick) private {
        address owner = vault.ownerOf(account);
        Order dust = bid(account, market, 10, tick + LEVY_BUY);
        for (uint256 i; i < 4096; ++i) {
            vm.prank(owner);
            (OrderRef ref,) = book.placeOrder(dust, new OrderRef[](0), TOUCHES);
            if (i >= 4066) {
                refsPlaced.push(ref);
                continue;
            }
            vm.prank(owner);
            book.cancelOrder(market, ref);
        }
    }
}
