// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IMeterReadingsMain, Quality} from "../interfaces/IMeterReadings.sol";
import {MeteringPoint} from "../interfaces/IRegistry.sol";
import {Apportion} from "../libraries/Apportion.sol";
import {AccountId} from "../types/AccountId.sol";
import {Substitutes} from "./Substitutes.sol";

/// What is booked for an account whose readings never came.
abstract contract Defaults is IMeterReadingsMain, Substitutes {
    /// An account's points in one period, in order of registration; what isn't missing has neither default nor limit here.
    struct Missing {
        uint24[] points;
        bool[] missing;
        uint256[] defaultsWh;
        uint256[] limitsWh;
        uint256 count;
        uint256 knownImportWh;
    }

    /// @inheritdoc IMeterReadingsMain
    function bookDefault(AccountId account, uint8 carrier, uint32 period, uint256 netBoughtWh) external {
        if (msg.sender != _settlement) revert NotSettlement(msg.sender);
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
}
