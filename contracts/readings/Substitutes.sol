// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IMeterReadings, Quality} from "../interfaces/IMeterReadings.sol";
import {MeteringPoint} from "../interfaces/IRegistry.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";
import {Apportion} from "../libraries/Apportion.sol";
import {Sharing} from "../libraries/Sharing.sol";
import {AccountId} from "../types/AccountId.sol";
import {NOTHING, ReadingLane, toReadingLane} from "../types/ReadingWord.sol";
import {ReadingRing} from "./ReadingRing.sol";

/// Periods whose reading never came: their substitute or default, and what becomes of it when a register is known again.
///
/// A *run* is a point's neighbouring substituted periods. While it is open, its registers are only counted on from the last
/// true ones, so nothing is accepted after it but the true registers at its end. These close the run; the difference to its
/// start is then shared over its periods, in pages, by anyone.
abstract contract Substitutes is IMeterReadings, ReadingRing {
    using Sharing for Sharing.Share;

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

    /// An account's points in one period, in order of registration; what isn't missing has neither default nor limit here.
    struct Missing {
        uint24[] points;
        bool[] missing;
        uint256[] defaultsWh;
        uint256[] limitsWh;
        uint256 count;
        uint256 knownImportWh;
    }

    /// @inheritdoc IMeterReadings
    address public settlement;

    mapping(uint24 point => Run) internal _runs;
    mapping(uint24 point => ClosedRun) internal _closedRuns;

    // --- defaults -----------------------------------------------------------------------------------------------

    /// @inheritdoc IMeterReadings
    function bookDefault(AccountId account, uint8 carrier, uint32 period, uint256 netBoughtWh) external {
        if (msg.sender != settlement) revert NotSettlement(msg.sender);
        // Soon after that the words of the period before are used anew.
        if (block.timestamp >= _startsAt(period + RING_PERIODS - 1)) revert PeriodTooOld(period);
        Missing memory found = _findMissing(account, carrier, period);
        if (found.count == 0) revert NothingMissing(account, period);
        uint256 wanted = netBoughtWh > found.knownImportWh ? netBoughtWh - found.knownImportWh : 0;
        uint256[] memory energies = Apportion.imports(found.defaultsWh, found.limitsWh, wanted);
        for (uint256 i; i < energies.length; ++i) {
            if (found.missing[i]) _bookDefault(found.points[i], period, energies[i]);
        }
    }

    function _findMissing(AccountId account, uint8 carrier, uint32 period) private view returns (Missing memory found) {
        found.points = REGISTRY.pointsOf(account, carrier);
        uint256 length = found.points.length;
        Boundaries memory at = _boundariesOf(period);
        found.missing = new bool[](length);
        found.defaultsWh = new uint256[](length);
        found.limitsWh = new uint256[](length);
        for (uint256 i; i < length; ++i) {
            (Standing standing, uint256 importWh,) = _energy(at, found.points[i], period);
            found.knownImportWh += importWh;
            if (standing != Standing.Missing) continue;
            MeteringPoint memory data = REGISTRY.point(found.points[i]);
            (found.missing[i], found.defaultsWh[i], found.limitsWh[i]) = (true, data.defaultImportWh, data.maxImportWh);
            ++found.count;
        }
    }

    function _bookDefault(uint24 point, uint32 period, uint256 importWh) private {
        bool isFirst = period == REGISTRY.point(point).firstPeriod;
        _substitute(point, period, isFirst, Energy(importWh, 0), Quality.Defaulted);
        emit DefaultBooked(point, period, uint24(importWh));
    }

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

    // --- registers known again ----------------------------------------------------------------------------------

    /// A point's base may come after its first periods were defaulted: their run starts from it.
    function _noteBase(uint24 point, uint32 period, ReadingLane base) internal {
        if (_runs[point].first == period + 1) _runs[point].start = base;
    }

    /// Closes the point's open run, if it ends at `period`, with the true registers `end`. Returns what stands there then, or
    /// nothing and why.
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
        return (toReadingLane(end.importRegister(), end.exportRegister(), Quality.Apart), SkipReason.AlreadyKnown);
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

    // --- sharing ------------------------------------------------------------------------------------------------

    /// @inheritdoc IMeterReadings
    function shareDifference(uint24 point, uint256 count) external {
        if (_closedRuns[point].first == 0) revert NothingToShare(point);
        _share(point, REGISTRY.point(point), count);
    }

    /// @inheritdoc IMeterReadings
    function residual(uint24 point, uint32 period) external view returns (int256 importWh, int256 exportWh) {
        Apart memory booked = _apart[point][period];
        return (booked.residualImportWh, booked.residualExportWh);
    }

    function _share(uint24 point, MeteringPoint memory data, uint256 count) internal {
        ClosedRun memory run = _closedRuns[point];
        uint32 first = run.first;
        for (; count > 0 && run.first != 0; --count) {
            _shareNext(point, data, run);
            _advance(run);
        }
        if (run.first == 0) _bookResidual(data, first, run);
        _closedRuns[point] = run;
    }

    function _shareNext(uint24 point, MeteringPoint memory data, ClosedRun memory run) private {
        Apart memory booked = _apart[point][run.next];
        uint256 importWh = uint256(int256(uint256(booked.importWh)) + booked.residualImportWh);
        uint256 exportWh = uint256(int256(uint256(booked.exportWh)) + booked.residualExportWh);
        if (run.again) {
            importWh = run.importShare.takeMore(importWh, data.maxImportWh);
            exportWh = run.exportShare.takeMore(exportWh, data.maxExportWh);
        } else {
            (uint256 position, uint256 length) = (run.next - run.first, run.last - run.first + 1);
            importWh = run.importShare.take(importWh, position, length, data.maxImportWh);
            exportWh = run.exportShare.take(exportWh, position, length, data.maxExportWh);
        }
        if (_isCorrectable(run.next)) _correctTo(point, run.next, data, Energy(importWh, exportWh));
        else _leave(point, run, booked, Energy(importWh, exportWh));
    }

    /// To the next period; over the run once more for what limits cut off; then the run is done.
    function _advance(ClosedRun memory run) private pure {
        bool done = run.importShare.carry == 0 && run.exportShare.carry == 0;
        if (run.next < run.last && !(run.again && done)) {
            ++run.next;
        } else if (run.again || done) {
            run.first = 0;
        } else {
            (run.next, run.again) = (run.first, true);
        }
    }

    /// The share becomes the period's energy; who has settled it settles the difference.
    function _correctTo(uint24 point, uint32 period, MeteringPoint memory data, Energy memory share) private {
        _noteCorrection(data, period);
        _setApart(point, period, share);
        emit DifferenceShared(point, period, uint24(share.importWh), uint24(share.exportWh));
    }

    /// Corrections are over: the period's energy stays, and what the share is more goes to the run's residual.
    function _leave(uint24 point, ClosedRun memory run, Apart memory booked, Energy memory share) private {
        int32 importWh = int32(int256(share.importWh)) - int32(uint32(booked.importWh));
        int32 exportWh = int32(int256(share.exportWh)) - int32(uint32(booked.exportWh));
        run.residualImportWh += importWh - booked.residualImportWh;
        run.residualExportWh += exportWh - booked.residualExportWh;
        Apart storage left = _apart[point][run.next];
        (left.residualImportWh, left.residualExportWh) = (importWh, exportWh);
    }

    function _bookResidual(MeteringPoint memory data, uint32 first, ClosedRun memory run) private {
        (int256 importWh, int256 exportWh) = (run.residualImportWh, run.residualExportWh);
        if (importWh == 0 && exportWh == 0) return;
        ISettlement(settlement).bookResidual(data.account, data.carrier, first, run.last, importWh, exportWh);
    }

    // --- steps --------------------------------------------------------------------------------------------------

    /// Whether a period's energy may still change.
    function _isCorrectable(uint32 period) internal view returns (bool) {
        return block.timestamp < _endsAt(period) + CORRECTIONS_UNTIL;
    }

    /// Before an energy of the period changes: Settlement keeps what was settled, if it was.
    function _noteCorrection(MeteringPoint memory data, uint32 period) internal {
        ISettlement(settlement).noteCorrection(data.account, data.carrier, period);
    }

    function _setApart(uint24 point, uint32 period, Energy memory energy) internal {
        Apart storage apart = _apart[point][period];
        (apart.importWh, apart.exportWh) = (uint24(energy.importWh), uint24(energy.exportWh));
    }
}
