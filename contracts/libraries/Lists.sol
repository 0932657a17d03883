// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// Lists of words in memory that grow up to a capacity fixed when they are made.
library Lists {
    /// An empty list with room for `capacity` items.
    function make(uint256 capacity) internal pure returns (uint256[] memory list) {
        list = new uint256[](capacity);
        assembly ("memory-safe") {
            mstore(list, 0)
        }
    }

    /// Appends an item; the caller never appends more than the capacity.
    function push(uint256[] memory list, uint256 item) internal pure {
        assembly ("memory-safe") {
            let length := add(mload(list), 1)
            mstore(list, length)
            mstore(add(list, shl(5, length)), item)
        }
    }
}
