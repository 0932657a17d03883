// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IGridOversight} from "./interfaces/IGridOversight.sol";
import {IPaymentVault} from "./interfaces/IPaymentVault.sol";
import {Calendar, CalendarTimes} from "./types/Calendar.sol";
import {Market} from "./types/Market.sol";
import {MAX_PRICE_TICKS} from "./types/Order.sol";
import {Terms} from "./types/Terms.sol";
import {TermsWord, toTermsWord} from "./types/TermsWord.sol";

/// See IGridOversight.
contract GridOversight is IGridOversight, AccessManaged, Calendar {
    using Checkpoints for Checkpoints.Trace224;

    /// What the grid operator says of one carrier in one area.
    struct Grid {
        Checkpoints.Trace224 terms; // first period → TermsWord
        Checkpoints.Trace224 exportCapacity; // first period → Wh, an entry only where it changes: terms may change hourly
        uint256 exportLimits; // Σ of the registered points, Wh
    }

    uint256 private constant LONGEST_HALT = 30 days;

    IPaymentVault private immutable VAULT;

    mapping(uint8 area => mapping(uint8 carrier => Grid)) private _grids;
    mapping(address venue => mapping(Market => bool)) private _void;

    constructor(address authority, CalendarTimes memory times, IPaymentVault vault)
        AccessManaged(authority)
        Calendar(times)
    {
        VAULT = vault;
    }

    // --- terms --------------------------------------------------------------------------------------------------

    /// @inheritdoc IGridOversight
    function scheduleTerms(uint8 area, uint8 carrier, uint32 fromPeriod, Terms calldata terms) external restricted {
        Grid storage grid = _grids[area][carrier];
        _requireFree(grid, fromPeriod);
        if (!_inRange(terms)) revert TermsOutOfRange();
        if (terms.exportCapacityWh < grid.exportLimits) {
            revert CapacityBelowLimits(area, grid.exportLimits, terms.exportCapacityWh);
        }
        grid.terms.push(fromPeriod, TermsWord.unwrap(toTermsWord(terms)));
        if (grid.exportCapacity.length() == 0 || grid.exportCapacity.latest() != terms.exportCapacityWh) {
            grid.exportCapacity.push(fromPeriod, terms.exportCapacityWh);
        }
        emit TermsScheduled(area, carrier, fromPeriod, terms);
    }

    /// @inheritdoc IGridOversight
    function noteExportLimits(uint8 area, uint8 carrier, uint256 limitsWh) external restricted {
        _grids[area][carrier].exportLimits = limitsWh;
    }

    // --- halts --------------------------------------------------------------------------------------------------

    /// @inheritdoc IGridOversight
    function haltTrading(address venue, uint8 area, uint8 carrier, uint40 until, string calldata reason)
        external
        restricted
    {
        _requireReason(reason);
        if (until > block.timestamp + LONGEST_HALT) revert HaltTooLong(until);
        emit TradingHalted(venue, area, carrier, until, reason);
        VAULT.closePot(venue, _potKey(area, carrier), until);
    }

    /// @inheritdoc IGridOversight
    function resumeTrading(address venue, uint8 area, uint8 carrier, string calldata reason) external restricted {
        _requireReason(reason);
        emit TradingResumed(venue, area, carrier, reason);
        VAULT.closePot(venue, _potKey(area, carrier), 0);
    }

    /// @inheritdoc IGridOversight
    function voidMarket(address venue, Market market, string calldata reason) external restricted {
        _requireReason(reason);
        if (_hasStarted(market.period())) revert AlreadyStarted(market);
        _void[venue][market] = true;
        emit MarketVoided(venue, market, reason);
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc IGridOversight
    function termsOf(uint8 area, uint8 carrier, uint32 period) external view returns (Terms memory) {
        uint224 word = _grids[area][carrier].terms.upperLookupRecent(period);
        if (word == 0) revert NoTerms(area, carrier, period);
        return TermsWord.wrap(word).unpack();
    }

    /// @inheritdoc IGridOversight
    function leastExportCapacity(uint8 area, uint8 carrier) external view returns (uint256 least) {
        Checkpoints.Trace224 storage trace = _grids[area][carrier].exportCapacity;
        uint256 current = block.timestamp / PERIOD_SECONDS;
        least = type(uint256).max;
        for (uint256 i = trace.length(); i > 0; --i) {
            Checkpoints.Checkpoint224 memory entry = trace.at(uint32(i - 1));
            if (entry._value < least) least = entry._value;
            if (entry._key <= current) break;
        }
    }

    /// @inheritdoc IGridOversight
    function isVoid(address venue, Market market) external view returns (bool) {
        return _void[venue][market];
    }

    // --- rules --------------------------------------------------------------------------------------------------

    /// An entry may replace the last one as long as nobody can have traded on it.
    function _requireFree(Grid storage grid, uint32 fromPeriod) private view {
        uint256 firstFree = _firstUntradable();
        (, uint32 last,) = grid.terms.latestCheckpoint();
        if (last > firstFree) firstFree = last;
        if (fromPeriod < firstFree) revert TermsTooEarly(fromPeriod, uint32(firstFree));
    }

    /// A price is left at which a buyer at retail and a seller at 0 both bear their levies.
    function _inRange(Terms calldata terms) private pure returns (bool) {
        if (terms.feedInTicks >= terms.retailTicks || terms.retailTicks > MAX_PRICE_TICKS) return false;
        return uint256(terms.levyBuyTicks) + terms.levySellTicks <= terms.retailTicks;
    }

    function _requireReason(string calldata reason) private pure {
        if (bytes(reason).length == 0) revert ReasonMissing();
    }

    /// A venue keeps one pot for each book.
    function _potKey(uint8 area, uint8 carrier) private pure returns (uint96) {
        return (uint96(area) << 8) | carrier;
    }
}
