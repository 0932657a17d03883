// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Page, UsualAccounts} from "../../contracts/settlement/Page.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {toFill} from "../../contracts/types/Fill.sol";
import {LANE_ENERGIES, LANE_FINAL} from "../../contracts/types/MeteredLane.sol";
import {CHARGED_AT, RECEIPTS_AT, RETURNED_AT} from "../../contracts/types/PageResult.sol";
import {PageSums} from "../../contracts/types/PageSums.sol";
import {PositionWord} from "../../contracts/types/PositionWord.sol";
import {sale} from "../../contracts/types/RecordWord.sol";
import {Prover} from "./base/Prover.sol";

/// An account more on a page, with any trades and any metering at once, by settlement's own arithmetic. A pot holds what positions
/// received and locked. Whatever the accounts before it came to, an account is paid its own of it, less what its imbalance adds to
/// the backstop's part, to the unit: so three members, or as many as a page has, leave nothing of what they traded and metered in the
/// pot. What payments do to the pot is VaultProof's. Terms are powers of two: the solver then sees shifts instead of products.
/// @custom:halmos --solver-timeout-branching 50
contract PageProof is Prover {
    uint256 private constant ANA = 16; // area 0: of a word's four lanes, hers is the first
    uint256 private constant FOUR_FINAL = LANE_FINAL | (LANE_FINAL << 60) | (LANE_FINAL << 120) | (LANE_FINAL << 180);
    uint256 private constant RETAIL_TICKS = 4096;
    uint256 private constant FEED_IN_TICKS = 512;

    function check_AnAccountIsPaidItsOwnOfThePot(uint256 word, uint64 lane, int256 sums) public {
        PositionWord position = PositionWord.wrap(word << 16 >> 16); // turn 0 of the ring
        PageSums before = PageSums.wrap(sums);
        _assumeReachable(before);
        Page memory page = _page(position, lane);
        page.sums = before;
        (uint256 paid, uint256 charged) = _settle(page);
        unchecked {
            uint256 held = position.received() + position.locked();
            assert(int256(held) + int256(charged) - int256(paid) == page.sums.cash() - before.cash());
            assert(page.sums.settled() == before.settled() + 1);
        }
    }

    /// Whoever sold under a lock that suffices (see OrderProof), and takes no more from the grid than it feeds in.
    function check_ACoveredSaleIsNeverCharged(uint24 soldWh, uint40 received, uint40 more, uint64 lane) public {
        uint256 locked;
        unchecked {
            uint256 covered = soldWh * RETAIL_TICKS;
            if (covered > received) locked = covered - received;
            locked += more;
        }
        vm.assume((lane & LANE_ENERGIES) >> 28 >= lane & ((1 << 28) - 1));
        (PositionWord position,) = PositionWord.wrap(0).plus(toFill(AccountId.wrap(0), sale(soldWh, received, locked)));
        (, uint256 charged) = _settle(_page(position, lane));
        assert(charged == 0);
    }

    /// Of a page of 1,024 accounts all but one at most.
    function _assumeReachable(PageSums sums) private pure {
        vm.assume(sums.poolWh() < 1 << 51 && sums.netBoughtWh() < 1 << 51 && sums.settled() < 1 << 10);
        vm.assume(sums.cash() < 1 << 70 && sums.cash() > -(1 << 70));
    }

    // --- a page -------------------------------------------------------------------------------------------------

    /// Of Ana alone; her energies are final, and so are her neighbours'.
    function _page(PositionWord position, uint256 lane) private returns (Page memory page) {
        uint256[] memory lanes = new uint256[](1);
        lanes[0] = FOUR_FINAL | (lane & LANE_ENERGIES);
        (page.results, page.payments) = (new uint256[](1), new uint256[](1));
        (page.retailTicks, page.feedInTicks) = (int256(RETAIL_TICKS), int256(FEED_IN_TICKS));
        page.lanesAt = _firstOf(lanes) - (ANA >> 2 << 5);
        page.resultsAt = _firstOf(page.results) - (ANA << 4);
        page.nextPayment = _firstOf(page.payments);
        assembly ("memory-safe") {
            sstore(shl(24, ANA), position)
        }
    }

    function _settle(Page memory page) private view returns (uint256 paid, uint256 charged) {
        assert(UsualAccounts.settle(page, ANA, ANA + 1) == ANA + 1);
        if (page.nextPayment == _firstOf(page.payments)) return (0, 0);
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
