// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// What four readings of a body have in common with the four before them, when they are usual.
struct Usual {
    uint256 named; // the first four's points and quality, as two neighbours in a body have them
    uint256 starts; // what the word of the starts has: the tag, and true registers
    uint256 ends; // what the word of the ends gets beside registers: the tag, and the quality
    uint256 gateway; // what a word of limits leaves when no energy exceeds its limit: the gateway,
    uint256 asked; // if it is asked for
}

/// Four readings of a body that fill a word of the ring, checked all at once: a batch that is sorted and dense mostly consists of
/// such. Whatever is unusual in one of the four is left to the way that looks at each reading alone.
///
/// A lane of 60 bits has two registers of 28 and a quality. All eight registers are subtracted and compared at once: with its top
/// bit lent, none borrows from its neighbour.
library FourReadings {
    // Of every lane: its lowest bit; of its registers the top bits, or all below; the quality's bit that true registers have,
    // once a base's lowest bit counts for it.
    uint256 private constant ONES = 0x1000000000000001000000000000001000000000000001;
    uint256 private constant TOPS = 0x80000008000000080000008000000080000008000000080000008000000;
    uint256 private constant BELOW_TOPS = 0x7ffffff7ffffff07ffffff7ffffff07ffffff7ffffff07ffffff7ffffff;
    uint256 private constant TRUE = 0x200000000000000200000000000000200000000000000200000000000000;
    uint256 private constant TAG_AND_TRUE = 0xffff200000000000000200000000000000200000000000000200000000000000;
    // The second and third lane.
    uint256 private constant MIDDLE = 0xffffffffffffffffffffffffffffff000000000000000;
    // Two readings stand in a word of a body: the lowest bits of both; their points and qualities; an import register of the
    // ring's where a lane has it, an export register; what the next two's and the next four's points are more.
    uint256 private constant BOTH = 0x100000000000000000000000000000001;
    uint256 private constant NAMES = 0xffffff000000000000000000000000ffffffff000000000000000000000000ff;
    uint256 private constant IMPORTS = 0x000fffffff0000000000000000000000000fffffff;
    uint256 private constant EXPORTS = 0xfffffff0000000000000000000000000fffffff0000000;
    uint256 private constant TWO_POINTS = 0x20000000000000000000000000000000200000000000000000000000000;
    uint256 private constant FOUR_POINTS = 0x40000000000000000000000000000000400000000000000000000000000;

    /// Readings from `word`'s points on, all of one `quality`; gateway 0: no gateway is asked for.
    function usual(uint256 gateway, uint256 quality, uint256 word, uint256 startTag, uint256 endTag)
        internal
        pure
        returns (Usual memory)
    {
        unchecked {
            return Usual(
                FOUR_POINTS * word + BOTH * ((1 << 104) | quality) + (1 << 104),
                (startTag << 240) | TRUE,
                (endTag << 240) | (ONES * quality << 56),
                (gateway << 240) | TOPS,
                gateway == 0 ? TOPS : (0xffff << 240) | TOPS
            );
        }
    }

    /// Books the readings from `place` in memory on, four at a time, `most` times at most and as long as they are usual: exactly the
    /// points of a word, and their quality is usual; the starts, from `startsAt` in storage on, are true registers, and none has run
    /// further since than `limits` in memory say; nothing is known yet of the ends, from `endsAt` on. Returns how many times.
    function book(Usual memory self, uint256 place, uint256 limits, uint256 startsAt, uint256 endsAt, uint256 most)
        internal
        returns (uint256 count)
    {
        assembly ("memory-safe") {
            let named := mload(self)
            // Not the constant, which would be read from the code each time.
            let tops := shr(16, shl(16, mload(add(self, 0x80))))
            for {} lt(count, most) { count := add(count, 1) } {
                let odd
                let lanes
                {
                    let first := mload(place)
                    let second := mload(add(place, 0x20))
                    odd := and(or(xor(first, named), xor(second, add(named, TWO_POINTS))), NAMES)
                    // To lanes. The earlier of two stands in the upper half.
                    first := or(and(shr(56, first), IMPORTS), and(shl(20, first), EXPORTS))
                    second := or(and(shr(56, second), IMPORTS), and(shl(20, second), EXPORTS))
                    lanes := and(or(shl(60, first), shr(8, second)), MIDDLE)
                    lanes := or(or(lanes, shr(128, first)), shl(180, second))
                }
                {
                    // Of the qualities 1 to 7 all but 4 and 5 stand for true registers.
                    let starts := sload(add(startsAt, count))
                    let areTrue := or(starts, and(and(shl(1, starts), not(shr(1, starts))), TRUE))
                    odd := or(odd, xor(and(areTrue, TAG_AND_TRUE), mload(add(self, 0x20))))
                    // A limit is below a top bit, so an energy that has one exceeds it.
                    let energies := sub(or(lanes, tops), and(starts, BELOW_TOPS))
                    energies := xor(energies, and(not(xor(lanes, starts)), tops))
                    let left := and(sub(or(mload(limits), tops), energies), not(energies))
                    odd := or(odd, xor(and(left, mload(add(self, 0x80))), mload(add(self, 0x60))))
                }
                // An earlier turn's word is free.
                let ends := mload(add(self, 0x40))
                let isFree := shr(240, xor(sload(add(endsAt, count)), ends))
                if or(odd, iszero(isFree)) { break }
                sstore(add(endsAt, count), or(lanes, ends))
                named := add(named, FOUR_POINTS)
                place := add(place, 0x40)
                limits := add(limits, 0x20)
            }
        }
    }
}
