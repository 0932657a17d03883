// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MeterReadingsExtension} from "./MeterReadingsExtension.sol";
import {IMeterReadingsMain} from "./interfaces/IMeterReadings.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {Extended} from "./libraries/Extended.sol";
import {Lists} from "./libraries/Lists.sol";
import {Batches} from "./readings/Batches.sol";
import {Substitutes} from "./readings/Substitutes.sol";
import {AccountId, accountId} from "./types/AccountId.sol";
import {CalendarTimes} from "./types/Calendar.sol";
import {Lanes} from "./types/Lanes.sol";
import {METERED_NOTHING, MeteredWord} from "./types/MeteredWord.sol";
import {wordOf} from "./types/ReadingWord.sol";

/// See IMeterReadings. Here: how an account's energies are added up; `readings/` holds the rest, of which views and edits stand in
/// MeterReadingsExtension.
contract MeterReadings is Batches, Extended {
    using Lists for uint256[];

    constructor(address authority, CalendarTimes memory times, IRegistry registry)
        Substitutes(authority, times, registry)
        Extended(address(new MeterReadingsExtension(authority, times, registry)))
    {}

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc IMeterReadingsMain
    function metered(uint8 area, uint8 carrier, uint32 period, uint256 first, uint256 count)
        external
        view
        returns (uint256[] memory words)
    {
        words = REGISTRY.pointsOfMany(area, carrier, first, count);
        Boundaries memory at = _boundariesOf(period);
        for (uint256 i; i < count; ++i) {
            words[i] = MeteredWord.unwrap(
                _meteredBy(at, accountId(area, first + i), carrier, period, words[i], _enough(period))
            );
        }
    }

    /// @inheritdoc IMeterReadingsMain
    function meteredLanes(uint8 area, uint8 carrier, uint32 period, uint256 firstWord, uint256 count)
        external
        view
        returns (uint256[] memory words)
    {
        words = Lists.ask(address(REGISTRY), abi.encodeCall(REGISTRY.pointLanes, (area, carrier, firstWord, count)));
        Boundaries memory at = _boundariesOf(period);
        bool areHeldFinal = _enough(period) == Standing.Held;
        unchecked {
            for (uint256 i; i < words.length; ++i) {
                if (areHeldFinal) i = _meterRows(at, words, i);
                if (i == words.length) break;
                uint256 lanes = areHeldFinal ? _shortLanes(at, words[i]) : 0;
                if (lanes == 0) {
                    lanes = _longLanes(at, accountId(area, (firstWord + i) << 2), carrier, period, words[i]);
                }
                words[i] = lanes;
            }
        }
        words.answer();
    }

    /// How far readings must be known to be final.
    function _enough(uint32 period) private view returns (Standing) {
        return block.timestamp >= _endsAt(period) + FINAL_AFTER ? Standing.Held : Standing.Final;
    }

    // --- adding up ----------------------------------------------------------------------------------------------

    /// Less short, for points that stand anywhere: four accounts with a point each, whose energies are differences of two registers; else 0.
    function _shortLanes(Boundaries memory at, uint256 points) private view returns (uint256 lanes) {
        unchecked {
            for (uint256 i; i < 4; (++i, points >>= 64)) {
                if (uint8(points) != 1) return 0;
                uint256 point = uint24(points >> 8);
                _turnTo(at, wordOf(point));
                uint256 lane = at.ends.heldSince(at.starts, point);
                if (lane == 0) return 0;
                lanes |= lane << (i * 60);
            }
        }
    }

    /// `first`: the account of the lowest lane.
    function _longLanes(Boundaries memory at, AccountId first, uint8 carrier, uint32 period, uint256 points)
        private
        view
        returns (uint256 lanes)
    {
        for (uint256 i; i < 4; ++i) {
            AccountId account = accountId(first.area(), first.index() + i);
            MeteredWord word = _meteredBy(at, account, carrier, period, Lanes.get(points, i), _enough(period));
            lanes |= word.toLane() << (i * 60);
        }
    }

    function _meteredBy(
        Boundaries memory at,
        AccountId account,
        uint8 carrier,
        uint32 period,
        uint256 points,
        Standing enough
    ) private view returns (MeteredWord) {
        bool isListed = uint8(points) <= 2; // else the lane doesn't hold them all
        if (isListed) return _meteredByTwo(at, points, period, enough);
        return _meteredByAll(at, REGISTRY.pointsOf(account, carrier), period, enough);
    }

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
