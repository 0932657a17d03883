// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {LimitWord} from "./LimitWord.sol";
import {ReadingWord} from "./ReadingWord.sol";

/// Four readings of a signed body that fill a word of the ring, checked all at once: a batch that is sorted and dense mostly
/// consists of such. Whatever is unusual in one of the four is left to the way that looks at each reading alone.
///
/// In every lane of 60 bits a register has 28, so that four differences are taken in one subtraction: a bit set above each
/// register lends what a lane may need, and never reaches the next one.
library FourReadings {
    /// The readings from `position` on as the ring keeps them, without its tag; `odd` isn't 0 unless they are four, measured or
    /// estimated, of exactly the points of `word`. The caller keeps `position` + 4 within the body.
    function at(bytes calldata body, uint256 position, uint256 word) internal pure returns (uint256 four, uint256 odd) {
        assembly ("memory-safe") {
            let both := 0x100000000000000000000000000000001 // two readings of a body in a word
            let from := add(body.offset, shl(4, position))
            let first := calldataload(from)
            let second := calldataload(add(from, 32))
            // point << 104 | quality without its lowest bit, of both readings
            let named := or(mul(0xffffff, shl(104, both)), mul(0xfe, both))
            let wanted := or(shl(104, add(mul(add(shl(2, word), 1), both), 1)), mul(2, both))
            odd := xor(and(first, named), wanted)
            odd := or(odd, xor(and(second, named), add(wanted, shl(105, both))))
            let imports := mul(0xfffffff, both)
            let exports := shl(28, imports)
            let qualities := shl(56, mul(0xf, both))
            first := or(or(and(shr(56, first), imports), and(shl(20, first), exports)), and(shl(56, first), qualities))
            second := or(
                or(and(shr(56, second), imports), and(shl(20, second), exports)),
                and(shl(56, second), qualities)
            )
            // The first reading stands in a word's upper half.
            four := or(or(shr(128, first), shl(60, and(first, 0xfffffffffffffff))), shl(120, shr(128, second)))
            four := or(four, shl(180, second))
        }
    }

    /// Whether four readings of the gateway's points may follow `starts`: these are all true registers, and none has run further
    /// since than its limit.
    function follow(uint256 four, ReadingWord starts, LimitWord limits, uint256 gateway)
        internal
        pure
        returns (bool isUsual)
    {
        assembly ("memory-safe") {
            let ones := 0x1000000000000001000000000000001000000000000001
            let registers := 0xfffffff00000000fffffff00000000fffffff00000000fffffff
            let lent := 0x10000000000000010000000000000010000000000000010000000
            let limit := 0xffffff000000000ffffff000000000ffffff000000000ffffff
            isUsual := eq(shr(240, limits), gateway)
            // Of the qualities 1 to 7 all but 4 and 5 stand for true registers.
            let areTrue := or(shr(57, starts), and(shr(56, starts), not(shr(58, starts))))
            isUsual := and(isUsual, eq(and(areTrue, ones), ones))
            // import
            let energies := and(sub(or(and(four, registers), lent), and(starts, registers)), registers)
            isUsual := and(isUsual, eq(and(sub(or(and(limits, limit), lent), energies), lent), lent))
            // export
            energies := and(shr(28, starts), registers)
            energies := and(sub(or(and(shr(28, four), registers), lent), energies), registers)
            isUsual := and(isUsual, eq(and(sub(or(and(shr(28, limits), limit), lent), energies), lent), lent))
        }
    }
}
