// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Quality} from "../interfaces/IMeterReadings.sol";
import {REGISTER_MASK, ReadingLane, wordOf} from "./ReadingWord.sol";

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

/// The readings of meters' own alone, 16 bytes each.
function withoutSignatures(bytes calldata body) pure returns (bytes memory readings) {
    assembly ("memory-safe") {
        readings := mload(0x40)
        let to := add(readings, 0x20)
        for { let at := 0 } lt(at, body.length) { at := add(at, 80) } {
            mstore(to, calldataload(add(body.offset, at)))
            to := add(to, 16)
        }
        mstore(to, 0)
        mstore(readings, sub(to, add(readings, 0x20)))
        mstore(0x40, add(to, 0x20))
    }
}

library PostedReadingLibrary {
    function point(PostedReading self) internal pure returns (uint256) {
        return PostedReading.unwrap(self) >> 104;
    }

    /// Where its point stands.
    function word(PostedReading self) internal pure returns (uint256) {
        return wordOf(point(self));
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
        uint256 bits = PostedReading.unwrap(self);
        uint256 registers = ((bits >> 56) & REGISTER_MASK) | (((bits >> 8) & REGISTER_MASK) << 28);
        uint256 quality_ = bits & 0xff;
        return ReadingLane.wrap(quality_ > uint256(Quality.Estimated) ? registers : registers | (quality_ << 56));
    }
}
