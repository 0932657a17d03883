// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IRegistry, MeteringPoint} from "../interfaces/IRegistry.sol";
import {Lists} from "../libraries/Lists.sol";
import {AccountId} from "../types/AccountId.sol";
import {Lanes, withPoint} from "../types/Lanes.sol";
import {LimitWord} from "../types/LimitWord.sol";
import {wordOf} from "../types/ReadingWord.sol";
import {Devices} from "./Devices.sol";
import {Gateways} from "./Gateways.sol";
import {Participants} from "./Participants.sol";

/// Metering points: whose they are, who reads them, what flows there at most.
abstract contract MeteringPoints is Participants, Gateways, Devices {
    using Lanes for uint256;
    using Lists for uint256[];

    /// What an area and carrier keep of metering points.
    struct Points {
        mapping(uint256 word => uint256) lanes; // four accounts a word, by index
        mapping(AccountId account => uint24[]) lists;
        uint256 exportLimits; // Σ, Wh
    }

    uint256 private constant MOST_POINTS = 16;

    /// @inheritdoc IRegistry
    uint24 public pointCount;

    mapping(uint24 point => MeteringPoint) private _points;
    mapping(uint24 point => address) private _meterKeys;
    /// By the points' word: a plain array needs no hash to find a word.
    LimitWord[1 << 22] private _limits;
    mapping(uint8 area => mapping(uint8 carrier => Points)) private _pointsOf;

    // --- administration -----------------------------------------------------------------------------------------

    /// @inheritdoc IRegistry
    function registerPoint(MeteringPoint calldata data) external restricted returns (uint24 id) {
        _requireUsable(data);
        id = ++pointCount;
        MeteringPoint memory added = data;
        added.firstPeriod = uint32(_firstUntradable());
        _points[id] = added;
        _setLimits(id);
        _listPoint(added.account, added.carrier, id);
        emit PointRegistered(id, added.account, added);
        _raiseExportLimits(added);
    }

    /// @inheritdoc IRegistry
    function movePoint(uint24 id, uint16 gateway) external restricted {
        _requirePoint(id);
        if (gateway != 0 || _meterKeys[id] == address(0)) _requireGateway(gateway);
        _points[id].gateway = gateway;
        _setLimits(id);
        emit PointMoved(id, gateway);
    }

    /// @inheritdoc IRegistry
    function changeMeterKey(uint24 id, address key) external restricted {
        _requirePoint(id);
        if (key == address(0) && _points[id].gateway == 0) revert GatewayUnknown(0);
        _meterKeys[id] = key;
        emit MeterKeyChanged(id, key);
    }

    /// @inheritdoc IRegistry
    function changeDevice(uint24 id, bytes8 deviceType_, uint16 resolutionWh, bool refined) external restricted {
        _requirePoint(id);
        _requireDevice(deviceType_, resolutionWh, refined);
        MeteringPoint storage data = _points[id];
        (data.deviceType, data.resolutionWh, data.refined) = (deviceType_, resolutionWh, refined);
        emit DeviceChanged(id, deviceType_, resolutionWh, refined);
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc IRegistry
    function point(uint24 id) external view returns (MeteringPoint memory) {
        _requirePoint(id);
        return _points[id];
    }

    /// @inheritdoc IRegistry
    function meterKey(uint24 id) external view returns (address) {
        return _meterKeys[id];
    }

    /// @inheritdoc IRegistry
    function meterKeys(uint256 first, uint256 count) external view returns (address[] memory keys) {
        keys = new address[](count << 2);
        for (uint256 i; i < keys.length; ++i) {
            keys[i] = _meterKeys[uint24((first << 2) + i + 1)];
        }
    }

    /// @inheritdoc IRegistry
    function pointWords(uint256 first, uint256 count) external view returns (LimitWord[] memory) {
        // The answer is written as it leaves: the encoder would copy it once more, for every reading of every batch.
        assembly ("memory-safe") {
            let from := add(_limits.slot, and(first, 0x3fffff))
            let answer := mload(0x40)
            mstore(answer, 0x20)
            mstore(add(answer, 0x20), count)
            let at := add(answer, 0x40)
            for { let end := add(at, shl(5, count)) } lt(at, end) { at := add(at, 0x20) } {
                mstore(at, sload(from))
                from := add(from, 1)
            }
            return(answer, sub(at, answer))
        }
    }

    /// @inheritdoc IRegistry
    function pointsOfMany(uint8 area, uint8 carrier, uint256 first, uint256 count)
        external
        view
        returns (uint256[] memory lanes)
    {
        Points storage points = _pointsOf[area][carrier];
        lanes = new uint256[](count);
        uint256 word = points.lanes[first >> 2];
        for (uint256 i; i < count; ++i) {
            uint256 index = first + i;
            if (index & 3 == 0) word = points.lanes[index >> 2];
            lanes[i] = word.get(index);
        }
    }

    /// @inheritdoc IRegistry
    function pointLanes(uint8 area, uint8 carrier, uint256 firstWord, uint256 count)
        external
        view
        returns (uint256[] memory words)
    {
        Points storage points = _pointsOf[area][carrier];
        words = Lists.make(count);
        unchecked {
            for (uint256 i; i < count; ++i) {
                words.push(points.lanes[firstWord + i]);
            }
        }
        words.answer();
    }

    /// @inheritdoc IRegistry
    function pointsOf(AccountId account, uint8 carrier) external view returns (uint24[] memory) {
        return _pointsOf[account.area()][carrier].lists[account];
    }

    // --- steps --------------------------------------------------------------------------------------------------

    function _listPoint(AccountId account, uint8 carrier, uint24 id) private {
        Points storage points = _pointsOf[account.area()][carrier];
        points.lists[account].push(id);
        uint256 index = account.index();
        uint256 word = points.lanes[index >> 2];
        points.lanes[index >> 2] = word.set(index, withPoint(word.get(index), id));
    }

    /// Writes the word of limits in which the point stands anew.
    function _setLimits(uint24 id) private {
        uint256 word = wordOf(id);
        LimitWord limits;
        bool isMixed;
        uint16 gateway = _points[id].gateway;
        for (uint24 other = uint24(word << 2) + 1; other <= (word + 1) << 2 && other <= pointCount; ++other) {
            MeteringPoint storage data = _points[other];
            limits = limits.withLimits(other, data.maxImportWh, data.maxExportWh);
            isMixed = isMixed || data.gateway != gateway;
        }
        _limits[word] = limits.withGateway(isMixed ? 0 : gateway);
    }

    function _raiseExportLimits(MeteringPoint memory added) private {
        uint8 area = added.account.area();
        Points storage points = _pointsOf[area][added.carrier];
        uint256 limits = points.exportLimits + added.maxExportWh;
        uint256 capacity = OVERSIGHT.leastExportCapacity(area, added.carrier);
        if (limits > capacity) revert ExportCapacityExceeded(area, limits, capacity);
        points.exportLimits = limits;
        OVERSIGHT.noteExportLimits(area, added.carrier, limits);
    }

    // --- rules --------------------------------------------------------------------------------------------------

    function _requireUsable(MeteringPoint calldata data) private view {
        AccountId account = data.account;
        if (!_isMember(account)) revert AccountUnknown(account);
        _requireGateway(data.gateway);
        bool usable = data.maxImportWh | data.maxExportWh != 0 && data.defaultImportWh <= data.maxImportWh;
        if (!usable) revert PointLimitUnusable();
        _requireDevice(data.deviceType, data.resolutionWh, data.refined);
        if (_pointsOf[account.area()][data.carrier].lists[account].length == MOST_POINTS) {
            revert TooManyPoints(account);
        }
    }

    function _requirePoint(uint24 id) private view {
        if (id == 0 || id > pointCount) revert PointUnknown(id);
    }
}
