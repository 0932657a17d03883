// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// A contract wallet that signs (EIP-1271) what it was told to.
contract SigningWallet {
    mapping(bytes32 digest => bytes32 signatureHash) private _signed;

    function agree(bytes32 digest, bytes calldata signature) external {
        _signed[digest] = keccak256(signature);
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        return _signed[digest] == keccak256(signature) ? this.isValidSignature.selector : bytes4(0);
    }

    function forward(address target, bytes calldata data) external returns (bytes memory) {
        (bool done, bytes memory answer) = target.call(data);
        require(done, "refused");
        return answer;
    }
}
