// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IRegistry} from "../interfaces/IRegistry.sol";

/// The boxes that read meters, each known by the key it signs with.
abstract contract Gateways is IRegistry, AccessManaged {
    uint16 private _gatewayCount;
    mapping(uint16 gateway => address) private _gatewayKeys;

    // --- administration -----------------------------------------------------------------------------------------

    /// @inheritdoc IRegistry
    function registerGateway(address key) external restricted returns (uint16 gateway) {
        gateway = ++_gatewayCount;
        _gatewayKeys[gateway] = key;
        emit GatewayRegistered(gateway, key);
    }

    /// @inheritdoc IRegistry
    function changeGatewayKey(uint16 gateway, address key) external restricted {
        _requireGateway(gateway);
        _gatewayKeys[gateway] = key;
        emit GatewayKeyChanged(gateway, key);
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc IRegistry
    function gatewayKey(uint16 gateway) external view returns (address) {
        return _gatewayKeys[gateway];
    }

    // --- rules --------------------------------------------------------------------------------------------------

    function _requireGateway(uint16 gateway) internal view {
        if (gateway == 0 || gateway > _gatewayCount) revert GatewayUnknown(gateway);
    }
}
