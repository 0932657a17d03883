// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IMeterReadings} from "./interfaces/IMeterReadings.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {Batches} from "./readings/Batches.sol";
import {ReadingRing} from "./readings/ReadingRing.sol";
import {accountId} from "./types/AccountId.sol";
import {Calendar, CalendarTimes} from "./types/Calendar.sol";
import {METERED_NOTHING, MeteredWord} from "./types/MeteredWord.sol";
import {ReadingLane} from "./types/ReadingWord.sol";

/// See IMeterReadings.
contract MeterReadings is Batches {
    constructor(address authority, CalendarTimes memory times, IRegistry registry)
        AccessManaged(authority)
        Calendar(times)
        ReadingRing(registry)
    {}

    // --- administration -----------------------------------------------------------------------------------------

    /// @inheritdoc IMeterReadings
    function connectSettlement(address settlement_) external restricted {
        if (settlement != address(0)) revert SettlementFixed(settlement);
        settlement = settlement_;
        emit SettlementConnected(settlement_);
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc IMeterReadings
    function reading(uint24 point, uint32 period) external view returns (Reading memory) {
        ReadingLane lane = _lane(point, period);
        return Reading(lane.importRegister(), lane.exportRegister(), lane.quality(), lane.isDisputed());
    }

    /// @inheritdoc IMeterReadings
    function energyOf(uint24 point, uint32 period)
        external
        view
        returns (bool known, uint256 importWh, uint256 exportWh)
    {
        Standing standing;
        (standing, importWh, exportWh) = _energy(_boundariesOf(period), point, period);
        known = standing != Standing.Missing;
    }

    /// @inheritdoc IMeterReadings
    function metered(uint8 area, uint8 carrier, uint32 period, uint256 first, uint256 count)
        external
        view
        returns (uint256[] memory words)
    {
        words = REGISTRY.pointsOfMany(area, carrier, first, count);
        Standing enough = block.timestamp >= _endsAt(period) + FINAL_AFTER ? Standing.Held : Standing.Final;
        Boundaries memory at = _boundariesOf(period);
        for (uint256 i; i < count; ++i) {
            bool isListed = uint8(words[i]) <= 2; // else the lane doesn't hold them all
            MeteredWord word = isListed
                ? _meteredByTwo(at, words[i], period, enough)
                : _meteredByAll(at, REGISTRY.pointsOf(accountId(area, first + i), carrier), period, enough);
            words[i] = MeteredWord.unwrap(word);
        }
    }

    // --- adding up ----------------------------------------------------------------------------------------------

    /// `points` is a registry's lane: number 8 | first point 24 | second point 24.
    function _meteredByTwo(Boundaries memory at, uint256 points, uint32 period, Standing enough)
        private
        view
        returns (MeteredWord word)
    {
        word = METERED_NOTHING;
        if (uint8(points) > 0) word = _plusPoint(word, at, uint24(points >> 8), period, enough);
        if (uint8(points) > 1) word = _plusPoint(word, at, uint24(points >> 32), period, enough);
    }

    function _meteredByAll(Boundaries memory at, uint24[] memory points, uint32 period, Standing enough)
        private
        view
        returns (MeteredWord word)
    {
        word = METERED_NOTHING;
        for (uint256 i; i < points.length; ++i) {
            word = _plusPoint(word, at, points[i], period, enough);
        }
    }

    function _plusPoint(MeteredWord word, Boundaries memory at, uint256 point, uint32 period, Standing enough)
        private
        view
        returns (MeteredWord)
    {
        (Standing standing, uint256 importWh, uint256 exportWh) = _energy(at, point, period);
        if (standing == Standing.Missing) return word.withMissing();
        return word.plus(importWh, exportWh, standing >= enough);
    }
}
