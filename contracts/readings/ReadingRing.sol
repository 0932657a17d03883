// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Quality} from "../interfaces/IMeterReadings.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {Calendar} from "../types/Calendar.sol";
import {ReadingLane, ReadingWord, wordOf} from "../types/ReadingWord.sol";

/// Where registers and substituted energies are kept, and what a point's energy in a period is.
abstract contract ReadingRing is Calendar {
    /// How far a period's energy is known.
    enum Standing {
        Missing,
        Disputed, // known, and not final before the dispute is over
        Held, // final once the time for late readings is over
        Final
    }

    /// A period's energy that isn't a register difference, outside the ring: a substitute; later its run's share.
    struct Apart {
        uint24 importWh;
        uint24 exportWh;
        int32 residualImportWh; // what its share is more, when that was known too late for a correction
        int32 residualExportWh;
    }

    /// Of one period, Wh.
    struct Energy {
        uint256 importWh;
        uint256 exportWh;
    }

    IRegistry internal immutable REGISTRY;

    /// Two neighbouring boundaries, at the word that was read last.
    struct Boundaries {
        uint256 startSlot;
        uint256 startTag;
        uint256 endSlot;
        uint256 endTag;
        uint256 word;
        ReadingWord starts;
        ReadingWord ends;
    }

    /// By slot << 22 | word: a plain array needs no hash to find a word.
    ReadingWord[1 << 54] private _words;
    mapping(uint24 point => mapping(uint32 period => Apart)) internal _apart;

    constructor(IRegistry registry) {
        REGISTRY = registry;
    }

    function _boundariesOf(uint32 period) internal view returns (Boundaries memory at) {
        (at.startSlot, at.startTag) = (_slotOf(period - 1) << 22, _tagOf(period - 1));
        (at.endSlot, at.endTag) = (_slotOf(period) << 22, _tagOf(period));
        at.word = type(uint256).max;
    }

    /// The registers at the periods' starts, without any under another tag; `isFree` if nothing is known of their ends.
    function _startsOf(Boundaries memory at, uint256 word) internal view returns (ReadingWord starts, bool isFree) {
        assembly ("memory-safe") {
            let words := add(_words.slot, word)
            starts := sload(add(words, mload(at)))
            starts := mul(starts, eq(shr(240, starts), mload(add(at, 0x20))))
            let ends := sload(add(words, mload(add(at, 0x40))))
            isFree := or(iszero(shl(16, ends)), iszero(eq(shr(240, ends), mload(add(at, 0x60)))))
        }
    }

    /// Stores four lanes, none of them known before.
    function _storeEnds(Boundaries memory at, uint256 word, uint256 lanes) internal {
        assembly ("memory-safe") {
            let slot := add(add(_words.slot, word), mload(add(at, 0x40)))
            sstore(slot, or(lanes, shl(240, mload(add(at, 0x60)))))
        }
    }

    /// Reads the word of both boundaries, unless it is the one that was read last.
    function _turnTo(Boundaries memory at, uint256 word) internal view {
        if (at.word == word) return;
        at.word = word;
        at.starts = _words[at.startSlot | word].inTurn(at.startTag);
        at.ends = _words[at.endSlot | word].inTurn(at.endTag);
    }

    function _setEnds(Boundaries memory at) internal {
        _words[at.endSlot | at.word] = at.ends;
    }

    /// One point's registers at the period's end.
    function _lane(uint256 point, uint256 period) internal view returns (ReadingLane) {
        return _words[(_slotOf(period) << 22) | wordOf(point)].inTurn(_tagOf(period)).lane(point);
    }

    function _setLane(uint24 point, uint32 period, ReadingLane lane) internal {
        Boundaries memory at = _boundariesOf(period);
        _turnTo(at, wordOf(point));
        at.ends = at.ends.withLane(point, lane);
        _setEnds(at);
    }

    /// A point's energy in the period between two boundaries.
    function _energy(Boundaries memory at, uint256 point, uint32 period)
        internal
        view
        returns (Standing standing, uint256 importWh, uint256 exportWh)
    {
        _turnTo(at, wordOf(point));
        ReadingLane end = at.ends.lane(point);
        ReadingLane start = at.starts.lane(point);
        if (!end.isMetered() || !start.isKnown()) return _unmeteredEnergy(uint24(point), period, end);
        standing = end.isDisputed() || start.isDisputed() ? Standing.Disputed : Standing.Held;
        return (standing, end.importSince(start), end.exportSince(start));
    }

    /// Before its first period a point's energy is 0; a substituted period's stands apart from the registers.
    function _unmeteredEnergy(uint24 point, uint32 period, ReadingLane end)
        private
        view
        returns (Standing, uint256, uint256)
    {
        Quality quality = end.quality();
        if (quality == Quality.Base) return (Standing.Final, 0, 0);
        if (end.isSubstitute() || quality == Quality.Apart) {
            Apart memory booked = _apart[point][period];
            Standing standing = quality == Quality.Apart ? Standing.Held : Standing.Final;
            return (end.isDisputed() ? Standing.Disputed : standing, booked.importWh, booked.exportWh);
        }
        bool early = quality == Quality.None && period < REGISTRY.point(point).firstPeriod;
        return (early ? Standing.Final : Standing.Missing, 0, 0);
    }
}
