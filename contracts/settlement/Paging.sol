// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {FIRST_MEMBER} from "../types/AccountId.sol";
import {MARKS_PER_WORD} from "../types/MarksWord.sol";
import {SettlementState} from "./SettlementState.sol";

/// Which accounts a call goes through, and what they measured.
abstract contract Paging is SettlementState {
    uint256 private constant MOST_ACCOUNTS = 1024;

    function _requireBounded(uint256 count) internal pure {
        if (count > MOST_ACCOUNTS) revert PageTooLarge(count);
    }

    /// The account indices of a page: `from` ≤ index < `to`.
    function _clamp(uint256 first, uint256 count, uint256 members) internal pure returns (uint256 from, uint256 to) {
        uint256 end = FIRST_MEMBER + members;
        from = first < FIRST_MEMBER ? FIRST_MEMBER : first;
        to = first + count < end ? first + count : end;
        if (from > to) from = to;
    }

    /// Where the word of marks that holds `index` ends, at most `to`.
    function _wordEnd(uint256 index, uint256 to) internal pure returns (uint256) {
        return Math.min((index / MARKS_PER_WORD + 1) * MARKS_PER_WORD, to);
    }

    /// What the accounts `from` ≤ index < `to` measured, a MeteredWord each.
    function _metered(uint8 area, uint8 carrier, uint32 period, uint256 from, uint256 to)
        internal
        view
        returns (uint256[] memory)
    {
        return READINGS.metered(area, carrier, period, from, to - from);
    }
}
