// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// What readings of four metering points are checked against: the gateway that reads all four 16 (0: not the same, or none) | four
/// lanes of 60 bits as in a ReadingWord, where maxImportWh and maxExportWh stand as registers do.
type LimitWord is uint256;

using LimitWordLibrary for LimitWord global;

library LimitWordLibrary {
    function maxImportWh(LimitWord self, uint256 point) internal pure returns (uint256) {
        return uint24(LimitWord.unwrap(self) >> _shift(point));
    }

    function maxExportWh(LimitWord self, uint256 point) internal pure returns (uint256) {
        return uint24(LimitWord.unwrap(self) >> (_shift(point) + 28));
    }

    function gateway(LimitWord self) internal pure returns (uint256) {
        return LimitWord.unwrap(self) >> 240;
    }

    /// Every point has a limit.
    function isRegistered(LimitWord self, uint256 point) internal pure returns (bool) {
        return (LimitWord.unwrap(self) >> _shift(point)) & ((1 << 60) - 1) != 0;
    }

    function withLimits(LimitWord self, uint256 point, uint256 maxImport, uint256 maxExport)
        internal
        pure
        returns (LimitWord)
    {
        return LimitWord.wrap(LimitWord.unwrap(self) | ((maxImport | (maxExport << 28)) << _shift(point)));
    }

    function withGateway(LimitWord self, uint256 gateway_) internal pure returns (LimitWord) {
        return LimitWord.wrap((LimitWord.unwrap(self) & ((1 << 240) - 1)) | (gateway_ << 240));
    }

    function _shift(uint256 point) private pure returns (uint256) {
        unchecked {
            return ((point - 1) & 3) * 60;
        }
    }
}
