// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// A mark for each of 240 neighbouring accounts: ring tag 16 | 240 marks. Account index i stands in word i / 240.
/// Under another tag it reads as empty.
type MarksWord is uint256;

using MarksWordLibrary for MarksWord global;
using {sameMarks as ==} for MarksWord global;

uint256 constant MARKS_PER_WORD = 240;

/// The bit of account `index`; the next account's is twice that, within a word.
function markOf(uint256 index) pure returns (uint256) {
    return 1 << (index % MARKS_PER_WORD);
}

function sameMarks(MarksWord a, MarksWord b) pure returns (bool) {
    return MarksWord.unwrap(a) == MarksWord.unwrap(b);
}

library MarksWordLibrary {
    /// The word as it stands in the ring's turn `tag`.
    function inTurn(MarksWord self, uint256 tag) internal pure returns (MarksWord) {
        uint256 word = MarksWord.unwrap(self);
        return word >> MARKS_PER_WORD == tag ? self : MarksWord.wrap(tag << MARKS_PER_WORD);
    }

    function has(MarksWord self, uint256 mark) internal pure returns (bool) {
        return MarksWord.unwrap(self) & mark != 0;
    }

    /// Whether no account `from` ≤ index < `to` of this word has a mark.
    function hasNone(MarksWord self, uint256 from, uint256 to) internal pure returns (bool) {
        return MarksWord.unwrap(self) & _range(from, to) == 0;
    }

    /// With marks for all accounts `from` ≤ index < `to` of this word.
    function withRange(MarksWord self, uint256 from, uint256 to) internal pure returns (MarksWord) {
        return MarksWord.wrap(MarksWord.unwrap(self) | _range(from, to));
    }

    function _range(uint256 from, uint256 to) private pure returns (uint256) {
        unchecked {
            return ((1 << (to - from)) - 1) << (from % MARKS_PER_WORD); // at most 240
        }
    }

    function with(MarksWord self, uint256 mark) internal pure returns (MarksWord) {
        return MarksWord.wrap(MarksWord.unwrap(self) | mark);
    }
}
