// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IMeterReadingsExtension, Quality} from "../interfaces/IMeterReadings.sol";
import {MeteringPoint} from "../interfaces/IRegistry.sol";
import {REGISTER_MASK, ReadingLane, toReadingLane} from "../types/ReadingWord.sol";
import {RunShares} from "./RunShares.sol";

/// What people change of readings: substitutes for missing ones, corrections, disputes.
///
/// A corrected boundary moves energy between the two periods that meet there; their sum stays what the registers say.
abstract contract Edits is RunShares {
    string private constant DISPUTE = "dispute";

    // --- by their roles -----------------------------------------------------------------------------------------

    /// @inheritdoc IMeterReadingsExtension
    function postSubstitute(uint24 point, uint32 period, uint24 importWh, uint24 exportWh) external restricted {
        uint256 from = _endsAt(period) + FINAL_AFTER;
        uint256 until = _endsAt(period) + SUBSTITUTES_UNTIL;
        if (block.timestamp < from) revert TooEarly(from);
        if (block.timestamp >= until) revert TooLate(until);
        MeteringPoint memory data = REGISTRY.point(point);
        if (period < data.firstPeriod || _lane(point, period).isKnown()) revert AlreadyMetered(point, period);
        _requireWithin(data, point, period, importWh, exportWh);
        _substitute(point, period, period == data.firstPeriod, Energy(importWh, exportWh), Quality.Substituted);
        emit SubstituteBooked(point, period, importWh, exportWh);
    }

    /// @inheritdoc IMeterReadingsExtension
    function correct(uint24 point, uint32 period, uint48 importRegister, uint48 exportRegister, string calldata reason)
        external
        restricted
    {
        _requireInTime(period);
        _correct(point, period, importRegister, exportRegister, reason);
    }

    // --- disputes -----------------------------------------------------------------------------------------------

    /// @inheritdoc IMeterReadingsExtension
    function setDisputed(uint24 point, uint32 period, bool disputed) external {
        _requireDisputes();
        ReadingLane lane = _lane(point, period);
        if (lane.isKnown()) _setLane(point, period, lane.withDispute(disputed));
        else if (disputed) revert BoundaryMissing(point, period);
        emit ReadingDisputed(point, period, disputed);
    }

    /// @inheritdoc IMeterReadingsExtension
    function correctDisputed(uint24 point, uint32 period, uint48 importRegister, uint48 exportRegister) external {
        _requireDisputes();
        if (block.timestamp >= _endsAt(period) + HAND_OUT_UNTIL) revert PeriodTooOld(period);
        _correct(point, period, importRegister, exportRegister, DISPUTE);
    }

    function _requireDisputes() private view {
        if (msg.sender != _disputes) revert NotDisputes(msg.sender);
    }

    // --- steps --------------------------------------------------------------------------------------------------

    function _correct(uint24 point, uint32 period, uint48 importRegister, uint48 exportRegister, string memory reason)
        private
    {
        ReadingLane before = _lane(point, period);
        if (!before.isKnown()) revert BoundaryMissing(point, period);
        MeteringPoint memory data = REGISTRY.point(point);
        ReadingLane corrected = toReadingLane(importRegister, exportRegister, _corrected(before.quality()));
        if (before.isSubstitute()) _endRun(point, period, data, corrected);
        else _moveBoundary(point, period, data, before, corrected.withDispute(before.isDisputed()));
        emit ReadingCorrected(point, period, importRegister, exportRegister, reason);
    }

    /// A base stays the point's first boundary, and an energy that stands apart goes on doing so.
    function _corrected(Quality quality) private pure returns (Quality) {
        return quality == Quality.Base || quality == Quality.Apart ? quality : Quality.Corrected;
    }

    /// What was substituted is known after all: as if its true registers had come late.
    function _endRun(uint24 point, uint32 period, MeteringPoint memory data, ReadingLane corrected) private {
        (ReadingLane end, SkipReason reason) = _closeRun(point, period, corrected, data.maxImportWh, data.maxExportWh);
        if (!end.isKnown()) revert CorrectionRefused(point, period, reason);
        _setLane(point, period, end);
        bool isOnePeriod = _closedRuns[point].first == period;
        if (isOnePeriod) _share(point, data, 1);
    }

    function _moveBoundary(
        uint24 point,
        uint32 period,
        MeteringPoint memory data,
        ReadingLane before,
        ReadingLane corrected
    ) private {
        if (before.quality() != Quality.Base) _changeEnding(point, period, data, before, corrected);
        _changeStarting(point, period + 1, data, before, corrected);
        _setLane(point, period, corrected);
    }

    /// The period that ends at the boundary. Its energy follows the registers, or is set apart anew.
    function _changeEnding(
        uint24 point,
        uint32 period,
        MeteringPoint memory data,
        ReadingLane before,
        ReadingLane corrected
    ) private {
        (, uint256 importWh, uint256 exportWh) = _energy(_boundariesOf(period), point, period);
        _change(point, period, data, Energy(importWh, exportWh), before, corrected);
    }

    /// The period that starts at the boundary, as far as it is known.
    function _changeStarting(
        uint24 point,
        uint32 period,
        MeteringPoint memory data,
        ReadingLane before,
        ReadingLane corrected
    ) private {
        if (!_lane(point, period).isKnown()) return;
        if (_runs[point].first == period) {
            _runs[point].start = corrected;
            return;
        }
        (, uint256 importWh, uint256 exportWh) = _energy(_boundariesOf(period), point, period);
        _change(point, period, data, Energy(importWh, exportWh), corrected, before);
    }

    /// Adds what lies between two registers to a period's energy.
    function _change(
        uint24 point,
        uint32 period,
        MeteringPoint memory data,
        Energy memory energy,
        ReadingLane from,
        ReadingLane to
    ) private {
        _requireShared(point, period);
        energy.importWh = (energy.importWh + to.importSince(from)) & REGISTER_MASK;
        energy.exportWh = (energy.exportWh + to.exportSince(from)) & REGISTER_MASK;
        _requireWithin(data, point, period, energy.importWh, energy.exportWh);
        _noteCorrection(data, period);
        if (!_lane(point, period).isMetered()) _setApart(point, period, energy);
    }

    /// A run's energies move only once its difference is shared.
    function _requireShared(uint24 point, uint32 period) private view {
        ClosedRun storage run = _closedRuns[point];
        bool isPending = run.first != 0 && run.first <= period && period <= run.last;
        if (isPending) revert CorrectionRefused(point, period, SkipReason.SharePending);
    }

    function _requireWithin(MeteringPoint memory data, uint24 point, uint32 period, uint256 importWh, uint256 exportWh)
        private
        pure
    {
        if (importWh > data.maxImportWh || exportWh > data.maxExportWh) {
            revert AboveLimit(point, period, importWh, exportWh);
        }
    }
}
