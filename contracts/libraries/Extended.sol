// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// A contract that would outgrow the size limit: it keeps what must be cheap and hands every other call to its *extension*, a
/// second contract that works on its storage (docs/adr/0020). Both inherit the same storage, with the same constructor arguments;
/// the contract makes the extension itself and never changes it.
abstract contract Extended {
    address private immutable EXTENSION;

    constructor(address extension_) {
        EXTENSION = extension_;
    }

    /// The contract that answers what this one has no function for.
    function extension() external view returns (address) {
        return EXTENSION;
    }

    fallback() external {
        address target = EXTENSION;
        assembly {
            calldatacopy(0, 0, calldatasize())
            let done := delegatecall(gas(), target, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(done) { revert(0, returndatasize()) }
            return(0, returndatasize())
        }
    }
}

/// The other half. Called at its own address it works on storage of its own, which stays empty, and without anybody's trust: it
/// is no venue.
abstract contract Extension {
    error FunctionUnknown(bytes4 selector);

    fallback() external {
        revert FunctionUnknown(msg.sig);
    }
}
