// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MeteredWord} from "./MeteredWord.sol";

/// What an account measured in one period, four accounts a word (see Lanes): importWh 30 | exportWh 30 | final 1 | missing 1,
/// lowest first. At most 16 points of less than 2^24 Wh each.
type MeteredLane is uint256;

using MeteredLaneLibrary for MeteredLane global;

uint256 constant LANE_ENERGIES = (1 << 60) - 1;
uint256 constant LANE_FINAL = 1 << 60;
uint256 constant LANE_MISSING = 1 << 61;

library MeteredLaneLibrary {
    uint256 private constant ENERGY = (1 << 30) - 1;

    function isFinal(MeteredLane self) internal pure returns (bool) {
        return MeteredLane.unwrap(self) & LANE_FINAL != 0;
    }

    /// Wh, positive if more was fed in than taken.
    function net(MeteredLane self) internal pure returns (int256) {
        unchecked {
            uint256 lane = MeteredLane.unwrap(self);
            return int256((lane >> 30) & ENERGY) - int256(lane & ENERGY);
        }
    }

    function toWord(MeteredLane self) internal pure returns (MeteredWord) {
        uint256 lane = MeteredLane.unwrap(self);
        return MeteredWord.wrap((lane & ENERGY) | ((lane >> 30 & ENERGY) << 40) | (lane >> 60 << 80));
    }
}
