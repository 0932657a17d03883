// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// How a register's difference over a substituted run is shared among its periods: in proportion to their substitutes
/// (equally if all are 0), as differences of cumulative floors, none above the point's limit. What a limit cuts off goes to the
/// following periods, then, in a second pass, to the run's first.
library Sharing {
    /// One register's run, in Wh; goes on from page to page.
    struct Share {
        uint48 difference; // to be shared
        uint48 substitutes; // Σ over the run
        uint48 passed; // Σ of the substitutes already shared
        uint48 carry; // cut off by limits so far
    }

    /// First pass: the share of the period at `position` (from 0) of `length`, whose substitute was `substitute`.
    function take(Share memory self, uint256 substitute, uint256 position, uint256 length, uint256 limit)
        internal
        pure
        returns (uint256 share)
    {
        uint256 wanted = self.carry;
        if (self.substitutes == 0) {
            wanted += _part(self.difference, position, position + 1, length);
        } else {
            wanted += _part(self.difference, self.passed, self.passed + substitute, self.substitutes);
        }
        share = wanted < limit ? wanted : limit;
        self.passed += uint48(substitute);
        self.carry = uint48(wanted - share);
    }

    /// Second pass: a period that has `share` already, with what room it has for the rest.
    function takeMore(Share memory self, uint256 share, uint256 limit) internal pure returns (uint256) {
        uint256 room = limit > share ? limit - share : 0;
        uint256 more = self.carry < room ? self.carry : room;
        self.carry -= uint48(more);
        return share + more;
    }

    /// ⌊difference · to / whole⌋ − ⌊difference · from / whole⌋
    function _part(uint256 difference, uint256 from, uint256 to, uint256 whole) private pure returns (uint256) {
        return difference * to / whole - difference * from / whole;
    }
}
