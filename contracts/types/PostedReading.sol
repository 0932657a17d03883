// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Quality} from "../interfaces/IMeterReadings.sol";
import {REGISTER_MASK, ReadingLane} from "./ReadingWord.sol";

/// One reading of a signed batch, 16 bytes: point 24 | import register 48 | export register 48 | quality 8, from the left.
type PostedReading is uint256;

using PostedReadingLibrary for PostedReading global;

uint256 constant POSTED_BYTES = 16;
// One that its meter signed: 64 bytes of signature (EIP-2098) follow.
uint256 constant OWN_BYTES = 80;

/// The reading that starts at byte `offset` of a batch; the caller keeps it within.
function postedAt(bytes calldata body, uint256 offset) pure returns (PostedReading reading) {
    assembly ("memory-safe") {
        reading := shr(128, calldataload(add(body.offset, offset)))
    }
}

/// The signature of the reading at `position` of meters' own.
function signatureAt(bytes calldata body, uint256 position) pure returns (bytes calldata) {
    uint256 offset = position * OWN_BYTES + POSTED_BYTES;
    return body[offset:offset + 64];
}

library PostedReadingLibrary {
    function point(PostedReading self) internal pure returns (uint256) {
        return PostedReading.unwrap(self) >> 104;
    }

    function importRegister(PostedReading self) internal pure returns (uint48) {
        return uint48(PostedReading.unwrap(self) >> 56);
    }

    function exportRegister(PostedReading self) internal pure returns (uint48) {
        return uint48(PostedReading.unwrap(self) >> 8);
    }

    function quality(PostedReading self) internal pure returns (uint8) {
        return uint8(PostedReading.unwrap(self));
    }

    /// As it is stored. A gateway says base, measured or estimated; another quality is none.
    function toLane(PostedReading self) internal pure returns (ReadingLane) {
        uint256 word = PostedReading.unwrap(self);
        uint256 registers = ((word >> 56) & REGISTER_MASK) | (((word >> 8) & REGISTER_MASK) << 28);
        uint256 quality_ = word & 0xff;
        return ReadingLane.wrap(quality_ > uint256(Quality.Estimated) ? registers : registers | (quality_ << 56));
    }
}
