// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Quality} from "../interfaces/IMeterReadings.sol";
import {ReadingLane, toReadingLane} from "./ReadingWord.sol";

/// One reading of a signed batch, 16 bytes: point 24 | import register 48 | export register 48 | quality 8, from the left.
type PostedReading is uint128;

using PostedReadingLibrary for PostedReading global;

uint256 constant POSTED_BYTES = 16;

/// The reading at `position` of a batch; the caller keeps `position` within it.
function postedAt(bytes calldata body, uint256 position) pure returns (PostedReading reading) {
    assembly ("memory-safe") {
        reading := shr(128, calldataload(add(body.offset, shl(4, position))))
    }
}

library PostedReadingLibrary {
    function point(PostedReading self) internal pure returns (uint24) {
        return uint24(PostedReading.unwrap(self) >> 104);
    }

    function importRegister(PostedReading self) internal pure returns (uint256) {
        return uint48(PostedReading.unwrap(self) >> 56);
    }

    function exportRegister(PostedReading self) internal pure returns (uint256) {
        return uint48(PostedReading.unwrap(self) >> 8);
    }

    function quality(PostedReading self) internal pure returns (uint256) {
        return uint8(PostedReading.unwrap(self));
    }

    /// Whether it says what a meter showed in the middle of its life.
    function isMetered(PostedReading self) internal pure returns (bool) {
        return quality(self) == uint256(Quality.Measured) || quality(self) == uint256(Quality.Estimated);
    }

    /// As it is stored; only for a quality that exists.
    function toLane(PostedReading self) internal pure returns (ReadingLane) {
        return toReadingLane(importRegister(self), exportRegister(self), Quality(quality(self)));
    }
}
