// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IMeterReadingsFacts, Quality} from "../interfaces/IMeterReadings.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {Sharing} from "../libraries/Sharing.sol";
import {Calendar, CalendarTimes} from "../types/Calendar.sol";
import {NOTHING, ReadingLane, toReadingLane} from "../types/ReadingWord.sol";
import {ReadingRing} from "./ReadingRing.sol";

/// Periods whose reading never came, and all that MeterReadings and its extension keep.
///
/// A *run* is a point's neighbouring substituted periods. While it is open, its registers are only counted on from the last
/// true ones, so nothing is accepted after it but the true registers at its end. These close the run; the difference to its
/// start is then shared over its periods, in pages, by anyone.
abstract contract Substitutes is IMeterReadingsFacts, AccessManaged, ReadingRing {
    /// How far a gateway's clock may be ahead of the chain's, seconds.
    uint256 private constant CLOCK_LEAD = 60;

    struct Run {
        uint32 first; // 0: no run is open
        uint32 last;
        uint40 importWh; // Σ of its substitutes
        uint40 exportWh;
        ReadingLane start; // registers where it starts; nothing while a point's base is late
    }

    struct ClosedRun {
        uint32 first; // 0: none is being shared
        uint32 last;
        uint32 next;
        bool again; // second pass
        int64 residualImportWh; // Σ of what came too late for a correction
        int64 residualExportWh;
        Sharing.Share importShare;
        Sharing.Share exportShare;
    }

    mapping(uint24 point => Run) internal _runs;
    mapping(uint24 point => ClosedRun) internal _closedRuns;
    address internal _settlement;
    address internal _disputes;

    constructor(address authority, CalendarTimes memory times, IRegistry registry)
        AccessManaged(authority)
        Calendar(times)
        ReadingRing(registry)
    {}

    // --- substitutes ------------------------------------------------------------------------------------------------

    /// Registers count on from those before; a point's base may come later.
    function _substitute(uint24 point, uint32 period, bool isFirst, Energy memory energy, Quality quality) internal {
        ReadingLane start = _lane(point, period - 1);
        if (!start.isKnown() && !isFirst) revert BoundaryMissing(point, period - 1);
        _lengthenRun(point, period, start, energy);
        _setApart(point, period, energy);
        uint256 importRegister = start.importRegister() + energy.importWh;
        uint256 exportRegister = start.exportRegister() + energy.exportWh;
        _setLane(point, period, toReadingLane(importRegister, exportRegister, quality));
    }

    function _lengthenRun(uint24 point, uint32 period, ReadingLane start, Energy memory energy) private {
        Run memory run = _runs[point];
        if (run.first == 0) {
            run.first = period;
            run.start = start;
        }
        run.last = period;
        run.importWh += uint40(energy.importWh);
        run.exportWh += uint40(energy.exportWh);
        _runs[point] = run;
    }

    // --- registers known again --------------------------------------------------------------------------------------

    /// A point's base may come after its first periods were defaulted: their run starts from it.
    function _noteBase(uint24 point, uint32 period, ReadingLane base) internal {
        if (_runs[point].first == period + 1) _runs[point].start = base;
    }

    /// Closes the point's open run, if it ends at `period`, with the true registers `end`. Returns what stands there then, or
    /// nothing and why. True registers don't end a dispute about what stood in their place.
    function _closeRun(uint24 point, uint32 period, ReadingLane end, uint256 maxImportWh, uint256 maxExportWh)
        internal
        returns (ReadingLane, SkipReason)
    {
        Run memory run = _runs[point];
        if (run.first == 0 || run.last != period) return (NOTHING, SkipReason.AlreadyKnown);
        if (!run.start.isKnown()) return (NOTHING, SkipReason.NotConsecutive);
        if (_closedRuns[point].first != 0) return (NOTHING, SkipReason.SharePending);
        uint256 length = run.last - run.first + 1;
        uint256 importWh = end.importSince(run.start);
        uint256 exportWh = end.exportSince(run.start);
        bool above = importWh > maxImportWh * length || exportWh > maxExportWh * length;
        if (above) return (NOTHING, SkipReason.AboveLimit);
        delete _runs[point];
        _closedRuns[point] = _toClosed(run, importWh, exportWh);
        emit RegisterKnownAgain(point, run.first, run.last, importWh, exportWh);
        // Its energy stays apart from the registers.
        ReadingLane known = toReadingLane(end.importRegister(), end.exportRegister(), Quality.Apart);
        return (known.withDispute(_lane(point, period).isDisputed()), SkipReason.AlreadyKnown);
    }

    function _toClosed(Run memory run, uint256 importWh, uint256 exportWh)
        private
        pure
        returns (ClosedRun memory closed)
    {
        (closed.first, closed.last, closed.next) = (run.first, run.last, run.first);
        (closed.importShare.difference, closed.importShare.substitutes) = (uint48(importWh), run.importWh);
        (closed.exportShare.difference, closed.exportShare.substitutes) = (uint48(exportWh), run.exportWh);
    }

    // --- steps ------------------------------------------------------------------------------------------------------

    /// Whether a period's energy may still change.
    function _isCorrectable(uint32 period) internal view returns (bool) {
        return block.timestamp < _endsAt(period) + CORRECTIONS_UNTIL;
    }

    function _requireInTime(uint32 period) internal view {
        if (_endsAt(period) > block.timestamp + CLOCK_LEAD) revert PeriodInFuture(period);
        if (!_isCorrectable(period)) revert PeriodTooOld(period);
    }

    function _setApart(uint24 point, uint32 period, Energy memory energy) internal {
        Apart storage apart = _apart[point][period];
        (apart.importWh, apart.exportWh) = (uint24(energy.importWh), uint24(energy.exportWh));
    }
}
