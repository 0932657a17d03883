// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBookFacts} from "../../../contracts/interfaces/IOrderBook.sol";
import {ISettlementFacts} from "../../../contracts/interfaces/ISettlement.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Misbehaviour} from "./Misbehaviour.sol";

/// Design section 11 at any instant, one function a rule. Beside what each looks at, nobody may have blamed it.
abstract contract Rules is Misbehaviour {
    function checkAll() internal view {
        balancesAndPotsAreWhatCameInLessWhatWentOut();
        whatIsLockedCoversOrdersAndPositions();
        bestPriceAndOldestOrderGoFirst();
        boughtIsSoldAndCashSumsToZero();
        certificatesAreAtMostWhatWasDelivered();
        aReadingCountsOnce();
        whatHasSettledStays();
        nobodyIsKeptFromLeaving();
        noCallCostsMoreThanItsPage();
    }

    // --- 1 ------------------------------------------------------------------------------------------------------

    function balancesAndPotsAreWhatCameInLessWhatWentOut() internal view {
        uint256 sum = potOfBook() + potOfSettlement(ELECTRICITY, period);
        sum += uint256(vault.balanceOf(backstop())) + vault.balanceOf(fees());
        for (uint256 i; i < members.length; ++i) {
            sum += vault.balanceOf(members[i]);
        }
        vm.assertEq(int256(sum), entrusted, "entrusted");
        (uint256 owed, uint256 tokens) = vault.totals();
        vm.assertEq(owed, sum, "totals");
        vm.assertGe(tokens, owed, "tokens");
        assertBlameless(1);
    }

    // --- 2 ------------------------------------------------------------------------------------------------------

    function whatIsLockedCoversOrdersAndPositions() internal view {
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
            assertPositionCovered(positionOf(members[i]));
        }
        vm.assertEq(potOfBook(), locked, "locked");
        assertBlameless(2);
    }

    /// Receipts and lock pay for all that was sold and not bought.
    function assertPositionCovered(ISettlementFacts.Position memory seen) private pure {
        if (seen.settled || seen.soldWh <= seen.boughtWh) return;
        vm.assertGe(seen.received + seen.locked, (seen.soldWh - seen.boughtWh) * RETAIL, "a position's lock");
    }

    // --- 3 ------------------------------------------------------------------------------------------------------

    /// Of what rests, as the market says and as its entries say.
    function bestPriceAndOldestOrderGoFirst() internal view {
        IOrderBookFacts.MarketView memory top = book.marketOf(market);
        if (top.hasBid && top.hasOffer) vm.assertTrue(top.bestBid < top.bestOffer, "crossed");
        (uint256 highestBid, uint256 lowestOffer) = (0, type(uint256).max);
        uint256[] memory resting = new uint256[](refsPlaced.length); // ticks + 1
        for (uint256 i; i < resting.length; ++i) {
            IOrderBookFacts.EntryView memory seen = book.entry(market, refsPlaced[i]);
            uint256 tick = refsPlaced[i].tick() + 1;
            if (seen.filledWh != 0) vm.assertFalse(isAmong(tick, resting, i), "an older one was passed by");
            if (!seen.live || seen.filledWh == seen.energyWh) continue;
            resting[i] = tick;
            if (seen.isOffer && tick < lowestOffer) lowestOffer = tick;
            if (!seen.isOffer && tick > highestBid) highestBid = tick;
        }
        vm.assertTrue(highestBid < lowestOffer, "a bid meets an offer");
        assertBlameless(3);
    }

    function isAmong(uint256 wanted, uint256[] memory list, uint256 count) private pure returns (bool) {
        for (uint256 i; i < count; ++i) {
            if (list[i] == wanted) return true;
        }
        return false;
    }

    // --- 4 ------------------------------------------------------------------------------------------------------

    function boughtIsSoldAndCashSumsToZero() internal view {
        int256 claimed;
        for (uint256 i; i < members.length; ++i) {
            claimed += contractedBy(members[i]);
        }
        vm.assertEq(claimed + inTheBook(), 0, "bought is sold");
        if (areaNow().finished) assertCashSumsToZero();
        assertBlameless(4);
    }

    /// What the backstop earned includes what members owe it.
    function assertCashSumsToZero() private view {
        ISettlementFacts.AreaView memory area = areaNow();
        int256 earned = wonBy(backstop()) + wonBy(fees()) + int256(area.fees);
        int256 sum = area.backstopCash + wonBy(fees()) + int256(area.fees);
        for (uint256 i; i < members.length; ++i) {
            int256 cash = cashBy(members[i], points[i]);
            vm.assertEq(wonBy(members[i]), cash, "a member's cash");
            sum += cash;
            earned += cash + int256(uint256(vault.debtOf(members[i])));
        }
        vm.assertEq(sum, 0, "cash");
        vm.assertEq(earned, 0, "money");
        vm.assertEq(inTheBook(), 0, "claimed");
    }

    /// Sold less bought of what isn't claimed yet.
    function inTheBook() private view returns (int256 net) {
        for (uint256 i; i < refsPlaced.length; ++i) {
            IOrderBookFacts.EntryView memory seen = book.entry(market, refsPlaced[i]);
            net += seen.isOffer ? int256(seen.filledWh) : -int256(seen.filledWh);
        }
        for (uint256 i; i < members.length; ++i) {
            IOrderBookFacts.RecordView memory seen = book.record(market, members[i]);
            net += int256(seen.soldWh) - int256(seen.boughtWh);
        }
    }

    /// Design section 7. Fees are in `received` and `paid`.
    function cashBy(AccountId account, uint24 point) private view returns (int256) {
        ISettlementFacts.Position memory seen = positionOf(account);
        int256 imbalance = meteredBy(account, point) - contractedBy(account);
        int256 tariff = int256(uint256(imbalance < 0 ? RETAIL : FEED_IN));
        return int256(seen.received) - int256(seen.paid) + imbalance * tariff;
    }

    /// As it was settled: who was set aside, with what was known then.
    function meteredBy(AccountId account, uint24 point) private view returns (int256) {
        ISettlementFacts.CorrectionView memory kept = settlement.correctionOf(account, ELECTRICITY, period);
        if (kept.noted) return int256(kept.settledExportWh) - int256(kept.settledImportWh);
        (, uint256 importWh, uint256 exportWh) = readings.energyOf(point, period);
        return int256(exportWh) - int256(importWh);
    }

    // --- 5 ------------------------------------------------------------------------------------------------------

    function certificatesAreAtMostWhatWasDelivered() internal view {
        (uint256 delivered, uint256 retired, uint256 owned) = (0, 0, 0);
        for (uint256 i; i < members.length; ++i) {
            (, uint256 importWh, uint256 exportWh) = readings.energyOf(points[i], period);
            vm.assertLe(retiredBy[members[i]], importWh, "retired is taken");
            if (exportWh > importWh) delivered += exportWh - importWh;
            retired += retiredBy[members[i]];
            owned += held(members[i]);
        }
        vm.assertEq(certificates.totalSupply(market), owned, "owned");
        vm.assertLe(owned + retired, delivered, "issued is delivered");
        assertBlameless(5);
    }

    // --- 6 ------------------------------------------------------------------------------------------------------

    function aReadingCountsOnce() internal view {
        for (uint256 i; i < points.length; ++i) {
            bytes32 noted = measuredAs[points[i]];
            if (noted != 0) vm.assertEq(noted, measuredNow(points[i]));
        }
        assertBlameless(6);
    }

    // --- 7 ------------------------------------------------------------------------------------------------------

    function whatHasSettledStays() internal view {
        for (uint256 i; i < members.length; ++i) {
            bytes32 noted = settledAs[members[i]];
            if (noted != 0) vm.assertEq(noted, settledNow(members[i]));
        }
        assertBlameless(7);
    }

    // --- 8, 10 --------------------------------------------------------------------------------------------------

    function nobodyIsKeptFromLeaving() internal view {
        assertBlameless(8);
    }

    function noCallCostsMoreThanItsPage() internal view {
        assertBlameless(10);
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    function assertBlameless(uint256 invariant) private view {
        vm.assertTrue(bytes(wrong[invariant]).length == 0, wrong[invariant]);
    }

    function potOfBook() private view returns (uint256 amount) {
        (amount,) = vault.pot(address(book), uint96(AREA) << 8);
    }

    function positionOf(AccountId account) internal view returns (ISettlementFacts.Position memory) {
        return settlement.position(account, ELECTRICITY, period);
    }

    function contractedBy(AccountId account) private view returns (int256) {
        ISettlementFacts.Position memory seen = positionOf(account);
        return int256(seen.soldWh) - int256(seen.boughtWh);
    }

    function areaNow() internal view returns (ISettlementFacts.AreaView memory) {
        return settlement.areaOf(AREA, ELECTRICITY, period);
    }
}
