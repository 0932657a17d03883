// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IMeterReadingsMain} from "../interfaces/IMeterReadings.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {Domain} from "../libraries/Domain.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {FourReadings, Usual} from "../types/FourReadings.sol";
import {LimitWord} from "../types/LimitWord.sol";
import {
    OWN_BYTES,
    POSTED_BYTES,
    PostedReading,
    placeAt,
    placeOf,
    postedAt,
    signatureAt,
    toPostedReading,
    withoutSignatures
} from "../types/PostedReading.sol";
import {NOTHING, ReadingLane, ReadingWord} from "../types/ReadingWord.sol";
import {Defaults} from "./Defaults.sol";

/// Signed readings, booked word by word: two loads and one store for four points.
abstract contract Batches is Domain, Defaults {
    using Signatures for address;
    using FourReadings for Usual;

    /// A batch, while it is booked.
    struct Batch {
        uint256 gateway; // 0: every reading is signed by its meter
        uint32 period;
        bytes body;
        uint256 signed; // where in the call's data meters' readings stand with their signatures
        uint256 signedUntil; // the first reading whose meter's signature hasn't been checked
        uint256 next; // the reading to be booked next
        uint256 count;
        Boundaries at;
        Row row;
    }

    /// Neighbouring words of the registry, asked for at once.
    struct Row {
        uint256 first;
        uint256[] limits; // LimitWord
        uint256[] keys; // four a word; only if meters sign
    }

    bytes32 private constant BATCH_TYPEHASH =
        keccak256("ReadingBatch(uint16 gateway,uint32 period,bytes32 journal,bytes readings)");

    // --- gateways -----------------------------------------------------------------------------------------------

    /// @inheritdoc IMeterReadingsMain
    function postReadings(
        uint16 gateway,
        uint32 period,
        bytes32 journal,
        bytes calldata readings,
        bytes calldata signature
    ) external {
        _requireBody(readings.length, POSTED_BYTES);
        _requireInTime(period);
        bytes memory body = readings;
        if (!REGISTRY.gatewayKey(gateway).isBy(_batchHash(gateway, period, journal, body), signature)) {
            revert SignatureInvalid(gateway);
        }
        _book(gateway, period, body, 0);
        emit ReadingsPosted(gateway, period, journal, readings);
    }

    /// @inheritdoc IMeterReadingsMain
    function batchHash(uint16 gateway, uint32 period, bytes32 journal, bytes calldata readings)
        external
        view
        returns (bytes32)
    {
        return _batchHash(gateway, period, journal, readings);
    }

    function _batchHash(uint16 gateway, uint32 period, bytes32 journal, bytes memory body)
        private
        view
        returns (bytes32)
    {
        return _digest(keccak256(abi.encode(BATCH_TYPEHASH, gateway, period, journal, keccak256(body))));
    }

    // --- meters -------------------------------------------------------------------------------------------------

    /// @inheritdoc IMeterReadingsMain
    function postOwnReadings(uint32 period, bytes calldata readings) external {
        _requireBody(readings.length, OWN_BYTES);
        _requireInTime(period);
        bytes memory body = withoutSignatures(readings);
        _book(0, period, body, placeOf(readings));
        emit OwnReadingsPosted(period, body);
    }

    /// @inheritdoc IMeterReadingsMain
    function ownReadingHash(uint24 point, uint32 period, uint48 importRegister, uint48 exportRegister, uint8 quality)
        external
        view
        returns (bytes32)
    {
        return _digest(toPostedReading(point, importRegister, exportRegister, quality).structHash(period));
    }

    // --- booking a batch ----------------------------------------------------------------------------------------

    function _requireBody(uint256 length, uint256 size) private pure {
        if (length == 0 || length % size != 0) revert BodyMalformed(length);
    }

    /// `signed`: where meters' readings stand in the call's data; 0 for a gateway's.
    function _book(uint256 gateway, uint32 period, bytes memory body, uint256 signed) private {
        Row memory none;
        Batch memory batch =
            Batch(gateway, period, body, signed, 0, 0, body.length / POSTED_BYTES, _boundariesOf(period), none);
        while (batch.next < batch.count) {
            _bookRow(batch);
        }
    }

    /// Books readings from `batch.next` on, as far as their points stand in one row of words: in a batch that is sorted and
    /// dense the registry is asked once for all.
    function _bookRow(Batch memory batch) private {
        unchecked {
            _openRow(batch);
            uint256 word = batch.row.first;
            uint256 end = word + batch.row.limits.length;
            for (; word < end; ++word) {
                word = _bookFours(batch, word, end);
                if (word == end || batch.next == batch.count) return;
                if (postedAt(batch.body, batch.next).word() == word) _bookEach(batch, word);
            }
        }
    }

    function _openRow(Batch memory batch) private view {
        unchecked {
            uint256 first = postedAt(batch.body, batch.next).word();
            uint256 last = postedAt(batch.body, batch.count - 1).word();
            bool isRow = last > first && last - first < batch.count - batch.next;
            uint256 count = isRow ? last - first + 1 : 1;
            batch.row.first = first;
            batch.row.limits = _asked(IRegistry.pointWords.selector, first, count, 1);
            if (batch.gateway == 0) batch.row.keys = _asked(IRegistry.meterKeys.selector, first, count, 4);
        }
    }

    /// What the registry answers of `count` words, `each` a word, used where it stands: decoding would copy it.
    function _asked(bytes4 selector, uint256 first, uint256 count, uint256 each)
        private
        view
        returns (uint256[] memory answer)
    {
        bytes memory question = abi.encodeWithSelector(selector, first, count);
        address registry = address(REGISTRY);
        assembly ("memory-safe") {
            let from := mload(0x40)
            let size := shl(5, add(mul(count, each), 2))
            if iszero(staticcall(gas(), registry, add(question, 0x20), mload(question), from, size)) {
                revert(0, 0)
            }
            answer := add(from, 0x20)
            mstore(0x40, add(from, size))
        }
    }

    /// From the row's `word` on, as far as four usual readings fill each: all at once. Returns the word after.
    function _bookFours(Batch memory batch, uint256 word, uint256 end) private returns (uint256) {
        unchecked {
            PostedReading next = postedAt(batch.body, batch.next);
            if (next.word() != word || !next.isUsual()) return word;
            Usual memory usual =
                FourReadings.usual(batch.gateway, next.quality(), word, batch.at.startTag, batch.at.endTag);
            uint256 most = (batch.count - batch.next) >> 2;
            if (most > end - word) most = end - word;
            if (batch.gateway == 0) most = _signedFours(batch, most);
            (uint256 startsAt, uint256 endsAt) = _placesOf(batch.at, word);
            uint256 booked =
                usual.book(placeAt(batch.body, batch.next), _limitsAt(batch.row, word), startsAt, endsAt, most);
            batch.next += booked << 2;
            return word + booked;
        }
    }

    function _bookEach(Batch memory batch, uint256 word) private {
        Boundaries memory at = batch.at;
        LimitWord limits = _limitsOf(batch, word);
        _turnTo(at, word);
        for (; batch.next < batch.count; ++batch.next) {
            PostedReading posted = postedAt(batch.body, batch.next);
            uint256 point = posted.point();
            if (posted.word() != word) break;
            (ReadingLane end, SkipReason reason) = _isSigned(batch, posted, limits)
                ? _judge(batch, posted, limits)
                : (NOTHING, _strangersReason(batch, limits, point));
            if (end.isKnown()) at.ends = at.ends.withLane(point, end);
            else emit ReadingSkipped(uint24(point), batch.period, reason);
        }
        _setEnds(at);
    }

    function _limitsOf(Batch memory batch, uint256 word) private pure returns (LimitWord) {
        return LimitWord.wrap(batch.row.limits[word - batch.row.first]);
    }

    /// Where in memory the limits of `word` stand.
    function _limitsAt(Row memory row, uint256 word) private pure returns (uint256 place) {
        uint256[] memory limits = row.limits;
        uint256 first = row.first;
        assembly ("memory-safe") {
            place := add(add(limits, 0x20), shl(5, sub(word, first)))
        }
    }

    // --- who signed ---------------------------------------------------------------------------------------------

    /// Whether the one who signed the next reading may read its point.
    function _isSigned(Batch memory batch, PostedReading posted, LimitWord limits) private view returns (bool) {
        if (batch.gateway != 0) return _gatewayOf(limits, posted.point()) == batch.gateway;
        return batch.next < batch.signedUntil || _hasSigned(batch, batch.next);
    }

    /// How many fours from the next reading on are signed by their meters, at most `most`; none is checked again.
    function _signedFours(Batch memory batch, uint256 most) private view returns (uint256) {
        unchecked {
            uint256 next = batch.next;
            uint256 position = batch.signedUntil > next ? batch.signedUntil : next;
            uint256 end = next + (most << 2);
            while (position < end && _hasSigned(batch, position)) {
                ++position;
            }
            batch.signedUntil = position;
            uint256 fours = (position - next) >> 2;
            return fours < most ? fours : most;
        }
    }

    /// Whether the meter signed its reading at `position`.
    function _hasSigned(Batch memory batch, uint256 position) private view returns (bool) {
        PostedReading posted = postedAt(batch.body, position);
        bytes32 digest = _digest(posted.structHash(batch.period));
        return _meterKey(batch.row, posted).isBy(digest, signatureAt(batch.signed, position));
    }

    /// The key of a point of the row; 0 for any other.
    function _meterKey(Row memory row, PostedReading posted) private pure returns (address) {
        unchecked {
            uint256 place = ((posted.point() - 1) & 0xffffff) - (row.first << 2);
            return place < row.keys.length ? address(uint160(row.keys[place])) : address(0);
        }
    }

    function _gatewayOf(LimitWord limits, uint256 point) private view returns (uint256) {
        if (!limits.isRegistered(point)) return 0;
        return limits.gateway() != 0 ? limits.gateway() : REGISTRY.point(uint24(point)).gateway;
    }

    function _strangersReason(Batch memory batch, LimitWord limits, uint256 point) private pure returns (SkipReason) {
        if (!limits.isRegistered(point)) return SkipReason.PointUnknown;
        return batch.gateway == 0 ? SkipReason.NotTheMeter : SkipReason.WrongGateway;
    }

    // --- one reading --------------------------------------------------------------------------------------------

    /// The registers to book, or none and why.
    function _judge(Batch memory batch, PostedReading posted, LimitWord limits)
        private
        returns (ReadingLane end, SkipReason reason)
    {
        uint256 point = posted.point();
        end = posted.toLane();
        bool isKnown = batch.at.ends.lane(point).isKnown();
        if (isKnown || !end.isMetered()) return _judgeOdd(uint24(point), batch.period, end, isKnown, limits);
        ReadingLane start = batch.at.starts.lane(point);
        if (!start.isKnown() || start.isSubstitute()) return (NOTHING, SkipReason.NotConsecutive);
        bool within =
            end.importSince(start) <= limits.maxImportWh(point) && end.exportSince(start) <= limits.maxExportWh(point);
        if (!within) return (NOTHING, SkipReason.AboveLimit);
    }

    /// A base, or registers where something stands already.
    function _judgeOdd(uint24 point, uint32 period, ReadingLane end, bool isKnown, LimitWord limits)
        private
        returns (ReadingLane, SkipReason reason)
    {
        if (end.isMetered()) {
            return _closeRun(point, period, end, limits.maxImportWh(point), limits.maxExportWh(point));
        }
        if (!end.isKnown()) return (NOTHING, SkipReason.QualityUnknown);
        if (isKnown) return (NOTHING, SkipReason.AlreadyKnown);
        // A point's base stands at the start of its first period and nowhere else.
        if (REGISTRY.point(point).firstPeriod != period + 1) return (NOTHING, SkipReason.NotConsecutive);
        _noteBase(point, period, end);
        return (end, reason);
    }
}
