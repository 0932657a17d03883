// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

uint256 constant CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

/// The other form of a signature of 65 bytes, with a high s: the curve says that it is as good.
function twin(bytes memory signature) pure returns (bytes memory) {
    (bytes32 r, uint256 s, uint256 v) = (0, 0, uint8(signature[64]));
    assembly ("memory-safe") {
        r := mload(add(signature, 32))
        s := mload(add(signature, 64))
    }
    return abi.encodePacked(r, CURVE_ORDER - s, uint8(v == 27 ? 28 : 27));
}

/// With one bit turned.
function turned(bytes memory data, uint256 bit) pure returns (bytes memory) {
    data[bit >> 3] ^= bytes1(uint8(1 << (bit & 7)));
    return data;
}
