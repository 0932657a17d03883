// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IMeterReadingsExtension} from "./interfaces/IMeterReadings.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {Extension} from "./libraries/Extended.sol";
import {Edits} from "./readings/Edits.sol";
import {Exchanges} from "./readings/Exchanges.sol";
import {Substitutes} from "./readings/Substitutes.sol";
import {CalendarTimes} from "./types/Calendar.sol";
import {ReadingLane} from "./types/ReadingWord.sol";

/// What MeterReadings answers without code of its own: edits, exchanges, the shares of runs, connections, views.
contract MeterReadingsExtension is Edits, Exchanges, Extension {
    constructor(address authority, CalendarTimes memory times, IRegistry registry)
        Substitutes(authority, times, registry)
    {}

    // --- administration ---------------------------------------------------------------------------------------------

    /// @inheritdoc IMeterReadingsExtension
    function connectSettlement(address settlement_) external restricted {
        if (_settlement != address(0)) revert SettlementFixed(_settlement);
        _settlement = settlement_;
        emit SettlementConnected(settlement_);
    }

    /// @inheritdoc IMeterReadingsExtension
    function connectDisputes(address disputes_) external restricted {
        if (_disputes != address(0)) revert DisputesFixed(_disputes);
        _disputes = disputes_;
        emit DisputesConnected(disputes_);
    }

    // --- views ------------------------------------------------------------------------------------------------------

    /// @inheritdoc IMeterReadingsExtension
    function settlement() external view returns (address) {
        return _settlement;
    }

    /// @inheritdoc IMeterReadingsExtension
    function disputes() external view returns (address) {
        return _disputes;
    }

    /// @inheritdoc IMeterReadingsExtension
    function reading(uint24 point, uint32 period) external view returns (Reading memory) {
        ReadingLane lane = _lane(point, period);
        return Reading(lane.importRegister(), lane.exportRegister(), lane.quality(), lane.isDisputed());
    }

    /// @inheritdoc IMeterReadingsExtension
    function energyOf(uint24 point, uint32 period)
        external
        view
        returns (bool known, uint256 importWh, uint256 exportWh)
    {
        Standing standing;
        (standing, importWh, exportWh) = _energy(_boundariesOf(period), point, period);
        known = standing != Standing.Missing;
    }
}
