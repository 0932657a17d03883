// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Terms} from "./Terms.sol";

/// Terms as one checkpoint's value, in the order of the struct's fields from the lowest bit. Never 0: a retail tariff is
/// at least one tick. Contracts ask each other for the word: packed and unpacked it would cost some 1,000 gas.
type TermsWord is uint224;

using TermsWordLibrary for TermsWord global;

function toTermsWord(Terms calldata terms) pure returns (TermsWord) {
    uint224 word = terms.retailTicks;
    word |= uint224(terms.feedInTicks) << 16;
    word |= uint224(terms.levyBuyTicks) << 32;
    word |= uint224(terms.levySellTicks) << 48;
    word |= uint224(terms.exportCapacityWh) << 64;
    word |= uint224(terms.inboundCapacityWh) << 104;
    word |= uint224(terms.shareCapWh) << 144;
    return TermsWord.wrap(word);
}

library TermsWordLibrary {
    function retailTicks(TermsWord self) internal pure returns (uint256) {
        return uint16(TermsWord.unwrap(self));
    }

    function feedInTicks(TermsWord self) internal pure returns (uint256) {
        return uint16(TermsWord.unwrap(self) >> 16);
    }

    function levyBuyTicks(TermsWord self) internal pure returns (uint256) {
        return uint16(TermsWord.unwrap(self) >> 32);
    }

    function levySellTicks(TermsWord self) internal pure returns (uint256) {
        return uint16(TermsWord.unwrap(self) >> 48);
    }

    function exportCapacityWh(TermsWord self) internal pure returns (uint256) {
        return uint40(TermsWord.unwrap(self) >> 64);
    }

    function inboundCapacityWh(TermsWord self) internal pure returns (uint256) {
        return uint40(TermsWord.unwrap(self) >> 104);
    }

    function shareCapWh(TermsWord self) internal pure returns (uint256) {
        return uint40(TermsWord.unwrap(self) >> 144);
    }

    function unpack(TermsWord self) internal pure returns (Terms memory) {
        uint224 word = TermsWord.unwrap(self);
        return Terms({
            retailTicks: uint16(word),
            feedInTicks: uint16(word >> 16),
            levyBuyTicks: uint16(word >> 32),
            levySellTicks: uint16(word >> 48),
            exportCapacityWh: uint40(word >> 64),
            inboundCapacityWh: uint40(word >> 104),
            shareCapWh: uint40(word >> 144)
        });
    }
}
