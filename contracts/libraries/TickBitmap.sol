// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {LibBit} from "solady/utils/LibBit.sol";

/// Which of 57,600 ticks hold live energy: a root word over 240 leaf words of 240 ticks each. Every word carries the
/// period's tag in its upper 16 bits; under another tag it reads as empty, so that words are reused without clearing.
struct Ticks {
    uint256[1 << 32] roots; // by book
    uint256[1 << 40] leaves; // by book, leaf
}

using TickBitmap for Ticks global;

/// Searches answer one more than the tick they found, 0 for none.
library TickBitmap {
    uint256 private constant WIDTH = 240;
    uint256 private constant MARKS = (1 << WIDTH) - 1;

    function mark(Ticks storage self, uint256 book, uint256 tag, uint256 tick) internal {
        uint256 leaf = tick / WIDTH;
        uint256 marks = _leaf(self, book, tag, leaf);
        if (marks == 0) self.roots[book] = _tagged(tag, _root(self, book, tag) | (1 << leaf));
        self.leaves[_key(book, leaf)] = _tagged(tag, marks | (1 << (tick % WIDTH)));
    }

    function unmark(Ticks storage self, uint256 book, uint256 tag, uint256 tick) internal {
        uint256 leaf = tick / WIDTH;
        uint256 marks = _leaf(self, book, tag, leaf) & ~(1 << (tick % WIDTH));
        if (marks == 0) self.roots[book] = _tagged(tag, _root(self, book, tag) & ~(1 << leaf));
        self.leaves[_key(book, leaf)] = _tagged(tag, marks);
    }

    /// Writes a leaf's word and its root's, if never written, without any mark.
    function prepare(Ticks storage self, uint256 book, uint256 tag, uint256 leaf) internal {
        uint256 key = _key(book, leaf);
        if (self.roots[book] == 0) self.roots[book] = _tagged(tag, 0);
        if (self.leaves[key] == 0) self.leaves[key] = _tagged(tag, 0);
    }

    function leafOf(uint256 tick) internal pure returns (uint256) {
        return tick / WIDTH;
    }

    /// The greatest marked tick below `tick`, plus one.
    function below(Ticks storage self, uint256 book, uint256 tag, uint256 tick) internal view returns (uint256) {
        uint256 leaf = tick / WIDTH;
        uint256 marks = _leaf(self, book, tag, leaf) & _lower(tick % WIDTH);
        if (marks == 0) {
            uint256 leaves = _root(self, book, tag) & _lower(leaf);
            if (leaves == 0) return 0;
            leaf = LibBit.fls(leaves);
            marks = _leaf(self, book, tag, leaf);
        }
        return leaf * WIDTH + LibBit.fls(marks) + 1;
    }

    /// The least marked tick above `tick`, plus one.
    function above(Ticks storage self, uint256 book, uint256 tag, uint256 tick) internal view returns (uint256) {
        uint256 leaf = tick / WIDTH;
        uint256 marks = _leaf(self, book, tag, leaf) & ~_lower(tick % WIDTH + 1);
        if (marks == 0) {
            uint256 leaves = _root(self, book, tag) & ~_lower(leaf + 1);
            if (leaves == 0) return 0;
            leaf = LibBit.ffs(leaves);
            marks = _leaf(self, book, tag, leaf);
        }
        return leaf * WIDTH + LibBit.ffs(marks) + 1;
    }

    function _root(Ticks storage self, uint256 book, uint256 tag) private view returns (uint256) {
        return _marks(self.roots[book], tag);
    }

    function _leaf(Ticks storage self, uint256 book, uint256 tag, uint256 leaf) private view returns (uint256) {
        return _marks(self.leaves[_key(book, leaf)], tag);
    }

    function _key(uint256 book, uint256 leaf) private pure returns (uint256) {
        return (book << 8) | leaf;
    }

    function _marks(uint256 word, uint256 tag) private pure returns (uint256) {
        return word >> WIDTH == tag ? word & MARKS : 0;
    }

    function _tagged(uint256 tag, uint256 marks) private pure returns (uint256) {
        return (tag << WIDTH) | marks;
    }

    /// The `count` lowest bits.
    function _lower(uint256 count) private pure returns (uint256) {
        unchecked {
            return (1 << count) - 1;
        }
    }
}
