// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Quality} from "../interfaces/IMeterReadings.sol";
import {REGISTER_MASK, ReadingLane} from "./ReadingWord.sol";

/// One reading of a signed batch, 16 bytes: point 24 | import register 48 | export register 48 | quality 8, from the left.
type PostedReading is uint256;

using PostedReadingLibrary for PostedReading global;

uint256 constant POSTED_BYTES = 16;

/// The reading at `position` of a batch; the caller keeps `position` within it.
function postedAt(bytes calldata body, uint256 position) pure returns (PostedReading reading) {
    assembly ("memory-safe") {
        reading := shr(128, calldataload(add(body.offset, shl(4, position))))
    }
}

library PostedReadingLibrary {
    function point(PostedReading self) internal pure returns (uint256) {
        return PostedReading.unwrap(self) >> 104;
    }

    /// As it is stored. A gateway says base, measured or estimated; another quality is none.
    function toLane(PostedReading self) internal pure returns (ReadingLane) {
        uint256 word = PostedReading.unwrap(self);
        uint256 registers = ((word >> 56) & REGISTER_MASK) | (((word >> 8) & REGISTER_MASK) << 28);
        uint256 quality = word & 0xff;
        return ReadingLane.wrap(quality > uint256(Quality.Estimated) ? registers : registers | (quality << 56));
    }
}
