// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IMeterReadingsExtension} from "../interfaces/IMeterReadings.sol";
import {MeteringPoint} from "../interfaces/IRegistry.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";
import {Sharing} from "../libraries/Sharing.sol";
import {Substitutes} from "./Substitutes.sol";

/// What becomes of a run's substitutes once the registers at its end are known.
abstract contract RunShares is IMeterReadingsExtension, Substitutes {
    using Sharing for Sharing.Share;

    /// @inheritdoc IMeterReadingsExtension
    function shareDifference(uint24 point, uint256 count) external {
        if (_closedRuns[point].first == 0) revert NothingToShare(point);
        _share(point, REGISTRY.point(point), count);
    }

    /// @inheritdoc IMeterReadingsExtension
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
        ISettlement(_settlement).bookResidual(data.account, data.carrier, first, run.last, importWh, exportWh);
    }

    /// Before an energy of the period changes: Settlement keeps what was settled, if it was.
    function _noteCorrection(MeteringPoint memory data, uint32 period) internal {
        ISettlement(_settlement).noteCorrection(data.account, data.carrier, period);
    }
}
