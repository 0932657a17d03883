// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// An energy of one period, in a ring of reused words. From the lowest bit: period 32 | energyWh 64. The whole period stands
/// there instead of the ring's turn: the word has room, and who reads it sees at once which of two periods is the later.
type CapacityWord is uint256;

using CapacityWordLibrary for CapacityWord global;

function toCapacityWord(uint32 period_, uint256 energyWh_) pure returns (CapacityWord) {
    return CapacityWord.wrap(period_ | (energyWh_ << 32));
}

library CapacityWordLibrary {
    function period(CapacityWord self) internal pure returns (uint32) {
        return uint32(CapacityWord.unwrap(self));
    }

    function energyWh(CapacityWord self) internal pure returns (uint256) {
        return CapacityWord.unwrap(self) >> 32;
    }
}
