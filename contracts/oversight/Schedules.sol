// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IGridOversight} from "../interfaces/IGridOversight.sol";
import {Calendar} from "../types/Calendar.sol";
import {Connection} from "../types/Connection.sol";
import {ConnectionWord, toConnectionWord} from "../types/ConnectionWord.sol";
import {MAX_PRICE_TICKS} from "../types/Order.sol";
import {Terms} from "../types/Terms.sol";
import {TermsWord, toTermsWord} from "../types/TermsWord.sol";
import {Ahead, Foresight} from "./Foresight.sol";
import {Network, Networks} from "./Networks.sol";

/// Terms and connections: schedules whose entries start beyond the trading horizon.
abstract contract Schedules is IGridOversight, AccessManaged, Calendar {
    using Checkpoints for Checkpoints.Trace224;
    using Foresight for Checkpoints.Trace224;
    using Networks for Network;

    /// What the grid operator says of one carrier in one area.
    struct Grid {
        Checkpoints.Trace224 terms; // first period → TermsWord
        Checkpoints.Trace224 exportCapacity; // first period → Wh, an entry only where it changes: terms may change hourly
        uint256 exportLimits; // Σ of the registered points, Wh
    }

    /// The connections of one carrier, each way one, and the areas at their ends.
    struct Grids {
        uint16[] connections; // from << 8 | to
        uint8[] areas;
        mapping(uint256 fromTo => Checkpoints.Trace224) schedules; // first period → ConnectionWord
    }

    uint256 private constant MOST_AHEAD = 100;
    uint256 private constant MOST_CONNECTIONS = 24;

    mapping(uint8 area => mapping(uint8 carrier => Grid)) private _grids;
    mapping(uint8 carrier => Grids) private _connected;

    // --- by the grid operator -----------------------------------------------------------------------------------

    /// @inheritdoc IGridOversight
    function scheduleTerms(uint8 area, uint8 carrier, uint32 fromPeriod, Terms calldata terms) external restricted {
        Grid storage grid = _grids[area][carrier];
        _requireFree(grid.terms, fromPeriod);
        if (!_inRange(terms)) revert TermsOutOfRange();
        if (terms.exportCapacityWh < grid.exportLimits) {
            revert CapacityBelowLimits(area, grid.exportLimits, terms.exportCapacityWh);
        }
        _append(grid.terms, fromPeriod, TermsWord.unwrap(toTermsWord(terms)));
        if (grid.exportCapacity.length() == 0 || grid.exportCapacity.latest() != terms.exportCapacityWh) {
            grid.exportCapacity.push(fromPeriod, terms.exportCapacityWh);
        }
        emit TermsScheduled(area, carrier, fromPeriod, terms);
        _requireSound(carrier, fromPeriod);
    }

    /// @inheritdoc IGridOversight
    function scheduleConnection(uint8 from, uint8 to, uint8 carrier, uint32 fromPeriod, Connection calldata connection)
        external
        restricted
    {
        Grids storage grids = _connected[carrier];
        Checkpoints.Trace224 storage schedule = grids.schedules[_fromTo(from, to)];
        _requireFree(schedule, fromPeriod);
        if (from == to || connection.feeTicks > MAX_PRICE_TICKS) revert ConnectionOutOfRange();
        if (schedule.length() == 0) _addConnection(grids, from, to, carrier);
        _append(schedule, fromPeriod, ConnectionWord.unwrap(toConnectionWord(connection)));
        emit ConnectionScheduled(from, to, carrier, fromPeriod, connection);
        termsWordOf(from, carrier, fromPeriod); // both ends must have some
        termsWordOf(to, carrier, fromPeriod);
        _requireSound(carrier, fromPeriod);
    }

    /// @inheritdoc IGridOversight
    function noteExportLimits(uint8 area, uint8 carrier, uint256 limitsWh) external restricted {
        _grids[area][carrier].exportLimits = limitsWh;
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc IGridOversight
    function termsOf(uint8 area, uint8 carrier, uint32 period) external view returns (Terms memory) {
        return termsWordOf(area, carrier, period).unpack();
    }

    /// @inheritdoc IGridOversight
    function termsWordOf(uint8 area, uint8 carrier, uint32 period) public view returns (TermsWord) {
        uint224 word = _grids[area][carrier].terms.upperLookupRecent(period);
        if (word == 0) revert NoTerms(area, carrier, period);
        return TermsWord.wrap(word);
    }

    /// @inheritdoc IGridOversight
    function extremeTariffs(uint8 area, uint8 carrier, uint32 first, uint32 last)
        external
        view
        returns (uint256 lowestFeedInTicks, uint256 highestRetailTicks)
    {
        Checkpoints.Trace224 storage trace = _grids[area][carrier].terms;
        lowestFeedInTicks = type(uint256).max;
        uint256 key = type(uint256).max;
        for (uint256 i = trace.length(); i > 0 && key > first; --i) {
            Checkpoints.Checkpoint224 memory entry = trace.at(uint32(i - 1));
            key = entry._key;
            if (key > last) continue;
            Terms memory terms = TermsWord.wrap(entry._value).unpack();
            if (terms.feedInTicks < lowestFeedInTicks) lowestFeedInTicks = terms.feedInTicks;
            if (terms.retailTicks > highestRetailTicks) highestRetailTicks = terms.retailTicks;
        }
        if (key > first) revert NoTerms(area, carrier, first);
    }

    /// @inheritdoc IGridOversight
    function connectionOf(uint8 from, uint8 to, uint8 carrier, uint32 period)
        public
        view
        returns (bool connected, Connection memory connection)
    {
        ConnectionWord word =
            ConnectionWord.wrap(_connected[carrier].schedules[_fromTo(from, to)].upperLookupRecent(period));
        return (word.isConnected(), word.unpack());
    }

    /// @inheritdoc IGridOversight
    function connections(uint8 carrier) external view returns (uint16[] memory fromTo) {
        return _connected[carrier].connections;
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

    // --- steps --------------------------------------------------------------------------------------------------

    function _append(Checkpoints.Trace224 storage schedule, uint32 fromPeriod, uint224 value) private {
        schedule.push(fromPeriod, value);
        uint256 length = schedule.length();
        if (length <= MOST_AHEAD) return;
        if (schedule.at(uint32(length - 1 - MOST_AHEAD))._key >= _firstUntradable()) revert TooManyAhead(MOST_AHEAD);
    }

    function _addConnection(Grids storage grids, uint8 from, uint8 to, uint8 carrier) private {
        if (grids.connections.length == MOST_CONNECTIONS) revert TooManyConnections(carrier);
        grids.connections.push(uint16(_fromTo(from, to)));
        _addArea(grids, from);
        _addArea(grids, to);
    }

    function _addArea(Grids storage grids, uint8 area) private {
        uint8[] memory areas = grids.areas;
        for (uint256 i; i < areas.length; ++i) {
            if (areas[i] == area) return;
        }
        grids.areas.push(area);
    }

    /// Looks at every period from `fromPeriod` on at which anything of the connected areas changes.
    function _requireSound(uint8 carrier, uint32 fromPeriod) private view {
        Network memory network = _networkOf(carrier, fromPeriod);
        if (network.connections.length == 0) return;
        for (uint32 period = fromPeriod; period != Foresight.NEVER; period = network.nextChange()) {
            network.goTo(period);
            network.requireSound(carrier, period);
        }
    }

    function _networkOf(uint8 carrier, uint32 period) private view returns (Network memory network) {
        Grids storage grids = _connected[carrier];
        network.areas = grids.areas;
        network.connections = grids.connections;
        network.terms = new Ahead[](network.areas.length);
        network.links = new Ahead[](network.connections.length);
        for (uint256 i; i < network.terms.length; ++i) {
            network.terms[i] = _grids[network.areas[i]][carrier].terms.from(period);
        }
        for (uint256 i; i < network.links.length; ++i) {
            network.links[i] = grids.schedules[network.connections[i]].from(period);
        }
    }

    // --- rules --------------------------------------------------------------------------------------------------

    /// An entry may replace the last one as long as nobody can have traded on it.
    function _requireFree(Checkpoints.Trace224 storage schedule, uint32 fromPeriod) private view {
        uint256 firstFree = _firstUntradable();
        (, uint32 last,) = schedule.latestCheckpoint();
        if (last > firstFree) firstFree = last;
        if (fromPeriod < firstFree) revert TermsTooEarly(fromPeriod, uint32(firstFree));
    }

    /// A price is left at which a buyer at retail and a seller at 0 both bear their levies.
    function _inRange(Terms calldata terms) private pure returns (bool) {
        if (terms.feedInTicks >= terms.retailTicks || terms.retailTicks > MAX_PRICE_TICKS) return false;
        return uint256(terms.levyBuyTicks) + terms.levySellTicks <= terms.retailTicks;
    }

    function _fromTo(uint8 from, uint8 to) internal pure returns (uint256) {
        return (uint256(from) << 8) | to;
    }
}
