// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Order} from "./Order.sol";
import {OrderRef} from "./OrderRef.sol";

/// Where in calldata a signed order begins. A relay posts them one after the other without gaps, each as:
///
///   32 bytes       the order's word; its upper bits, which an order leaves free, tell what follows. From bit 200:
///                  16 length of the signature, 0: 64 bytes (EIP-2098) | 8 number of own entries | 1 signed by a contract wallet
///   32 bytes each  own opposite entries that matching may have to cancel. They aren't signed: they can only bring about what the
///                  rules demand anyway
///   the signature
type SignedOrder is uint256;

using SignedOrderLibrary for SignedOrder global;

/// The first of a batch, and where the batch ends.
function firstSigned(bytes calldata batch) pure returns (SignedOrder first, uint256 end) {
    assembly ("memory-safe") {
        first := batch.offset
        end := add(batch.offset, batch.length)
    }
}

/// The next one, or the end of the batch: what follows an order's signature.
function orderBehind(bytes calldata signature) pure returns (SignedOrder following) {
    assembly ("memory-safe") {
        following := add(signature.offset, signature.length)
    }
}

library SignedOrderLibrary {
    uint256 private constant HEADER_AT = 200;
    uint256 private constant OWN_AT = 216;
    uint256 private constant HEADER = ((1 << 25) - 1) << HEADER_AT;

    function order(SignedOrder self) internal pure returns (Order) {
        return Order.wrap(_word(self) & ~HEADER);
    }

    function byWallet(SignedOrder self) internal pure returns (bool) {
        return (_word(self) >> (HEADER_AT + 24)) & 1 == 1;
    }

    function own(SignedOrder self) internal pure returns (OrderRef[] calldata refs) {
        assembly ("memory-safe") {
            refs.offset := add(self, 32)
            refs.length := and(shr(OWN_AT, calldataload(self)), 0xff)
        }
    }

    function signature(SignedOrder self) internal pure returns (bytes calldata bytes_) {
        assembly ("memory-safe") {
            let header := shr(HEADER_AT, calldataload(self))
            bytes_.offset := add(add(self, 32), shl(5, and(shr(16, header), 0xff)))
            bytes_.length := and(header, 0xffff)
            if iszero(bytes_.length) { bytes_.length := 64 }
        }
    }

    function _word(SignedOrder self) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(self)
        }
    }
}
