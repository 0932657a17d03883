// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Fill} from "../../contracts/types/Fill.sol";
import {LevelWord, MAX_LEVEL_ENTRIES} from "../../contracts/types/LevelWord.sol";
import {PositionWord} from "../../contracts/types/PositionWord.sol";
import {MAX_RECORD_WH, RecordWord} from "../../contracts/types/RecordWord.sol";
import {Prover} from "./base/Prover.sol";

/// Sums in packed words, unchecked there: no field runs into its neighbour, from any word that the contracts can reach.
contract WordProof is Prover {
    uint256 private constant MAX_TICKS = 57_599;
    uint256 private constant MAX_ENTRY_WH = (1 << 23) - 1;

    // --- positions ----------------------------------------------------------------------------------------------

    /// Each field grows by the fill's own; what wouldn't fit is seen, and nothing else is.
    function check_APositionTakesAFillFieldByField(uint256 word, uint256 more) public pure {
        (PositionWord before, Fill fill) = (PositionWord.wrap(word & ~(uint256(3) << 238)), Fill.wrap(more)); // 2 bits are unused
        (PositionWord sum, bool fits) = before.plus(fill);
        unchecked {
            uint256 sold = before.soldWh() + fill.soldWh();
            uint256 bought = before.boughtWh() + fill.boughtWh();
            uint256 received = before.received() + fill.received();
            uint256 locked = before.locked() + fill.locked();
            uint256 paid = before.paid() + fill.paid();
            // Above the highest sum that fits, a bit is set.
            bool fit = (sold | bought) >> 38 == 0 && (received | locked | paid) >> 54 == 0;
            assert(fits == fit);
            if (!fits) return;
            assert((sum.soldWh() ^ sold) | (sum.boughtWh() ^ bought) == 0);
            assert((sum.received() ^ received) | (sum.locked() ^ locked) | (sum.paid() ^ paid) == 0);
            assert((PositionWord.unwrap(sum) ^ PositionWord.unwrap(before)) >> 240 == 0);
        }
    }

    // --- records ------------------------------------------------------------------------------------------------

    /// Energy and money of one account in one market: within what the book lets it trade, value at the highest tick fits.
    function check_ARecordTakesFillsFieldByField(uint256 word, uint256 more) public pure {
        (RecordWord before, RecordWord fills) = (RecordWord.wrap(word), RecordWord.wrap(more));
        _assumeReachable(before, fills);
        RecordWord sum = before.plus(fills);
        unchecked {
            assert(sum.soldWh() == before.soldWh() + fills.soldWh());
            assert(sum.boughtWh() == before.boughtWh() + fills.boughtWh());
            assert(sum.received() == before.received() + fills.received());
            assert(sum.locked() == before.locked() + fills.locked());
            assert(sum.paid() == before.paid() + fills.paid());
            uint256 others = RecordWord.unwrap(sum) ^ RecordWord.unwrap(before);
            assert((others >> 209) | uint16(others) == 0);
        }
    }

    /// Money is energy × at most the highest tick, in both; what they come to together is bounded at the book's door.
    function _assumeReachable(RecordWord before, RecordWord fills) private pure {
        unchecked {
            uint256 sold = before.soldWh() + fills.soldWh();
            uint256 bought = before.boughtWh() + fills.boughtWh();
            vm.assume(sold <= MAX_RECORD_WH && bought <= MAX_RECORD_WH);
            vm.assume(before.received() + fills.received() <= sold * MAX_TICKS);
            vm.assume(before.locked() + fills.locked() <= sold * MAX_TICKS);
            vm.assume(before.paid() + fills.paid() <= bought * MAX_TICKS);
        }
    }

    // --- levels -------------------------------------------------------------------------------------------------

    /// An entry more, on a level that isn't full.
    function check_ALevelTakesAnEntry(uint256 word, uint256 energyWh, bool capped) public pure {
        LevelWord before = _reachable(word);
        vm.assume(before.tail() < MAX_LEVEL_ENTRIES && energyWh <= MAX_ENTRY_WH);
        LevelWord level = before.withEntry(energyWh, capped);
        unchecked {
            assert(level.tail() == before.tail() + 1);
            assert(level.totalWh() == before.totalWh() + energyWh);
            assert(level.openEntries() == before.openEntries() + 1);
        }
        assert(_isReachable(level));
        _assertKept(before, level, capped);
    }

    /// An entry goes, with what of it wasn't filled.
    function check_ALevelLosesAnEntry(uint256 word, uint256 index, uint256 restWh) public pure {
        LevelWord before = _reachable(word);
        vm.assume(before.openEntries() > 0 && index < before.tail() && restWh <= before.totalWh());
        LevelWord level = before.withoutEntry(index, restWh);
        unchecked {
            assert(level.tail() == before.tail());
            assert(level.totalWh() == before.totalWh() - restWh);
            assert(level.openEntries() == before.openEntries() - 1);
        }
        assert(_isReachable(level));
        _assertKept(before, level, false);
    }

    /// A taker takes at most all of it.
    function check_ALevelIsTaken(uint256 word, uint256 energyWh, uint256 newHead, uint256 filledWh) public pure {
        LevelWord before = _reachable(word);
        vm.assume(energyWh <= before.totalWh() && newHead <= before.tail() && filledWh <= MAX_ENTRY_WH);
        LevelWord level = before.taken(energyWh, newHead, filledWh);
        unchecked {
            assert(level.totalWh() == before.totalWh() - energyWh);
        }
        assert(level.head() == newHead && level.headFilledWh() == filledWh);
        assert(level.tail() == before.tail() && level.openEntries() == before.openEntries());
        assert(_isReachable(level));
        _assertKept(before, level, false);
    }

    function _reachable(uint256 word) private pure returns (LevelWord level) {
        level = LevelWord.wrap(word);
        vm.assume(_isReachable(level));
    }

    /// What every level keeps to: nothing before its head, nothing behind its tail, no entry of more than 23 bits.
    function _isReachable(LevelWord level) private pure returns (bool) {
        uint256 tail = level.tail();
        return level.head() <= tail && level.openEntries() <= tail && tail <= MAX_LEVEL_ENTRIES
            && level.totalWh() <= tail << 23;
    }

    /// Turn, marks and the two entries are as before; `capped` may be new.
    function _assertKept(LevelWord before, LevelWord level, bool capped) private pure {
        uint256 others = LevelWord.unwrap(before) ^ LevelWord.unwrap(level);
        assert(uint16(others) | (others >> 116) == 0);
        assert(level.isCounted() == before.isCounted() && level.isCapped() == (before.isCapped() || capped));
    }
}
