// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Admission} from "../interfaces/IRegistry.sol";

bytes32 constant ADMISSION_TYPEHASH =
    keccak256("Admission(address participant,uint8 area,bool buyer,bool seller,uint64 number,uint40 validUntil)");

/// EIP-712 struct hash.
function hashAdmission(Admission calldata admission) pure returns (bytes32) {
    // Six static fields: their ABI encoding is what EIP-712 encodes.
    return keccak256(abi.encode(ADMISSION_TYPEHASH, admission));
}
