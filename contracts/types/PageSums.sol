// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// What the settled accounts of a page add up to, in one word. From the lowest bit:
///
///   bits    field
///   56      poolWh        net sellers' min(contracted, deliverable)
///   56      netBoughtWh
///   16      settled       accounts
///   128     cash          what imbalance earns the backstop, debts included; signed
///
/// Up to 2^16 accounts of less than 2^40 Wh and 2^57 cash units.
type PageSums is int256;

using PageSumsLibrary for PageSums global;

library PageSumsLibrary {
    /// With one more account, whose imbalance is worth `value` to it.
    function plus(PageSums self, int256 contracted, int256 delivered, int256 value) internal pure returns (PageSums) {
        unchecked {
            int256 energy;
            if (contracted < 0) energy = -contracted << 56;
            else if (delivered > 0) energy = delivered < contracted ? delivered : contracted;
            return PageSums.wrap(PageSums.unwrap(self) + energy + (1 << 112) - (value << 128));
        }
    }

    function poolWh(PageSums self) internal pure returns (uint256) {
        return uint56(uint256(PageSums.unwrap(self)));
    }

    function netBoughtWh(PageSums self) internal pure returns (uint256) {
        return uint56(uint256(PageSums.unwrap(self)) >> 56);
    }

    function settled(PageSums self) internal pure returns (uint256) {
        return uint16(uint256(PageSums.unwrap(self)) >> 112);
    }

    function cash(PageSums self) internal pure returns (int256) {
        return PageSums.unwrap(self) >> 128;
    }
}
