// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "solady/utils/EIP712.sol";

import {IMeterReadings} from "./interfaces/IMeterReadings.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {Edits} from "./readings/Edits.sol";
import {ReadingRing} from "./readings/ReadingRing.sol";
import {accountId} from "./types/AccountId.sol";
import {Calendar, CalendarTimes} from "./types/Calendar.sol";
import {Lanes} from "./types/Lanes.sol";
import {METERED_NOTHING, MeteredWord} from "./types/MeteredWord.sol";
import {POSTED_BYTES, PostedReading, postedAt} from "./types/PostedReading.sol";
import {NOTHING, ReadingLane} from "./types/ReadingWord.sol";

/// See IMeterReadings.
contract MeterReadings is IMeterReadings, EIP712, Edits {
    using Signatures for address;

    /// A signed batch, while it is booked.
    struct Batch {
        uint256 gateway;
        uint32 period;
        uint256 next; // the reading to be booked next
        uint256 count;
        Boundaries at;
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
        if (readings.length == 0 || readings.length % POSTED_BYTES != 0) {
            revert BodyMalformed(readings.length);
        }
        if (_endsAt(period) > block.timestamp + CLOCK_LEAD) revert PeriodInFuture(period);
        if (block.timestamp >= _endsAt(period) + CORRECTIONS_UNTIL) revert PeriodTooOld(period);
        if (!REGISTRY.gatewayKey(gateway).isBy(batchHash(gateway, period, journal, readings), signature)) {
            revert SignatureInvalid(gateway);
        }
        Batch memory batch = Batch(gateway, period, 0, readings.length / POSTED_BYTES, _boundariesOf(period));
        while (batch.next < batch.count) {
            _bookRow(batch, readings);
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

    /// @inheritdoc IMeterReadings
    function batchHash(uint16 gateway, uint32 period, bytes32 journal, bytes calldata readings)
        public
        view
        returns (bytes32)
    {
        return _hashTypedData(keccak256(abi.encode(BATCH_TYPEHASH, gateway, period, journal, keccak256(readings))));
    }

    // --- booking a batch ----------------------------------------------------------------------------------------

    /// Books readings from `batch.next` on, as far as their points stand in one row of words: in a batch that is sorted and
    /// dense the registry is asked once for all.
    function _bookRow(Batch memory batch, bytes calldata readings) private {
        uint256 first = postedAt(readings, batch.next).point() >> 2;
        uint256 last = postedAt(readings, batch.count - 1).point() >> 2;
        bool isRow = last > first && last - first < batch.count - batch.next;
        uint256[] memory limits = REGISTRY.pointWords(first, isRow ? last - first + 1 : 1);
        for (uint256 i; i < limits.length && batch.next < batch.count; ++i) {
            uint256 word = first + i;
            if (postedAt(readings, batch.next).point() >> 2 == word) _bookWord(batch, readings, word, limits[i]);
        }
    }

    /// Books the next readings of one word: two loads and one store for four points.
    function _bookWord(Batch memory batch, bytes calldata readings, uint256 word, uint256 limitWord) private {
        Boundaries memory at = batch.at;
        _turnTo(at, word);
        uint256 next = batch.next;
        for (; next < batch.count; ++next) {
            PostedReading posted = postedAt(readings, next);
            if (posted.point() >> 2 != word) break;
            (ReadingLane end, SkipReason reason) = _judge(batch, posted, Lanes.get(limitWord, posted.point()));
            if (end.isKnown()) at.ends = at.ends.withLane(posted.point(), end);
            else emit ReadingSkipped(uint24(posted.point()), batch.period, reason);
        }
        batch.next = next;
        _setEnds(at);
    }

    /// The registers to book, or none and why. `limits`: maxImportWh 24 | maxExportWh 24 | gateway 16.
    function _judge(Batch memory batch, PostedReading posted, uint256 limits)
        private
        returns (ReadingLane end, SkipReason reason)
    {
        if (limits >> 48 != batch.gateway) {
            return (NOTHING, limits == 0 ? SkipReason.PointUnknown : SkipReason.WrongGateway);
        }
        uint256 point = posted.point();
        end = posted.toLane();
        bool isKnown = batch.at.ends.lane(point).isKnown();
        if (isKnown || !end.isMetered()) return _judgeOdd(uint24(point), batch.period, end, isKnown, limits);
        ReadingLane start = batch.at.starts.lane(point);
        if (!start.isKnown() || start.isSubstitute()) return (NOTHING, SkipReason.NotConsecutive);
        bool within = end.importSince(start) <= uint24(limits) && end.exportSince(start) <= uint24(limits >> 24);
        if (!within) return (NOTHING, SkipReason.AboveLimit);
    }

    /// A base, or registers where something stands already.
    function _judgeOdd(uint24 point, uint32 period, ReadingLane end, bool isKnown, uint256 limits)
        private
        returns (ReadingLane, SkipReason reason)
    {
        if (end.isMetered()) return _closeRun(point, period, end, uint24(limits), uint24(limits >> 24));
        if (!end.isKnown()) return (NOTHING, SkipReason.QualityUnknown);
        if (isKnown) return (NOTHING, SkipReason.AlreadyKnown);
        // A point's base stands at the start of its first period and nowhere else.
        if (REGISTRY.point(point).firstPeriod != period + 1) return (NOTHING, SkipReason.NotConsecutive);
        _noteBase(point, period, end);
        return (end, reason);
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

    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("Wattbook", "1");
    }
}
