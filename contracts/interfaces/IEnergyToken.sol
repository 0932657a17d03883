// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../types/AccountId.sol";
import {Market} from "../types/Market.sol";

/// ERC-1155 certificate of one metered Wh, id = the seller's market; minted only for deliverable metered export.
/// They are handed on freely and count for nothing until their holder retires them against what its own points took from the
/// grid in the same carrier and period.
interface IEnergyToken {
    event MinterConnected(address minter);
    /// The account's owner used up certificates of `market` for what the account took from the grid.
    event CertificatesRetired(AccountId indexed account, Market indexed market, uint256 energyWh);

    error NotMinter(address caller);
    error MinterFixed(address minter);
    error NotAccountOwner(AccountId account, address caller);
    /// The account took no more from the grid in that carrier and period, or its readings aren't final.
    error ImportExceeded(AccountId account, uint256 availableWh, uint256 wantedWh);
    /// The period's readings are no longer at hand: its certificates can only be handed on.
    error TooLate(uint256 until);
    /// A contract that takes certificates gets 150,000 gas, and so much must be left besides.
    error GasTooLow(uint256 gasLeft);

    /// Mints `energyWh` certificates of `market` to `to`; only Settlement. Returns whether `to` took them: a contract that refuses
    /// certificates gets none and holds up nobody.
    function mint(address to, Market market, uint256 energyWh) external returns (bool taken);
    /// Uses up `energyWh` certificates of `market` that the caller, the account's owner, holds. Σ retired of an account, carrier
    /// and period is at most its final metered import there, whichever areas the certificates come from. Possible until the
    /// period's words are used anew.
    function retire(AccountId account, Market market, uint256 energyWh) external;
    /// Names the Settlement that may mint; once, by the operator.
    function connectMinter(address minter) external;
    /// The Settlement that may mint; zero before `connectMinter`.
    function minter() external view returns (address);
    /// Certificates of a market that were minted and not retired.
    function totalSupply(Market market) external view returns (uint256);
    /// What the account has retired of a carrier and period, of all areas, Wh.
    function retiredOf(AccountId account, uint8 carrier, uint32 period) external view returns (uint256);
}
