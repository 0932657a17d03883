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

bytes32 constant OWN_TYPEHASH =
    keccak256("OwnReading(uint24 point,uint32 period,uint48 importRegister,uint48 exportRegister,uint8 quality)");

/// The reading at `position` of a body without signatures; the caller keeps it within.
function postedAt(bytes memory body, uint256 position) pure returns (PostedReading reading) {
    assembly ("memory-safe") {
        reading := shr(128, mload(add(add(body, 0x20), shl(4, position))))
    }
}

/// Where it stands in memory.
function placeAt(bytes memory body, uint256 position) pure returns (uint256 place) {
    assembly ("memory-safe") {
        place := add(add(body, 0x20), shl(4, position))
    }
}

/// Where in the call's data a body stands.
function placeOf(bytes calldata body) pure returns (uint256 place) {
    assembly ("memory-safe") {
        place := body.offset
    }
}

/// The signature of the reading at `position` of meters' own that stand at `place`; the caller keeps it within.
function signatureAt(uint256 place, uint256 position) pure returns (bytes calldata signature) {
    assembly ("memory-safe") {
        signature.offset := add(place, add(mul(80, position), 16))
        signature.length := 64
    }
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

function toPostedReading(uint256 point, uint256 importRegister, uint256 exportRegister, uint256 quality)
    pure
    returns (PostedReading)
{
    return PostedReading.wrap((point << 104) | (importRegister << 56) | (exportRegister << 8) | quality);
}

library PostedReadingLibrary {
    function point(PostedReading self) internal pure returns (uint256) {
        return PostedReading.unwrap(self) >> 104;
    }

    /// Where its point stands.
    function word(PostedReading self) internal pure returns (uint256) {
        return wordOf(point(self));
    }

    /// What its meter signs of it, within a domain.
    function structHash(PostedReading self, uint256 period) internal pure returns (bytes32 hash) {
        bytes32 typeHash = OWN_TYPEHASH;
        assembly ("memory-safe") {
            let encoded := mload(0x40)
            mstore(encoded, typeHash)
            mstore(add(encoded, 0x20), shr(104, self))
            mstore(add(encoded, 0x40), period)
            mstore(add(encoded, 0x60), and(shr(56, self), 0xffffffffffff))
            mstore(add(encoded, 0x80), and(shr(8, self), 0xffffffffffff))
            mstore(add(encoded, 0xa0), and(self, 0xff))
            hash := keccak256(encoded, 0xc0)
        }
    }

    function quality(PostedReading self) internal pure returns (uint256) {
        return uint8(PostedReading.unwrap(self));
    }

    /// Measured or estimated.
    function isUsual(PostedReading self) internal pure returns (bool) {
        return quality(self) >> 1 == uint256(Quality.Measured) >> 1;
    }

    /// As it is stored. A gateway says base, measured or estimated; another quality is none.
    function toLane(PostedReading self) internal pure returns (ReadingLane) {
        uint256 bits = PostedReading.unwrap(self);
        uint256 registers = ((bits >> 56) & REGISTER_MASK) | (((bits >> 8) & REGISTER_MASK) << 28);
        uint256 quality_ = bits & 0xff;
        return ReadingLane.wrap(quality_ > uint256(Quality.Estimated) ? registers : registers | (quality_ << 56));
    }
}
