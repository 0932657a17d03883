// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "solady/utils/ECDSA.sol";

/// Tells who signed a digest, from 65 bytes or from 64 (EIP-2098). Only low-s: of the two forms that every signature has,
/// one counts. And whether a contract wallet says that it signed (EIP-1271).
library Signatures {
    uint256 private constant GREATEST_S = ECDSA.N >> 1;
    /// A wallet may use that much and answer one word: it can't make a batch dear or break it.
    uint256 private constant WALLET_GAS = 150_000;

    /// The signer; 0 for a signature that is malformed or high-s.
    function recover(bytes32 digest, bytes calldata signature) internal view returns (address) {
        if (signature.length != 64 && signature.length != 65) return address(0);
        uint256 s;
        assembly ("memory-safe") {
            s := calldataload(add(signature.offset, 32))
        }
        if (signature.length == 64) s &= type(uint256).max >> 1; // the top bit is the parity there
        return s > GREATEST_S ? address(0) : ECDSA.tryRecoverCalldata(digest, signature);
    }

    /// Whether `signer` signed; nobody's signature is address 0's.
    function isBy(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        return signer != address(0) && recover(digest, signature) == signer;
    }

    /// Whether the contract `wallet` says that it signed.
    function isByWallet(address wallet, bytes32 digest, bytes calldata signature) internal view returns (bool says) {
        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        bytes32 yes = IERC1271.isValidSignature.selector;
        assembly ("memory-safe") {
            says := staticcall(WALLET_GAS, wallet, add(question, 32), mload(question), 0, 32)
            says := and(says, and(gt(returndatasize(), 31), eq(mload(0), yes)))
        }
    }
}
