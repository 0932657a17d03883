// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "solady/utils/EIP712.sol";

import {IMeterReadings, Quality} from "./interfaces/IMeterReadings.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {ReadingRing} from "./readings/ReadingRing.sol";
import {Substitutes} from "./readings/Substitutes.sol";
import {accountId} from "./types/AccountId.sol";
import {Calendar, CalendarTimes} from "./types/Calendar.sol";
import {Lanes} from "./types/Lanes.sol";
import {METERED_NOTHING, MeteredWord} from "./types/MeteredWord.sol";
import {POSTED_BYTES, PostedReading, postedAt} from "./types/PostedReading.sol";
import {NOTHING, ReadingLane, ReadingWord, registerDifference} from "./types/ReadingWord.sol";

/// See IMeterReadings.
contract MeterReadings is IMeterReadings, EIP712, AccessManaged, Substitutes {
    using Signatures for address;

    /// A signed batch, while it is booked.
    struct Batch {
        uint256 gateway;
        uint32 period;
        uint256 next; // the reading to be booked next
        uint256 count;
    }

    bytes32 private constant BATCH_TYPEHASH =
        keccak256("ReadingBatch(uint16 gateway,uint32 period,bytes32 journal,bytes readings)");
    /// How far a gateway's clock may be ahead of the chain's, seconds.
    uint256 private constant CLOCK_LEAD = 60;

    constructor(address authority, CalendarTimes memory times, IRegistry registry)
        AccessManaged(authority)
        Calendar(times)
        ReadingRing(registry)
    {}

    // --- gateways -----------------------------------------------------------------------------------------------

    /// @inheritdoc IMeterReadings
    function postReadings(
        uint16 gateway,
        uint32 period,
        bytes32 journal,
        bytes calldata readings,
        bytes calldata signature
    ) external {
        if (readings.length == 0 || readings.length % POSTED_BYTES != 0) revert BodyMalformed(readings.length);
        if (_endsAt(period) > block.timestamp + CLOCK_LEAD) revert PeriodInFuture(period);
        if (block.timestamp >= _endsAt(period) + CORRECTIONS_UNTIL) revert PeriodTooOld(period);
        if (!REGISTRY.gatewayKey(gateway).isBy(batchHash(gateway, period, journal, readings), signature)) {
            revert SignatureInvalid(gateway);
        }
        Batch memory batch = Batch(gateway, period, 0, readings.length / POSTED_BYTES);
        while (batch.next < batch.count) {
            _bookNeighbours(batch, readings);
        }
        emit ReadingsPosted(gateway, period, journal, readings);
    }

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
        return Reading(lane.importRegister(), lane.exportRegister(), lane.quality());
    }

    /// @inheritdoc IMeterReadings
    function energyOf(uint24 point, uint32 period)
        external
        view
        returns (bool known, uint256 importWh, uint256 exportWh)
    {
        Standing standing;
        (standing, importWh, exportWh) = _energy(point, period);
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
        for (uint256 i; i < count; ++i) {
            bool isListed = uint8(words[i]) <= 2; // else the lane doesn't hold them all
            MeteredWord word = isListed
                ? _meteredByTwo(words[i], period, enough)
                : _meteredByAll(REGISTRY.pointsOf(accountId(area, first + i), carrier), period, enough);
            words[i] = MeteredWord.unwrap(word);
        }
    }

    /// @inheritdoc IMeterReadings
    function batchHash(uint16 gateway, uint32 period, bytes32 journal, bytes calldata readings)
        public
        view
        returns (bytes32)
    {
        return _hashTypedData(
            keccak256(abi.encode(BATCH_TYPEHASH, gateway, period, journal, keccak256(readings)))
        );
    }

    // --- booking a batch ----------------------------------------------------------------------------------------

    /// Books the readings from `batch.next` on whose points stand in neighbouring words: the registry is asked once for all.
    function _bookNeighbours(Batch memory batch, bytes calldata readings) private {
        uint256 first = postedAt(readings, batch.next).point() >> 2;
        uint256[] memory limits = REGISTRY.pointWords(first, _neighbours(batch, readings));
        for (uint256 i; i < limits.length; ++i) {
            _bookWord(batch, readings, first + i, limits[i]);
        }
    }

    /// How many words follow one another from `batch.next` on.
    function _neighbours(Batch memory batch, bytes calldata readings) private pure returns (uint256) {
        uint256 first = postedAt(readings, batch.next).point() >> 2;
        uint256 last = first;
        for (uint256 i = batch.next + 1; i < batch.count; ++i) {
            uint256 word = postedAt(readings, i).point() >> 2;
            if (word != last && word != last + 1) break;
            last = word;
        }
        return last - first + 1;
    }

    /// Books the next readings of one word: two loads and one store for four points.
    function _bookWord(Batch memory batch, bytes calldata readings, uint256 word, uint256 limitWord) private {
        ReadingWord starts = _readingWord(batch.period - 1, word);
        ReadingWord ends = _readingWord(batch.period, word);
        for (; batch.next < batch.count; ++batch.next) {
            PostedReading posted = postedAt(readings, batch.next);
            if (posted.point() >> 2 != word) break;
            uint64 limits = Lanes.get(limitWord, posted.point());
            (ReadingLane end, SkipReason reason) = _judge(batch, posted, limits, starts, ends);
            if (end.isKnown()) ends = ends.withLane(posted.point(), end);
            else emit ReadingSkipped(posted.point(), batch.period, reason);
        }
        _setReadingWord(batch.period, word, ends);
    }

    /// The registers to book, or none and why.
    function _judge(
        Batch memory batch,
        PostedReading posted,
        uint64 limits,
        ReadingWord starts,
        ReadingWord ends
    ) private returns (ReadingLane, SkipReason) {
        uint24 point = posted.point();
        if (limits == 0) return (NOTHING, SkipReason.PointUnknown);
        if (limits >> 48 != batch.gateway) return (NOTHING, SkipReason.WrongGateway);
        bool isKnown = ends.lane(point).isKnown();
        if (posted.quality() == uint256(Quality.Base)) return _judgeBase(batch.period, posted, isKnown);
        if (!posted.isMetered()) return (NOTHING, SkipReason.QualityUnknown);
        ReadingLane end = posted.toLane();
        if (isKnown) return _closeRun(point, batch.period, end, uint24(limits), uint24(limits >> 24));
        ReadingLane start = starts.lane(point);
        if (!start.isKnown() || _isCountedOn(point, start)) return (NOTHING, SkipReason.NotConsecutive);
        bool above = registerDifference(start.importRegister(), end.importRegister()) > uint24(limits)
            || registerDifference(start.exportRegister(), end.exportRegister()) > uint24(limits >> 24);
        return above ? (NOTHING, SkipReason.AboveLimit) : (end, SkipReason.AlreadyKnown);
    }

    /// A point's base stands at the start of its first period and nowhere else.
    function _judgeBase(uint32 period, PostedReading posted, bool isKnown)
        private
        returns (ReadingLane, SkipReason)
    {
        if (isKnown) return (NOTHING, SkipReason.AlreadyKnown);
        if (REGISTRY.point(posted.point()).firstPeriod != period + 1) return (NOTHING, SkipReason.NotConsecutive);
        _noteBase(posted.point(), period, posted.toLane());
        return (posted.toLane(), SkipReason.AlreadyKnown);
    }

    // --- adding up ----------------------------------------------------------------------------------------------

    /// `points` is a registry's lane: number 8 | first point 24 | second point 24.
    function _meteredByTwo(uint256 points, uint32 period, Standing enough)
        private
        view
        returns (MeteredWord word)
    {
        word = METERED_NOTHING;
        if (uint8(points) > 0) word = _plusPoint(word, uint24(points >> 8), period, enough);
        if (uint8(points) > 1) word = _plusPoint(word, uint24(points >> 32), period, enough);
    }

    function _meteredByAll(uint24[] memory points, uint32 period, Standing enough)
        private
        view
        returns (MeteredWord word)
    {
        word = METERED_NOTHING;
        for (uint256 i; i < points.length; ++i) {
            word = _plusPoint(word, points[i], period, enough);
        }
    }

    function _plusPoint(MeteredWord word, uint24 point, uint32 period, Standing enough)
        private
        view
        returns (MeteredWord)
    {
        (Standing standing, uint256 importWh, uint256 exportWh) = _energy(point, period);
        return word.plus(importWh, exportWh, standing >= enough);
    }

    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("Wattbook", "1");
    }
}
