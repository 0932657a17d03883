// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// Arrays in memory that are filled up to a number known only afterwards.
library Arrays {
    /// The same array, cut after its first `length` items.
    function shortened(uint256[] memory self, uint256 length) internal pure returns (uint256[] memory) {
        assert(length <= self.length);
        assembly ("memory-safe") {
            mstore(self, length)
        }
        return self;
    }
}
