// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// A contract wallet that does its worst when it is asked.
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
