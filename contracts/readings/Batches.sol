// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EIP712} from "solady/utils/EIP712.sol";

import {IMeterReadingsMain} from "../interfaces/IMeterReadings.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {FourReadings} from "../types/FourReadings.sol";
import {LimitWord} from "../types/LimitWord.sol";
import {
    OWN_BYTES,
    POSTED_BYTES,
    PostedReading,
    postedAt,
    signatureAt,
    withoutSignatures
} from "../types/PostedReading.sol";
import {NOTHING, ReadingLane, ReadingWord} from "../types/ReadingWord.sol";
import {Defaults} from "./Defaults.sol";

/// Signed readings, booked word by word: two loads and one store for four points.
abstract contract Batches is EIP712, Defaults {
    using Signatures for address;

    /// A batch, while it is booked.
    struct Batch {
        uint256 gateway; // 0: every reading is signed by its meter
        uint32 period;
        uint256 size; // bytes a reading
        uint256 next; // the reading to be booked next
        uint256 count;
        Boundaries at;
    }

    bytes32 private constant BATCH_TYPEHASH =
        keccak256("ReadingBatch(uint16 gateway,uint32 period,bytes32 journal,bytes readings)");
    bytes32 private constant OWN_TYPEHASH =
        keccak256("OwnReading(uint24 point,uint32 period,uint48 importRegister,uint48 exportRegister,uint8 quality)");

    // --- gateways -----------------------------------------------------------------------------------------------

    /// @inheritdoc IMeterReadingsMain
    function postReadings(
        uint16 gateway,
        uint32 period,
        bytes32 journal,
        bytes calldata readings,
        bytes calldata signature
    ) external {
        Batch memory batch = _openBatch(gateway, period, readings.length, POSTED_BYTES);
        if (!REGISTRY.gatewayKey(gateway).isBy(batchHash(gateway, period, journal, readings), signature)) {
            revert SignatureInvalid(gateway);
        }
        while (batch.next < batch.count) {
            _bookRow(batch, readings);
        }
        emit ReadingsPosted(gateway, period, journal, readings);
    }

    /// @inheritdoc IMeterReadingsMain
    function batchHash(uint16 gateway, uint32 period, bytes32 journal, bytes calldata readings)
        public
        view
        returns (bytes32)
    {
        return _hashTypedData(keccak256(abi.encode(BATCH_TYPEHASH, gateway, period, journal, keccak256(readings))));
    }

    // --- meters -------------------------------------------------------------------------------------------------

    /// @inheritdoc IMeterReadingsMain
    function postOwnReadings(uint32 period, bytes calldata readings) external {
        Batch memory batch = _openBatch(0, period, readings.length, OWN_BYTES);
        while (batch.next < batch.count) {
            _bookRow(batch, readings);
        }
        emit OwnReadingsPosted(period, withoutSignatures(readings));
    }

    /// @inheritdoc IMeterReadingsMain
    function ownReadingHash(uint24 point, uint32 period, uint48 importRegister, uint48 exportRegister, uint8 quality)
        public
        view
        returns (bytes32)
    {
        bytes32 typeHash = OWN_TYPEHASH;
        bytes32 structHash;
        // What stands above a value's own bits isn't cleared yet.
        assembly ("memory-safe") {
            let encoded := mload(0x40)
            mstore(encoded, typeHash)
            mstore(add(encoded, 0x20), and(point, 0xffffff))
            mstore(add(encoded, 0x40), and(period, 0xffffffff))
            mstore(add(encoded, 0x60), and(importRegister, 0xffffffffffff))
            mstore(add(encoded, 0x80), and(exportRegister, 0xffffffffffff))
            mstore(add(encoded, 0xa0), and(quality, 0xff))
            structHash := keccak256(encoded, 0xc0)
        }
        return _hashTypedData(structHash);
    }

    // --- booking a batch ----------------------------------------------------------------------------------------

    function _openBatch(uint256 gateway, uint32 period, uint256 length, uint256 size)
        private
        view
        returns (Batch memory)
    {
        if (length == 0 || length % size != 0) revert BodyMalformed(length);
        _requireInTime(period);
        return Batch(gateway, period, size, 0, length / size, _boundariesOf(period));
    }

    /// Books readings from `batch.next` on, as far as their points stand in one row of words: in a batch that is sorted and
    /// dense the registry is asked once for all.
    function _bookRow(Batch memory batch, bytes calldata readings) private {
        unchecked {
            uint256 first = _postedAt(batch, readings, batch.next).word();
            uint256 last = _postedAt(batch, readings, batch.count - 1).word();
            bool isRow = last > first && last - first < batch.count - batch.next;
            LimitWord[] memory limits = _limitsOf(first, isRow ? last - first + 1 : 1);
            for (uint256 i; i < limits.length; ++i) {
                i = _bookFours(batch, readings, first, limits, i);
                if (i == limits.length || batch.next == batch.count) return;
                if (_postedAt(batch, readings, batch.next).word() == first + i) {
                    _turnTo(batch.at, first + i);
                    _bookEach(batch, readings, first + i, limits[i]);
                    _setEnds(batch.at);
                }
            }
        }
    }

    /// `count` words of limits. The answer is used where it stands: decoding would copy it.
    function _limitsOf(uint256 first, uint256 count) private view returns (LimitWord[] memory limits) {
        bytes memory question = abi.encodeCall(IRegistry.pointWords, (first, count));
        address registry = address(REGISTRY);
        assembly ("memory-safe") {
            let answer := mload(0x40)
            let size := shl(5, add(count, 2))
            if iszero(staticcall(gas(), registry, add(question, 0x20), mload(question), answer, size)) {
                revert(0, 0)
            }
            limits := add(answer, 0x20)
            mstore(0x40, add(answer, size))
        }
    }

    /// From the row's word `i` on, as far as four usual readings fill each: all at once. Returns the word after.
    function _bookFours(
        Batch memory batch,
        bytes calldata readings,
        uint256 first,
        LimitWord[] memory limits,
        uint256 i
    ) private returns (uint256) {
        unchecked {
            uint256 gateway = batch.gateway;
            if (gateway == 0) return i;
            Boundaries memory at = batch.at;
            uint256 next = batch.next;
            for (uint256 last = batch.count; next + 4 <= last && i < limits.length; next += 4) {
                (uint256 four, uint256 odd) = FourReadings.at(readings, next, first + i);
                if (odd != 0) break;
                (ReadingWord starts, bool isFree) = _startsOf(at, first + i);
                if (!isFree || !FourReadings.follow(four, starts, limits[i], gateway)) break;
                _storeEnds(at, first + i, four);
                ++i;
            }
            batch.next = next;
            return i;
        }
    }

    function _bookEach(Batch memory batch, bytes calldata readings, uint256 word, LimitWord limits) private {
        Boundaries memory at = batch.at;
        for (; batch.next < batch.count; ++batch.next) {
            PostedReading posted = _postedAt(batch, readings, batch.next);
            uint256 point = posted.point();
            if (posted.word() != word) break;
            (ReadingLane end, SkipReason reason) = _isSigned(batch, readings, posted, limits)
                ? _judge(batch, posted, limits)
                : (NOTHING, _strangersReason(batch, limits, point));
            if (end.isKnown()) at.ends = at.ends.withLane(point, end);
            else emit ReadingSkipped(uint24(point), batch.period, reason);
        }
    }

    // --- who signed ---------------------------------------------------------------------------------------------

    /// Whether the one who signed the next reading may read its point.
    function _isSigned(Batch memory batch, bytes calldata readings, PostedReading posted, LimitWord limits)
        private
        view
        returns (bool)
    {
        uint256 point = posted.point();
        if (batch.gateway != 0) return _gatewayOf(limits, point) == batch.gateway;
        bytes32 digest = ownReadingHash(
            uint24(point), batch.period, posted.importRegister(), posted.exportRegister(), posted.quality()
        );
        return REGISTRY.meterKey(uint24(point)).isBy(digest, signatureAt(readings, batch.next));
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

    function _postedAt(Batch memory batch, bytes calldata readings, uint256 position)
        private
        pure
        returns (PostedReading)
    {
        unchecked {
            return postedAt(readings, position * batch.size);
        }
    }

    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("Wattbook", "1");
    }
}
