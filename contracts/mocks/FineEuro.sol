// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "solady/tokens/ERC20.sol";

/// Play money of as many decimals as it likes.
contract FineEuro is ERC20 {
    uint8 private immutable DECIMALS;

    constructor(uint8 decimals_) {
        DECIMALS = decimals_;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function name() public pure override returns (string memory) {
        return "Fine Euro";
    }

    function symbol() public pure override returns (string memory) {
        return "FEUR";
    }

    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }
}
