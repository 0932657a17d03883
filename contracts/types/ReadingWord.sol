// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Quality} from "../interfaces/IMeterReadings.sol";
import {LANE_FINAL} from "./MeteredLane.sol";

/// Registers of four metering points at one period's end: ring tag 16 | four lanes of 60. Point id stands in word
/// (id − 1) >> 2, lane (id − 1) & 3, lowest first. Under another tag a word reads as empty.
type ReadingWord is uint256;

/// One point's registers: import 28 | export 28 | quality 3 | disputed 1, lowest first; registers modulo 2^28 Wh.
type ReadingLane is uint256;

using ReadingWordLibrary for ReadingWord global;
using ReadingLaneLibrary for ReadingLane global;

// A lane without a reading.
ReadingLane constant NOTHING = ReadingLane.wrap(0);

uint256 constant REGISTER_MASK = (1 << 28) - 1;

/// The word a point stands in; that of point 0, which doesn't exist, has room for no other.
function wordOf(uint256 point) pure returns (uint256) {
    unchecked {
        return ((point - 1) & 0xffffff) >> 2;
    }
}

function toReadingLane(uint256 importRegister, uint256 exportRegister, Quality quality) pure returns (ReadingLane) {
    uint256 registers = (importRegister & REGISTER_MASK) | ((exportRegister & REGISTER_MASK) << 28);
    return ReadingLane.wrap(registers | (uint256(quality) << 56));
}

library ReadingWordLibrary {
    uint256 private constant LANE_MASK = (1 << 60) - 1;
    /// A bit for each quality that the short way takes at a period's end and at its start; none of the disputed ones.
    uint256 private constant ENDS =
        (1 << uint256(Quality.Measured)) | (1 << uint256(Quality.Estimated)) | (1 << uint256(Quality.Corrected));
    uint256 private constant STARTS = 0xfe;

    /// The word as it stands in the ring's turn `tag`.
    function inTurn(ReadingWord self, uint256 tag) internal pure returns (ReadingWord) {
        uint256 word = ReadingWord.unwrap(self);
        return word >> 240 == tag ? self : ReadingWord.wrap(tag << 240);
    }

    function lane(ReadingWord self, uint256 point) internal pure returns (ReadingLane) {
        return ReadingLane.wrap((ReadingWord.unwrap(self) >> _shift(point)) & LANE_MASK);
    }

    function withLane(ReadingWord self, uint256 point, ReadingLane lane_) internal pure returns (ReadingWord) {
        uint256 shift = _shift(point);
        uint256 others = ReadingWord.unwrap(self) & ~(LANE_MASK << shift);
        return ReadingWord.wrap(others | (ReadingLane.unwrap(lane_) << shift));
    }

    /// The energy of the period between two words' boundaries, as a MeteredLane that is final: where it is the difference of two
    /// registers that nobody disputes. Otherwise 0.
    function heldSince(ReadingWord self, ReadingWord starts, uint256 point) internal pure returns (uint256) {
        unchecked {
            uint256 end = ReadingWord.unwrap(self) >> _shift(point);
            uint256 start = ReadingWord.unwrap(starts) >> _shift(point);
            if ((ENDS >> ((end >> 56) & 15)) & (STARTS >> ((start >> 56) & 15)) & 1 == 0) return 0;
            uint256 exportWh = ((end >> 28) - (start >> 28)) & REGISTER_MASK;
            return ((end - start) & REGISTER_MASK) | (exportWh << 28) | LANE_FINAL;
        }
    }

    function _shift(uint256 point) private pure returns (uint256) {
        unchecked {
            return ((point - 1) & 3) * 60;
        }
    }
}

library ReadingLaneLibrary {
    uint256 private constant DISPUTED = 1 << 59;
    /// A bit for each quality whose period's energy is a register difference; the same again for the disputed ones.
    uint256 private constant METERED = 0x101
        * ((1 << uint256(Quality.Measured)) | (1 << uint256(Quality.Estimated)) | (1 << uint256(Quality.Corrected)));
    uint256 private constant SUBSTITUTES =
        0x101 * ((1 << uint256(Quality.Substituted)) | (1 << uint256(Quality.Defaulted)));

    function importRegister(ReadingLane self) internal pure returns (uint256) {
        return ReadingLane.unwrap(self) & REGISTER_MASK;
    }

    function exportRegister(ReadingLane self) internal pure returns (uint256) {
        return (ReadingLane.unwrap(self) >> 28) & REGISTER_MASK;
    }

    function quality(ReadingLane self) internal pure returns (Quality) {
        return Quality((ReadingLane.unwrap(self) >> 56) & 7);
    }

    function isKnown(ReadingLane self) internal pure returns (bool) {
        return ReadingLane.unwrap(self) >> 56 != 0;
    }

    /// Whether the energy of the period that ends here is a register difference.
    function isMetered(ReadingLane self) internal pure returns (bool) {
        return (METERED >> (ReadingLane.unwrap(self) >> 56)) & 1 == 1;
    }

    /// Whether it is the grid operator's or the default's word.
    function isSubstitute(ReadingLane self) internal pure returns (bool) {
        return (SUBSTITUTES >> (ReadingLane.unwrap(self) >> 56)) & 1 == 1;
    }

    function isDisputed(ReadingLane self) internal pure returns (bool) {
        return ReadingLane.unwrap(self) & DISPUTED != 0;
    }

    function withDispute(ReadingLane self, bool disputed) internal pure returns (ReadingLane) {
        uint256 lane = ReadingLane.unwrap(self);
        return ReadingLane.wrap(disputed ? lane | DISPUTED : lane & ~DISPUTED);
    }

    /// What was taken from the grid since `start`; registers wrap.
    function importSince(ReadingLane self, ReadingLane start) internal pure returns (uint256 energyWh) {
        unchecked {
            return (ReadingLane.unwrap(self) - ReadingLane.unwrap(start)) & REGISTER_MASK;
        }
    }

    /// What was fed into the grid since `start`; registers wrap.
    function exportSince(ReadingLane self, ReadingLane start) internal pure returns (uint256 energyWh) {
        unchecked {
            return ((ReadingLane.unwrap(self) >> 28) - (ReadingLane.unwrap(start) >> 28)) & REGISTER_MASK;
        }
    }
}
