// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TestEuro} from "../../../contracts/mocks/TestEuro.sol";

interface ITokenListener {
    function onTransfer() external;
    function onPermit() external;
}

/// Calls back who listens: in the middle of a transfer of its own money, and of everybody's permit.
contract HostileEuro is TestEuro {
    ITokenListener private _listener;

    function listen() external {
        _listener = ITokenListener(msg.sender);
    }

    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        public
        override
    {
        _listener.onPermit();
        super.permit(owner, spender, value, deadline, v, r, s);
    }

    function _beforeTokenTransfer(address from, address to, uint256) internal override {
        bool concerns = from == address(_listener) || to == address(_listener);
        if (from != address(0) && concerns) _listener.onTransfer();
    }
}
