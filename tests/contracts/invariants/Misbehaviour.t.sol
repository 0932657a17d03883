// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBookFacts} from "../../../contracts/interfaces/IOrderBook.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";

import {Misbehaviour} from "./Misbehaviour.sol";

/// Design section 11, after any sequence of what members do and misdo.
contract MisbehaviourTest is Misbehaviour {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(this);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[] memory acts = new bytes4[](14);
        (acts[0], acts[1], acts[2], acts[3]) =
        (this.actPlace.selector, this.actPlace.selector, this.actPlace.selector, this.actSigned.selector);
        (acts[4], acts[5], acts[6], acts[7]) =
        (this.actCancel.selector, this.actUpkeep.selector, this.actHalt.selector, this.actWait.selector);
        (acts[8], acts[9], acts[10], acts[11]) =
        (this.actClaim.selector, this.actPost.selector, this.actSettle.selector, this.actMoney.selector);
        (acts[12], acts[13]) = (this.actIntrude.selector, this.actWait.selector);
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(this), acts);
    }

    function invariant_WhoeverMisbehavesAllRulesHold() public view {
        checkAll();
    }

    /// A whole period, from its first order to its certificates.
    /// forge-config: default.fuzz.runs = 6
    function testFuzz_WhoeverMisbehavesAllDayAllRulesHold(uint256 seed) public {
        misbehaveAllDay(seed);
    }

    /// So that the rules above aren't kept for want of anything to happen.
    function test_SuchADayIsTradedMeteredAndSettled() public {
        (uint256 sold, uint256 settled) = (0, 0);
        for (uint256 seed; seed < 5; ++seed) {
            uint256 before = vm.snapshotState();
            misbehaveAllDay(seed);
            for (uint256 i; i < members.length; ++i) {
                sold += settlement.position(members[i], ELECTRICITY, period).soldWh;
                if (settledAs[members[i]] != 0) ++settled;
            }
            vm.revertToState(before);
        }
        vm.assertTrue(sold != 0, "nothing was sold");
        vm.assertTrue(settled != 0, "nobody was settled");
    }

    function misbehaveAllDay(uint256 seed) private {
        for (uint256 i; i < 300; ++i) {
            uint256 drawn_ = uint256(keccak256(abi.encode(seed, i)));
            if (i > 120 && i % 15 == 0) this.actWait(drawn_);
            else _actAny(drawn_);
            if (i % 20 == 0) checkAll();
        }
        checkAll();
    }

    /// 8 and 10, and every trick, are in `wrong`.
    function checkAll() private view {
        balancesAndPotsAreWhatCameInLessWhatWentOut();
        theBooksPotIsWhatOrdersAndFillsLock();
        theBookIsNeverCrossed();
        boughtIsSold();
        noCertificateWithoutExport();
        aReadingCountsOnce();
        whatHasSettledStays();
        vm.assertTrue(bytes(wrong).length == 0, wrong);
    }

    // --- one by one, as the design counts them ------------------------------------------------------------------

    /// 1
    function balancesAndPotsAreWhatCameInLessWhatWentOut() private view {
        uint256 sum = potOfBook() + potOfSettlement(ELECTRICITY, period);
        sum += uint256(vault.balanceOf(backstop())) + vault.balanceOf(fees());
        for (uint256 i; i < members.length; ++i) {
            sum += vault.balanceOf(members[i]);
        }
        vm.assertEq(int256(sum), entrusted, "entrusted");
        (uint256 owed, uint256 held) = vault.totals();
        vm.assertEq(owed, sum, "totals");
        vm.assertGe(held, owed, "tokens");
    }

    /// 2
    function theBooksPotIsWhatOrdersAndFillsLock() private view {
        uint256 locked;
        for (uint256 i; i < refsPlaced.length; ++i) {
            IOrderBookFacts.EntryView memory seen = book.entry(market, refsPlaced[i]);
            uint256 tick = refsPlaced[i].tick();
            uint256 limit = seen.isOffer ? tick - LEVY_SELL : tick + LEVY_BUY;
            locked += seen.energyWh * (seen.isOffer ? (limit < RETAIL ? RETAIL - limit : 0) : limit);
        }
        for (uint256 i; i < members.length; ++i) {
            IOrderBookFacts.RecordView memory seen = book.record(market, members[i]);
            locked += seen.paid + seen.locked;
            vm.assertGe(seen.received + seen.locked, seen.soldWh * RETAIL, "a sale's lock");
        }
        vm.assertEq(potOfBook(), locked, "locked");
    }

    /// 3
    function theBookIsNeverCrossed() private view {
        IOrderBookFacts.MarketView memory top = book.marketOf(market);
        if (top.hasBid && top.hasOffer) vm.assertTrue(top.bestBid < top.bestOffer);
    }

    /// 4
    function boughtIsSold() private view {
        int256 net;
        for (uint256 i; i < refsPlaced.length; ++i) {
            IOrderBookFacts.EntryView memory seen = book.entry(market, refsPlaced[i]);
            net += seen.isOffer ? int256(seen.filledWh) : -int256(seen.filledWh);
        }
        for (uint256 i; i < members.length; ++i) {
            IOrderBookFacts.RecordView memory seen = book.record(market, members[i]);
            net += int256(seen.soldWh) - int256(seen.boughtWh) + contracted(members[i]);
        }
        vm.assertEq(net, 0);
    }

    /// 5
    function noCertificateWithoutExport() private view {
        uint256 deliverable;
        for (uint256 i; i < members.length; ++i) {
            (bool known, uint256 importWh, uint256 exportWh) = readings.energyOf(points[i], period);
            if (known && exportWh > importWh) deliverable += exportWh - importWh;
        }
        vm.assertLe(certificates.totalSupply(market), deliverable);
    }

    /// 6
    function aReadingCountsOnce() private view {
        for (uint256 i; i < points.length; ++i) {
            bytes32 noted = measuredAs[points[i]][period];
            if (noted == 0) continue;
            (, uint256 importWh, uint256 exportWh) = readings.energyOf(points[i], period);
            vm.assertEq(noted, keccak256(abi.encode(importWh, exportWh)));
        }
    }

    /// 7
    function whatHasSettledStays() private view {
        for (uint256 i; i < members.length; ++i) {
            bytes32 noted = settledAs[members[i]];
            if (noted != 0) vm.assertEq(noted, settledNow(members[i]));
        }
    }

    // --- sums ---------------------------------------------------------------------------------------------------

    function potOfBook() private view returns (uint256 amount) {
        (amount,) = vault.pot(address(book), uint96(AREA) << 8);
    }

    function contracted(AccountId account) private view returns (int256) {
        return int256(settlement.position(account, ELECTRICITY, period).soldWh)
            - int256(settlement.position(account, ELECTRICITY, period).boughtWh);
    }
}
