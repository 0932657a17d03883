// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {DeviceType, IRegistry} from "../interfaces/IRegistry.sol";
import {Calendar} from "../types/Calendar.sol";

/// The device types that the regulator approves, and what a point's device must be to trade quarters of an hour.
abstract contract Devices is IRegistry, AccessManaged, Calendar {
    uint256 private constant QUARTER_HOUR = 900;
    uint256 private constant COARSE_WH = 10;

    mapping(bytes8 id => DeviceType) private _deviceTypes;

    // --- administration -----------------------------------------------------------------------------------------

    /// @inheritdoc IRegistry
    function approveDeviceType(string calldata model, uint16 resolutionWh, bool hasPower)
        external
        restricted
        returns (bytes8 id)
    {
        id = bytes8(keccak256(bytes(model)));
        _deviceTypes[id] = DeviceType(resolutionWh, hasPower, true);
        emit DeviceTypeApproved(id, model, resolutionWh, hasPower);
    }

    /// @inheritdoc IRegistry
    function withdrawDeviceType(bytes8 id) external restricted {
        if (!_deviceTypes[id].approved) revert DeviceTypeNotApproved(id);
        _deviceTypes[id].approved = false;
        emit DeviceTypeWithdrawn(id);
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc IRegistry
    function deviceType(bytes8 id) external view returns (DeviceType memory) {
        return _deviceTypes[id];
    }

    // --- rules --------------------------------------------------------------------------------------------------

    function _requireDevice(bytes8 id, uint16 resolutionWh, bool refined) internal view {
        DeviceType memory known = _deviceTypes[id];
        if (!known.approved) revert DeviceTypeNotApproved(id);
        if (resolutionWh < known.resolutionWh) revert ResolutionTooFine(resolutionWh, known.resolutionWh);
        if (refined && !known.hasPower) revert PowerRegisterMissing(id);
        // So coarse a register alone can't tell what flowed in a quarter of an hour.
        bool isCoarse = resolutionWh >= COARSE_WH && PERIOD_SECONDS <= QUARTER_HOUR;
        if (isCoarse && !refined) revert ResolutionTooCoarse(resolutionWh);
    }
}
