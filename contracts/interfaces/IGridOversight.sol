// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Market} from "../types/Market.sol";
import {Terms} from "../types/Terms.sol";

/// Frozen terms and halts. It may halt, cap and void, each with a reason and an end; it can never seize: cancel, claim,
/// release and withdraw stay open during every halt, because nothing on those ways asks this contract.
interface IGridOversight {
    event TermsScheduled(uint8 indexed area, uint8 indexed carrier, uint32 indexed fromPeriod, Terms terms);
    event TradingHalted(address indexed venue, uint8 area, uint8 carrier, uint40 until, string reason);
    event TradingResumed(address indexed venue, uint8 area, uint8 carrier, string reason);
    event MarketVoided(address indexed venue, Market indexed market, string reason);

    error TermsTooEarly(uint32 fromPeriod, uint32 firstFree);
    error TermsOutOfRange();
    error CapacityBelowLimits(uint8 area, uint256 registered, uint256 scheduled);
    error NoTerms(uint8 area, uint8 carrier, uint32 period);
    error AlreadyStarted(Market market);
    error ReasonMissing();
    error HaltTooLong(uint40 until);

    /// Adds the terms of all periods from `fromPeriod`, which can't be tradable yet, nor lie before an earlier entry.
    /// 0 ≤ feed-in < retail ≤ 57,599; levies leave a tradable price.
    function scheduleTerms(uint8 area, uint8 carrier, uint32 fromPeriod, Terms calldata terms) external;
    /// The registry's word: Σ export limits of the registered points, which no later entry may undercut; only with its right.
    function noteExportLimits(uint8 area, uint8 carrier, uint256 limitsWh) external;
    /// No venue's pot of (area, carrier) takes new locks until `until`, at most 30 days away; every exit stays open.
    function haltTrading(address venue, uint8 area, uint8 carrier, uint40 until, string calldata reason) external;
    function resumeTrading(address venue, uint8 area, uint8 carrier, string calldata reason) external;
    /// Undoes all trades of a market in a venue before delivery starts; claims then return every lock to its owner.
    function voidMarket(address venue, Market market, string calldata reason) external;

    function termsOf(uint8 area, uint8 carrier, uint32 period) external view returns (Terms memory);
    /// The least export capacity of the entry in force now and all later ones; max if there is none.
    function leastExportCapacity(uint8 area, uint8 carrier) external view returns (uint256 energyWh);
    function isVoid(address venue, Market market) external view returns (bool);
}
