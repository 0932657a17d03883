// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Page, UsualAccounts} from "../../contracts/settlement/Page.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {toFill} from "../../contracts/types/Fill.sol";
import {LANE_ENERGIES, LANE_FINAL, MeteredLane} from "../../contracts/types/MeteredLane.sol";
import {CHARGED_AT, RECEIPTS_AT, RETURNED_AT} from "../../contracts/types/PageResult.sol";
import {PageSums} from "../../contracts/types/PageSums.sol";
import {PositionWord} from "../../contracts/types/PositionWord.sol";
import {sale} from "../../contracts/types/RecordWord.sol";
import {Products} from "./base/Products.sol";

/// An account more on a page, with any trades, any metering and any terms at once, by settlement's own arithmetic. A pot holds what
/// positions received and locked. Whatever the accounts before it came to, an account is paid its own of it, less what its imbalance
/// adds to the backstop's part, to the unit; and accounts settled at once come to what they come to one after another. So three
/// members, or as many as a page has, leave nothing of what they traded and metered in the pot. What payments do to the pot is
/// VaultProof's, what is assumed of products ProductProof's.
/// @custom:halmos --solver-timeout-branching 50
contract PageProof is Products {
    uint256 private constant ANA = 16; // area 0: of a word's four lanes, hers is the first
    uint256 private constant FOUR_FINAL = LANE_FINAL | (LANE_FINAL << 60) | (LANE_FINAL << 120) | (LANE_FINAL << 180);
    uint256 private constant LANE_BITS = 60;

    struct Ticks {
        uint16 retail;
        uint16 feedIn;
    }

    /// Whoever sold under a lock that suffices (see OrderProof), and takes no more from the grid than it feeds in.
    function check_ACoveredSaleIsNeverCharged(
        uint24 soldWh,
        uint40 received,
        uint40 more,
        uint64 lane,
        Ticks memory ticks
    ) public {
        uint256 locked;
        unchecked {
            uint256 covered = uint256(soldWh) * uint256(ticks.retail);
            if (covered > received) locked = covered - received;
            locked += more;
        }
        int256 delivered = MeteredLane.wrap(lane).net();
        vm.assume(delivered >= 0);
        (PositionWord position,) = PositionWord.wrap(0).plus(toFill(AccountId.wrap(0), sale(soldWh, received, locked)));
        Page memory page = _pageOf(position, lane, ticks);
        _assumeProducts(page, position, lane);
        unchecked {
            int256 imbalance = delivered - int256(uint256(soldWh));
            uint24 lack = uint24(uint256(-imbalance));
            vm.assume(_surplusIsNoCharge(imbalance, page.feedInTicks));
            vm.assume(_lackIsANegativeSurplus(lack, page.retailTicks));
            vm.assume(lack > soldWh || _lessCostsLess(lack, soldWh, page.retailTicks));
            vm.assume(_factorsCommute(int256(uint256(lack)), page.retailTicks));
            vm.assume(_factorsCommute(int256(uint256(soldWh)), page.retailTicks));
            vm.assume(_ordersValueFits(soldWh, page.retailTicks));
        }
        assert(UsualAccounts.settle(page, ANA, ANA + 1) == ANA + 1);
        (, uint256 charged) = _payment(page);
        assert(charged == 0);
    }

    function check_AnAccountIsPaidItsOwnOfThePot(uint256 word, uint64 lane, int256 sums, Ticks memory ticks) public {
        PositionWord position = PositionWord.wrap(word << 16 >> 16); // turn 0 of the ring
        PageSums before = PageSums.wrap(sums);
        _assumeReachable(before);
        Page memory page = _pageOf(position, lane, ticks);
        page.sums = before;
        _assumeProducts(page, position, lane);
        assert(UsualAccounts.settle(page, ANA, ANA + 1) == ANA + 1);
        (uint256 paid, uint256 charged) = _payment(page);
        unchecked {
            uint256 held = position.received() + position.locked();
            assert(int256(held) + int256(charged) - int256(paid) == page.sums.cash() - before.cash());
            assert(page.sums.settled() == before.settled() + 1);
        }
    }

    /// Two, of which the second isn't the first of its word: what holds of an account then holds of each of a page.
    function check_TwoAtOnceComeToWhatTheyComeToOneByOne(
        uint256[2] memory words,
        uint64[2] memory lanes,
        int256 sums,
        Ticks memory ticks
    ) public {
        uint256 four = (lanes[0] & LANE_ENERGIES) | ((lanes[1] & LANE_ENERGIES) << LANE_BITS);
        (Page memory atOnce, Page memory oneByOne) = (_page(four, 2, ticks), _page(four, 2, ticks));
        (atOnce.sums, oneByOne.sums) = (PageSums.wrap(sums), PageSums.wrap(sums));
        _store(ANA, PositionWord.wrap(words[0] << 16 >> 16));
        _store(ANA + 1, PositionWord.wrap(words[1] << 16 >> 16));
        assert(UsualAccounts.settle(atOnce, ANA, ANA + 2) == ANA + 2);
        assert(UsualAccounts.settle(oneByOne, ANA, ANA + 1) == ANA + 1);
        assert(UsualAccounts.settle(oneByOne, ANA + 1, ANA + 2) == ANA + 2);
        assert(PageSums.unwrap(atOnce.sums) == PageSums.unwrap(oneByOne.sums));
        for (uint256 i; i < 2; ++i) {
            assert(atOnce.payments[i] == oneByOne.payments[i]);
        }
        assert(atOnce.results[0] == oneByOne.results[0]);
    }

    // --- what is assumed ----------------------------------------------------------------------------------------

    /// Of a page of 1,024 accounts all but one at most.
    function _assumeReachable(PageSums sums) private pure {
        vm.assume(sums.poolWh() < 1 << 51 && sums.netBoughtWh() < 1 << 51 && sums.settled() < 1 << 10);
        vm.assume(sums.cash() < 1 << 70 && sums.cash() > -(1 << 70));
    }

    /// Of every product that settlement forms of an account.
    function _assumeProducts(Page memory page, PositionWord position, uint256 lane) private pure {
        (int256 delivered, int256 contracted) = (MeteredLane.wrap(lane).net(), position.contracted());
        unchecked {
            _assumeValueFits(delivered - contracted, page.retailTicks);
            _assumeValueFits(delivered - contracted, page.feedInTicks);
        }
        bool less = contracted < delivered;
        _assumeChoice(delivered ^ contracted, less);
        int256 least = _least(delivered, contracted);
        _assumeChoice(least, least > 0);
    }

    function _assumeValueFits(int256 energy, int256 ticks) private pure {
        vm.assume(_factorsCommute(energy, ticks));
        vm.assume(_valueFits(energy, ticks));
    }

    function _assumeChoice(int256 chosen, bool when) private pure {
        int256 factor;
        assembly ("memory-safe") {
            factor := when
        }
        vm.assume(_factorsCommute(chosen, factor));
        vm.assume(_timesABooleanIsAChoice(uint256(chosen), when));
    }

    /// Without a branch, which would be two paths.
    function _least(int256 one, int256 other) private pure returns (int256 least) {
        assembly ("memory-safe") {
            least := xor(one, and(xor(one, other), sub(0, slt(other, one))))
        }
    }

    // --- a page -------------------------------------------------------------------------------------------------

    /// Of Ana alone.
    function _pageOf(PositionWord position, uint256 lane, Ticks memory ticks) private returns (Page memory page) {
        _store(ANA, position);
        return _page(lane & LANE_ENERGIES, 1, ticks);
    }

    /// Of up to four, whose energies are all final.
    function _page(uint256 energies, uint256 accounts, Ticks memory ticks) private pure returns (Page memory page) {
        uint256[] memory lanes = new uint256[](1);
        lanes[0] = FOUR_FINAL | energies;
        (page.results, page.payments) = (new uint256[](2), new uint256[](accounts));
        (page.retailTicks, page.feedInTicks) = (int256(uint256(ticks.retail)), int256(uint256(ticks.feedIn)));
        page.lanesAt = _firstOf(lanes) - (ANA >> 2 << 5);
        page.resultsAt = _firstOf(page.results) - (ANA << 4);
        page.nextPayment = _firstOf(page.payments);
    }

    function _store(uint256 account, PositionWord position) private {
        assembly ("memory-safe") {
            sstore(shl(24, account), position)
        }
    }

    function _payment(Page memory page) private pure returns (uint256 paid, uint256 charged) {
        uint256 payment = page.payments[0];
        unchecked {
            paid = uint256(uint64(payment >> RECEIPTS_AT)) + uint64(payment >> RETURNED_AT);
        }
        charged = payment >> CHARGED_AT;
    }

    function _firstOf(uint256[] memory words) private pure returns (uint256 place) {
        assembly ("memory-safe") {
            place := add(words, 0x20)
        }
    }
}
