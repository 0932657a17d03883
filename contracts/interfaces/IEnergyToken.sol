// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Market} from "../types/Market.sol";

/// ERC-1155 certificate of one metered Wh, id = the seller's market; minted only for deliverable metered export.
interface IEnergyToken {
    event MinterConnected(address minter);

    error NotMinter(address caller);
    error MinterFixed(address minter);
    error GasTooLow(uint256 gasLeft);

    /// Mints `energyWh` certificates of `market` to `to`; only Settlement. Returns whether `to` took them: a contract that refuses
    /// certificates gets none and holds up nobody.
    function mint(address to, Market market, uint256 energyWh) external returns (bool taken);
    /// Names the Settlement that may mint; once.
    function connectMinter(address minter) external;
    /// The Settlement that may mint; zero before `connectMinter`.
    function minter() external view returns (address);
    function totalSupply(Market market) external view returns (uint256);
}
