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

    /// Where in storage the word of both boundaries stands; the next words stand behind it.
    function _placesOf(Boundaries memory at, uint256 word) internal pure returns (uint256 startsAt, uint256 endsAt) {
        assembly ("memory-safe") {
            word := add(_words.slot, word)
            startsAt := add(word, mload(at))
            endsAt := add(word, mload(add(at, 0x40)))
        }
    }

    /// The short way for most: four accounts with a point each, which stand in a word of the ring in the accounts' order (a *row*), and
    /// whose energies are differences of registers that nobody disputes. Turns words of their points (see `withPoint`) into
    /// words of MeteredLanes, from `place` on up to the first that isn't so. Returns its place.
    function _meterRows(Boundaries memory at, uint256[] memory words, uint256 place) internal view returns (uint256) {
        assembly ("memory-safe") {
            let ones := 0x1000000000000001000000000000001000000000000001 // the lowest bit of each lane of 60
            let registers := 0xfffffff00000000fffffff00000000fffffff00000000fffffff
            let item := add(words, shl(5, add(place, 1)))
            let end := add(words, shl(5, add(mload(words), 1)))
            for {} lt(item, end) { item := add(item, 32) } {
                let word := mload(item)
                {
                    // One point each, the lowest the first of its word, each one more than the one before.
                    let lowest := and(word, 0xffffffffffffffff)
                    let steps := sub(word, mul(lowest, 0x1000000000000000100000000000000010000000000000001))
                    if xor(steps, 0x300000000000000020000000000000001000000000000000000) { break }
                    if xor(and(lowest, 0x3ff), 0x101) { break }
                    word := add(_words.slot, shr(10, and(lowest, 0xfffffc00)))
                }
                let start := sload(add(word, mload(at)))
                let ended := sload(add(word, mload(add(at, 0x40))))
                if xor(shr(240, start), mload(add(at, 0x20))) { break }
                if xor(shr(240, ended), mload(add(at, 0x60))) { break }
                // Above a lane's registers stand quality 3 | disputed 1: at the end 2, 3 or 6, at the start 1 to 7.
                word := not(or(and(shr(58, ended), shr(56, ended)), or(shr(59, ended), shr(59, start))))
                word := and(word, and(shr(57, ended), or(or(shr(56, start), shr(57, start)), shr(58, start))))
                if xor(and(word, ones), ones) { break }
                // A bit above each register lends what its difference may need, and never reaches the next one.
                word := and(
                    sub(or(and(shr(28, ended), registers), shl(28, ones)), and(shr(28, start), registers)),
                    registers
                )
                ended := and(sub(or(and(ended, registers), shl(28, ones)), and(start, registers)), registers)
                mstore(item, or(or(ended, shl(28, word)), shl(56, ones)))
            }
            place := sub(shr(5, sub(item, words)), 1)
        }
        return place;
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
        bool isDisputed = end.isDisputed() || start.isDisputed();
        if (!end.isMetered() || !start.isKnown()) return _unmeteredEnergy(uint24(point), period, end, isDisputed);
        standing = isDisputed ? Standing.Disputed : Standing.Held;
        return (standing, end.importSince(start), end.exportSince(start));
    }

    /// Before its first period a point's energy is 0; a substituted period's stands apart from the registers, and still a decision about
    /// either of its ends may change it (see Edits).
    function _unmeteredEnergy(uint24 point, uint32 period, ReadingLane end, bool isDisputed)
        private
        view
        returns (Standing, uint256, uint256)
    {
        Quality quality = end.quality();
        if (quality == Quality.Base) return (Standing.Final, 0, 0);
        if (end.isSubstitute() || quality == Quality.Apart) {
            Apart memory booked = _apart[point][period];
            Standing standing = quality == Quality.Apart ? Standing.Held : Standing.Final;
            return (isDisputed ? Standing.Disputed : standing, booked.importWh, booked.exportWh);
        }
        bool early = quality == Quality.None && period < REGISTRY.point(point).firstPeriod;
        return (early ? Standing.Final : Standing.Missing, 0, 0);
    }
}
