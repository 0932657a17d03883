// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// Four lanes of 64 bits in a word, numbered from the lowest: item i stands in word i >> 2, lane i & 3.
library Lanes {
    function get(uint256 word, uint256 item) internal pure returns (uint64) {
        return uint64(word >> _shift(item));
    }

    function set(uint256 word, uint256 item, uint64 lane) internal pure returns (uint256) {
        uint256 mask = uint256(type(uint64).max) << _shift(item);
        return (word & ~mask) | (uint256(lane) << _shift(item));
    }

    function _shift(uint256 item) private pure returns (uint256) {
        return (item & 3) << 6;
    }
}

/// An account's points, number 8 | first 24 | second 24, lowest first, with one more; later ones are only counted.
function withPoint(uint64 lane, uint24 point) pure returns (uint64) {
    uint8 number = uint8(lane);
    lane += 1;
    return number < 2 ? lane | (uint64(point) << (8 + 24 * number)) : lane;
}
