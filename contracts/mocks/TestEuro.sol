// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "solady/tokens/ERC20.sol";

/// Play money with 6 decimals and EIP-2612 permit, free for everyone: for laptops and tests.
contract TestEuro is ERC20 {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function name() public pure override returns (string memory) {
        return "Test Euro";
    }

    function symbol() public pure override returns (string memory) {
        return "TEUR";
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    /// No third contract holds an allowance that its owner never gave.
    function _givePermit2InfiniteAllowance() internal pure override returns (bool) {
        return false;
    }
}
