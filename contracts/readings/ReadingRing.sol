// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Quality} from "../interfaces/IMeterReadings.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {Calendar} from "../types/Calendar.sol";
import {ReadingLane, ReadingWord, registerDifference} from "../types/ReadingWord.sol";

/// Where registers and substituted energies are kept, and what a point's energy in a period is.
abstract contract ReadingRing is Calendar {
    /// How far a period's energy is known.
    enum Standing {
        Missing,
        Held, // final once the time for late readings is over
        Final
    }

    /// A substituted period's energy, outside the ring: its register difference says nothing until the run's registers are
    /// known, and then the run's shares stand here.
    struct Substitute {
        uint24 importWh;
        uint24 exportWh;
        int32 heldImportWh; // what its share differs from what was settled
        int32 heldExportWh;
    }

    IRegistry internal immutable REGISTRY;

    mapping(uint256 slotAndWord => ReadingWord) private _words;
    mapping(uint24 point => mapping(uint32 period => Substitute)) internal _substitutes;

    constructor(IRegistry registry) {
        REGISTRY = registry;
    }

    /// The registers of the four points of `word` at the period's end.
    function _readingWord(uint256 period, uint256 word) internal view returns (ReadingWord) {
        return _words[_wordKey(period, word)].inTurn(_tagOf(period));
    }

    function _setReadingWord(uint256 period, uint256 word, ReadingWord registers) internal {
        _words[_wordKey(period, word)] = registers;
    }

    /// One point's registers at the period's end.
    function _lane(uint24 point, uint256 period) internal view returns (ReadingLane) {
        return _readingWord(period, point >> 2).lane(point);
    }

    /// A point's energy in a period.
    function _energy(uint24 point, uint32 period)
        internal
        view
        returns (Standing standing, uint256 importWh, uint256 exportWh)
    {
        ReadingLane end = _lane(point, period);
        ReadingLane start = _lane(point, period - 1);
        Quality quality = end.quality();
        bool metered = quality == Quality.Measured || quality == Quality.Estimated || quality == Quality.Corrected;
        if (!metered || !start.isKnown()) return _unmeteredEnergy(point, period, quality);
        importWh = registerDifference(start.importRegister(), end.importRegister());
        exportWh = registerDifference(start.exportRegister(), end.exportRegister());
        standing = Standing.Held;
    }

    /// Before its first period a point's energy is 0; a substituted period's stands apart from the registers.
    function _unmeteredEnergy(uint24 point, uint32 period, Quality quality)
        private
        view
        returns (Standing, uint256, uint256)
    {
        if (quality == Quality.Base) return (Standing.Final, 0, 0);
        if (quality == Quality.Substituted || quality == Quality.Defaulted) {
            Substitute memory booked = _substitutes[point][period];
            return (Standing.Final, booked.importWh, booked.exportWh);
        }
        bool early = quality == Quality.None && period < REGISTRY.point(point).firstPeriod;
        return (early ? Standing.Final : Standing.Missing, 0, 0);
    }

    function _wordKey(uint256 period, uint256 word) private view returns (uint256) {
        return (_slotOf(period) << 22) | word;
    }
}
