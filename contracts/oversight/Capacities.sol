// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGridOversight} from "../interfaces/IGridOversight.sol";
import {CapacityWord, toCapacityWord} from "../types/CapacityWord.sol";
import {Connection} from "../types/Connection.sol";
import {Schedules} from "./Schedules.sol";

/// The capacity between areas: reserved by venues at an order's entry, returned with what doesn't trade. A venue can return
/// only what it reserved itself. Words are reused a turn of the ring later; what is returned after that is of no use to anyone.
abstract contract Capacities is Schedules {
    /// @inheritdoc IGridOversight
    mapping(address venue => bool) public isVenue;

    mapping(uint256 key => CapacityWord) private _free;
    mapping(address venue => mapping(uint256 key => CapacityWord)) private _reserved;

    // --- by venues ----------------------------------------------------------------------------------------------

    /// @inheritdoc IGridOversight
    function reserveCapacity(uint8 from, uint8 to, uint8 carrier, uint32 period, uint256 energyWh) external {
        _requireVenue();
        _requireTradable(period);
        uint256 free = freeCapacity(from, to, carrier, period);
        if (energyWh > free) revert CapacityExceeded(from, to, period, free, energyWh);
        uint256 key = _keyOf(from, to, carrier, period);
        uint256 reserved = _energyOf(_reserved[msg.sender][key], period);
        _free[key] = toCapacityWord(period, free - energyWh);
        _reserved[msg.sender][key] = toCapacityWord(period, reserved + energyWh);
    }

    /// @inheritdoc IGridOversight
    function returnCapacity(uint8 from, uint8 to, uint8 carrier, uint32 period, uint256 energyWh) external {
        uint256 key = _keyOf(from, to, carrier, period);
        uint256 reserved = _energyOf(_reserved[msg.sender][key], period);
        if (energyWh > reserved) energyWh = reserved;
        if (energyWh == 0) return;
        _reserved[msg.sender][key] = toCapacityWord(period, reserved - energyWh);
        CapacityWord free = _free[key];
        if (free.period() == period) _free[key] = toCapacityWord(period, free.energyWh() + energyWh);
    }

    // --- administration -----------------------------------------------------------------------------------------

    /// @inheritdoc IGridOversight
    function grantVenue(address venue) external restricted {
        isVenue[venue] = true;
        emit VenueGranted(venue);
    }

    /// @inheritdoc IGridOversight
    function revokeVenue(address venue) external restricted {
        isVenue[venue] = false;
        emit VenueRevoked(venue);
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc IGridOversight
    function freeCapacity(uint8 from, uint8 to, uint8 carrier, uint32 period) public view returns (uint256 energyWh) {
        CapacityWord free = _free[_keyOf(from, to, carrier, period)];
        if (free.period() == period) return free.energyWh();
        (, Connection memory connection) = connectionOf(from, to, carrier, period);
        return connection.capacityWh;
    }

    /// @inheritdoc IGridOversight
    function reservedCapacity(address venue, uint8 from, uint8 to, uint8 carrier, uint32 period)
        external
        view
        returns (uint256 energyWh)
    {
        return _energyOf(_reserved[venue][_keyOf(from, to, carrier, period)], period);
    }

    // --- rules --------------------------------------------------------------------------------------------------

    function _requireVenue() internal view {
        if (!isVenue[msg.sender]) revert NotVenue(msg.sender);
    }

    function _requireTradable(uint32 period) internal view {
        if (_hasStarted(period) || period >= _firstUntradable()) revert PeriodNotTradable(period);
    }

    // --- words --------------------------------------------------------------------------------------------------

    /// Another period's word reads as empty.
    function _energyOf(CapacityWord word, uint32 period) internal pure returns (uint256) {
        return word.period() == period ? word.energyWh() : 0;
    }

    function _keyOf(uint8 from, uint8 to, uint8 carrier, uint32 period) private view returns (uint256) {
        return (_fromTo(from, to) << 40) | (uint256(carrier) << 32) | _slotOf(period);
    }
}
