// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// What an account's metering points measured in one period: importWh 40 | exportWh 40 | final 1 |
/// missing 1, lowest first.
type MeteredWord is uint256;

using MeteredWordLibrary for MeteredWord global;

// What no points measure: 0, always final.
MeteredWord constant METERED_NOTHING = MeteredWord.wrap(1 << 80);

library MeteredWordLibrary {
    uint256 private constant FINAL = 1 << 80;
    uint256 private constant MISSING = 1 << 81;

    /// With one more point's energy; final only if that is final too.
    function plus(MeteredWord self, uint256 moreImportWh, uint256 moreExportWh, bool isFinal_)
        internal
        pure
        returns (MeteredWord)
    {
        unchecked {
            // At most 16 points of less than 2^28 Wh each.
            uint256 word = MeteredWord.unwrap(self) + moreImportWh + (moreExportWh << 40);
            return MeteredWord.wrap(isFinal_ ? word : word & ~FINAL);
        }
    }

    function importWh(MeteredWord self) internal pure returns (uint256) {
        return uint40(MeteredWord.unwrap(self));
    }

    function exportWh(MeteredWord self) internal pure returns (uint256) {
        return uint40(MeteredWord.unwrap(self) >> 40);
    }

    /// With a reading that never came: neither final nor known.
    function withMissing(MeteredWord self) internal pure returns (MeteredWord) {
        return MeteredWord.wrap((MeteredWord.unwrap(self) & ~FINAL) | MISSING);
    }

    /// As a MeteredLane: importWh 28 | exportWh 28 | final 1 | missing 1.
    function toLane(MeteredWord self) internal pure returns (uint256) {
        uint256 word = MeteredWord.unwrap(self);
        return uint40(word) | (uint256(uint40(word >> 40)) << 28) | (word >> 80 << 56);
    }

    /// importWh 40 | exportWh 40
    function energies(MeteredWord self) internal pure returns (uint256) {
        return uint80(MeteredWord.unwrap(self));
    }

    function isFinal(MeteredWord self) internal pure returns (bool) {
        return MeteredWord.unwrap(self) & FINAL != 0;
    }

    /// Whether anything isn't known at all; otherwise what isn't final is early or disputed.
    function isMissing(MeteredWord self) internal pure returns (bool) {
        return MeteredWord.unwrap(self) & MISSING != 0;
    }

    /// Wh, positive if more was fed in than taken.
    function net(MeteredWord self) internal pure returns (int256) {
        unchecked {
            return int256(exportWh(self)) - int256(importWh(self));
        }
    }

    /// Wh that can be certified: what was fed in beyond the own use.
    function deliverable(MeteredWord self) internal pure returns (uint256) {
        int256 more = net(self);
        return more > 0 ? uint256(more) : 0;
    }
}
