// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Vm} from "../../contracts/base/Vm.sol";

/// What proofs share. A `check_` function is proved for all arguments: halmos looks for one that makes an assertion fail.
abstract contract Prover {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    bool public constant IS_TEST = true;
}
