// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// What readings of four metering points are checked against: four lanes of 48 bits, maxImportWh 24 | maxExportWh 24, then
/// four gateways of 16 bits, lowest first. Point id stands in word id >> 2, lane id & 3.
type LimitWord is uint256;

using LimitWordLibrary for LimitWord global;

library LimitWordLibrary {
    uint256 private constant LANE_MASK = (1 << 48) - 1;

    function maxImportWh(LimitWord self, uint256 point) internal pure returns (uint256) {
        return uint24(LimitWord.unwrap(self) >> _shift(point));
    }

    function maxExportWh(LimitWord self, uint256 point) internal pure returns (uint256) {
        return uint24(LimitWord.unwrap(self) >> (_shift(point) + 24));
    }

    /// 0 for a point that nobody registered, or that only its own meter reads.
    function gateway(LimitWord self, uint256 point) internal pure returns (uint256) {
        return uint16(LimitWord.unwrap(self) >> (192 + ((point & 3) << 4)));
    }

    function isRegistered(LimitWord self, uint256 point) internal pure returns (bool) {
        return (LimitWord.unwrap(self) >> _shift(point)) & LANE_MASK != 0;
    }

    function withLimits(LimitWord self, uint256 point, uint256 maxImport, uint256 maxExport)
        internal
        pure
        returns (LimitWord)
    {
        uint256 others = LimitWord.unwrap(self) & ~(LANE_MASK << _shift(point));
        return LimitWord.wrap(others | ((maxImport | (maxExport << 24)) << _shift(point)));
    }

    function withGateway(LimitWord self, uint256 point, uint256 gateway_) internal pure returns (LimitWord) {
        uint256 shift = 192 + ((point & 3) << 4);
        return LimitWord.wrap((LimitWord.unwrap(self) & ~(uint256(0xffff) << shift)) | (gateway_ << shift));
    }

    function _shift(uint256 point) private pure returns (uint256) {
        unchecked {
            return (point & 3) * 48;
        }
    }
}
