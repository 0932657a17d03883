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

/// One that does its worst when it is asked.
contract HostileWallet {
    enum Mood {
        BurnGas,
        AnswerMuch,
        Revert,
        AnswerShort
    }

    Mood private _mood;

    function feel(Mood mood) external {
        _mood = mood;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        if (_mood == Mood.BurnGas) while (true) {}
        if (_mood == Mood.Revert) revert("no");
        uint256 length = _mood == Mood.AnswerMuch ? 1 << 17 : 4;
        bytes32 yes = this.isValidSignature.selector;
        assembly {
            mstore(0, yes)
            return(0, length)
        }
    }
}
