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

/// Periods whose reading never came: their default, and what becomes of it when a register is known again.
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

    /// The Settlement that books defaults.
    address public settlement;

    mapping(uint24 point => Run) private _runs;
    mapping(uint24 point => ClosedRun) private _closedRuns;

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
        ReadingLane start = _lane(point, period - 1);
        bool isFirst = period == REGISTRY.point(point).firstPeriod;
        if (!start.isKnown() && !isFirst) revert BoundaryMissing(point, period - 1);
        _lengthenRun(point, period, start, importWh);
        _substitutes[point][period].importWh = uint24(importWh);
        _setLane(
            point, period, toReadingLane(start.importRegister() + importWh, start.exportRegister(), Quality.Defaulted)
        );
        emit DefaultBooked(point, period, uint24(importWh));
    }

    function _lengthenRun(uint24 point, uint32 period, ReadingLane start, uint256 importWh) private {
        Run memory run = _runs[point];
        if (run.first == 0) {
            run.first = period;
            run.start = start;
        }
        run.last = period;
        run.importWh += uint40(importWh);
        _runs[point] = run;
    }

    // --- registers known again ----------------------------------------------------------------------------------

    /// Whether the registers `start` are only counted on from earlier ones.
    function _isCountedOn(uint256 point, ReadingLane start) internal view returns (bool) {
        return start.isSubstitute() && _runs[uint24(point)].first != 0;
    }

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
        Quality quality = Quality.Defaulted; // its energy stays apart from the registers
        return (toReadingLane(end.importRegister(), end.exportRegister(), quality), SkipReason.AlreadyKnown);
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
        ClosedRun memory run = _closedRuns[point];
        if (run.first == 0) revert NothingToShare(point);
        MeteringPoint memory data = REGISTRY.point(point);
        for (; count > 0 && run.first != 0; --count) {
            _shareNext(point, data, run);
            _advance(run);
        }
        _closedRuns[point] = run;
    }

    /// @inheritdoc IMeterReadings
    function held(uint24 point, uint32 period) external view returns (int256 importWh, int256 exportWh) {
        Substitute memory booked = _substitutes[point][period];
        return (booked.heldImportWh, booked.heldExportWh);
    }

    function _shareNext(uint24 point, MeteringPoint memory data, ClosedRun memory run) private {
        Substitute memory booked = _substitutes[point][run.next];
        uint256 importWh = uint256(int256(uint256(booked.importWh)) + booked.heldImportWh);
        uint256 exportWh = uint256(int256(uint256(booked.exportWh)) + booked.heldExportWh);
        if (run.again) {
            importWh = run.importShare.takeMore(importWh, data.maxImportWh);
            exportWh = run.exportShare.takeMore(exportWh, data.maxExportWh);
        } else {
            (uint256 position, uint256 length) = (run.next - run.first, run.last - run.first + 1);
            importWh = run.importShare.take(importWh, position, length, data.maxImportWh);
            exportWh = run.exportShare.take(exportWh, position, length, data.maxExportWh);
        }
        _bookShare(point, run.next, data, uint24(importWh), uint24(exportWh));
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

    /// The share becomes the period's energy, unless what was settled stands: then the difference is held.
    function _bookShare(uint24 point, uint32 period, MeteringPoint memory data, uint24 importWh, uint24 exportWh)
        private
    {
        Substitute storage booked = _substitutes[point][period];
        if (!_stands(data, period)) {
            (booked.importWh, booked.exportWh) = (importWh, exportWh);
            emit DifferenceShared(point, period, importWh, exportWh);
            return;
        }
        int32 heldImport = int32(uint32(importWh)) - int32(uint32(booked.importWh));
        int32 heldExport = int32(uint32(exportWh)) - int32(uint32(booked.exportWh));
        (booked.heldImportWh, booked.heldExportWh) = (heldImport, heldExport);
        emit ShareHeld(point, period, heldImport, heldExport);
    }

    /// Whether a period's energy can no longer change by itself.
    function _stands(MeteringPoint memory data, uint32 period) private view returns (bool) {
        if (block.timestamp >= _endsAt(period) + CORRECTIONS_UNTIL) return true;
        return ISettlement(settlement).hasSettled(data.account, data.carrier, period);
    }

    function _setLane(uint24 point, uint32 period, ReadingLane lane) private {
        Boundaries memory at = _boundariesOf(period);
        _turnTo(at, point >> 2);
        at.ends = at.ends.withLane(point, lane);
        _setEnds(at);
    }
}
