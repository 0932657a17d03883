// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MeteredWord} from "./MeteredWord.sol";

/// What an account measured in one period, four accounts a word, in lanes of 60 bits as in a ReadingWord: importWh 28 | exportWh 28 |
/// final 1 | missing 1 | unused 2, lowest first. At most 16 points of less than 2^24 Wh each.
type MeteredLane is uint256;

using MeteredLaneLibrary for MeteredLane global;

uint256 constant LANE_ENERGIES = (1 << 56) - 1;
uint256 constant LANE_FINAL = 1 << 56;

library MeteredLaneLibrary {
    function isFinal(MeteredLane self) internal pure returns (bool) {
        return MeteredLane.unwrap(self) & LANE_FINAL != 0;
    }

    /// Wh, positive if more was fed in than taken.
    function net(MeteredLane self) internal pure returns (int256) {
        unchecked {
            uint256 lane = MeteredLane.unwrap(self);
            return int256(lane << 200 >> 228) - int256(lane << 228 >> 228);
        }
    }

    function toWord(MeteredLane self) internal pure returns (MeteredWord) {
        uint256 lane = MeteredLane.unwrap(self);
        return MeteredWord.wrap((lane << 228 >> 228) | (lane << 200 >> 228 << 40) | ((lane >> 56 & 3) << 80));
    }
}
