// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC1155} from "solady/tokens/ERC1155.sol";

import {IEnergyToken} from "./interfaces/IEnergyToken.sol";
import {Market} from "./types/Market.sol";

/// See IEnergyToken.
contract EnergyToken is IEnergyToken, ERC1155, AccessManaged {
    /// What a contract that takes certificates may use up, the entry in its balance included.
    uint256 private constant TAKING_GAS = 150_000;

    address public minter;

    mapping(uint256 id => uint256) private _supplies;

    constructor(address authority) AccessManaged(authority) {}

    /// @inheritdoc IEnergyToken
    function mint(address to, Market market, uint256 energyWh) external returns (bool taken) {
        if (msg.sender != minter) revert NotMinter(msg.sender);
        if (to.code.length == 0) {
            _create(to, Market.unwrap(market), energyWh);
            return true;
        }
        // A caller who brings too little gas must not make the receiver look unwilling.
        if (gasleft() < 2 * TAKING_GAS) revert GasTooLow(gasleft());
        try this.mintTo{gas: TAKING_GAS}(to, Market.unwrap(market), energyWh) {
            return true;
        } catch {
            return false;
        }
    }

    /// Mints with the receiver's word; a call of its own, so that a refusal undoes nothing else.
    function mintTo(address to, uint256 id, uint256 energyWh) external {
        if (msg.sender != address(this)) revert NotMinter(msg.sender);
        _create(to, id, energyWh);
    }

    /// @inheritdoc IEnergyToken
    function connectMinter(address minter_) external restricted {
        if (minter != address(0)) revert MinterFixed(minter);
        minter = minter_;
        emit MinterConnected(minter_);
    }

    /// @inheritdoc IEnergyToken
    function totalSupply(Market market) external view returns (uint256) {
        return _supplies[Market.unwrap(market)];
    }

    /// Certificates have no page of their own: the id says all.
    function uri(uint256) public pure override returns (string memory) {
        return "";
    }

    function _create(address to, uint256 id, uint256 energyWh) private {
        _supplies[id] += energyWh;
        _mint(to, id, energyWh, "");
    }
}
