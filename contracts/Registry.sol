// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {EIP712} from "solady/utils/EIP712.sol";

import {IGridOversight} from "./interfaces/IGridOversight.sol";
import {IPaymentVault} from "./interfaces/IPaymentVault.sol";
import {Admission, DeviceType, IRegistry, MeteringPoint} from "./interfaces/IRegistry.sol";
import {Lists} from "./libraries/Lists.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {AccountId, FIRST_MEMBER, accountId, backstopAccount, feeAccount} from "./types/AccountId.sol";
import {hashAdmission} from "./types/AdmissionHash.sol";
import {Calendar, CalendarTimes} from "./types/Calendar.sol";
import {Lanes, withPoint} from "./types/Lanes.sol";
import {LimitWord} from "./types/LimitWord.sol";
import {wordOf} from "./types/ReadingWord.sol";

/// See IRegistry.
contract Registry is IRegistry, EIP712, AccessManaged, Calendar {
    using Checkpoints for Checkpoints.Trace224;
    using Lanes for uint256;
    using Lists for uint256[];
    using Signatures for address;

    struct Area {
        bool open;
        Checkpoints.Trace224 members; // first period → members from then on
    }

    struct AdmissionRecord {
        AccountId account; // 0: not used yet
        bool revoked;
    }

    /// What an area and carrier keep of metering points.
    struct Points {
        mapping(uint256 word => uint256) lanes; // four accounts a word, by index
        mapping(AccountId account => uint24[]) lists;
        uint256 exportLimits; // Σ, Wh
    }

    uint256 private constant MOST_POINTS = 16;
    uint256 private constant QUARTER_HOUR = 900;
    uint256 private constant COARSE_WH = 10;

    IPaymentVault private immutable VAULT;
    IGridOversight private immutable OVERSIGHT;

    /// @inheritdoc IRegistry
    address public authority712;
    /// @inheritdoc IRegistry
    uint24 public pointCount;
    uint16 private _gatewayCount;

    uint8[] private _areaList;
    mapping(uint8 area => Area) private _areas;
    mapping(uint64 number => AdmissionRecord) private _admissions;
    mapping(uint16 gateway => address) private _gatewayKeys;
    mapping(uint24 point => MeteringPoint) private _points;
    mapping(uint24 point => address) private _meterKeys;
    mapping(bytes8 id => DeviceType) private _deviceTypes;
    /// By the points' word: a plain array needs no hash to find a word.
    LimitWord[1 << 22] private _limits;
    mapping(uint8 area => mapping(uint8 carrier => Points)) private _pointsOf;

    constructor(address authority, CalendarTimes memory times, IPaymentVault vault, IGridOversight oversight)
        AccessManaged(authority)
        Calendar(times)
    {
        VAULT = vault;
        OVERSIGHT = oversight;
    }

    // --- participants -------------------------------------------------------------------------------------------

    /// @inheritdoc IRegistry
    function admit(Admission calldata admission, bytes calldata signature) external returns (AccountId account) {
        _requireAdmissible(admission);
        bytes32 digest = admissionHash(admission);
        if (!authority712.isBy(digest, signature)) {
            revert NotTheAuthority(Signatures.recover(digest, signature));
        }
        uint32 firstPeriod;
        (account, firstPeriod) = _addMember(admission.area);
        _admissions[admission.number].account = account;
        emit ParticipantAdmitted(admission.participant, account, admission.number, firstPeriod);
        VAULT.openAccount(account, admission.participant, admission.buyer, admission.seller);
    }

    // --- administration -----------------------------------------------------------------------------------------

    /// @inheritdoc IRegistry
    function openArea(uint8 area, address backstopOwner, address feeOwner) external restricted {
        if (_areas[area].open) revert AreaAlreadyOpen(area);
        _areas[area].open = true;
        _areaList.push(area);
        emit AreaOpened(area, backstopOwner, feeOwner);
        VAULT.openAccount(backstopAccount(area), backstopOwner, false, false);
        VAULT.openAccount(feeAccount(area), feeOwner, false, false);
    }

    /// @inheritdoc IRegistry
    function setAdmissionAuthority(address signer) external restricted {
        authority712 = signer;
        emit AuthorityChanged(signer);
    }

    /// @inheritdoc IRegistry
    function revokeAdmission(uint64 number) external restricted {
        AdmissionRecord storage record = _admissions[number];
        if (record.revoked) revert AdmissionIsRevoked(number);
        record.revoked = true;
        AccountId account = record.account;
        emit AdmissionRevoked(number, account);
        if (!account.isMember()) return;
        OVERSIGHT.noteRevocation(account);
        VAULT.setRights(account, false, false);
    }

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
        if (gateway == 0 ? _meterKeys[id] == address(0) : gateway > _gatewayCount) revert GatewayUnknown(gateway);
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
    function admissionHash(Admission calldata admission) public view returns (bytes32) {
        return _hashTypedData(hashAdmission(admission));
    }

    /// @inheritdoc IRegistry
    function accountOfAdmission(uint64 number) external view returns (AccountId) {
        return _admissions[number].account;
    }

    /// @inheritdoc IRegistry
    function membersAt(uint8 area, uint32 period) external view returns (uint256 count) {
        return _areas[area].members.upperLookupRecent(period);
    }

    /// @inheritdoc IRegistry
    function areas() external view returns (uint8[] memory) {
        return _areaList;
    }

    /// @inheritdoc IRegistry
    function gatewayKey(uint16 gateway) external view returns (address) {
        return _gatewayKeys[gateway];
    }

    /// @inheritdoc IRegistry
    function meterKey(uint24 id) external view returns (address) {
        return _meterKeys[id];
    }

    /// @inheritdoc IRegistry
    function deviceType(bytes8 id) external view returns (DeviceType memory) {
        return _deviceTypes[id];
    }

    /// @inheritdoc IRegistry
    function meterKeys(uint256 first, uint256 count) external view returns (address[] memory keys) {
        keys = new address[](count << 2);
        for (uint256 i; i < keys.length; ++i) {
            keys[i] = _meterKeys[uint24((first << 2) + i + 1)];
        }
    }

    /// @inheritdoc IRegistry
    function point(uint24 id) external view returns (MeteringPoint memory) {
        _requirePoint(id);
        return _points[id];
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

    /// Members take part from the first period whose trading hasn't opened: nobody joins a period that is being traded.
    function _addMember(uint8 area) private returns (AccountId account, uint32 firstPeriod) {
        Checkpoints.Trace224 storage members = _areas[area].members;
        uint256 count = members.latest();
        if (FIRST_MEMBER + count > type(uint16).max) revert AreaFull(area);
        firstPeriod = uint32(_firstUntradable());
        members.push(firstPeriod, uint224(count + 1));
        account = accountId(area, FIRST_MEMBER + count);
    }

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

    function _requireAdmissible(Admission calldata admission) private view {
        if (block.timestamp > admission.validUntil) revert AdmissionExpired(admission.validUntil);
        AdmissionRecord memory record = _admissions[admission.number];
        if (record.revoked) revert AdmissionIsRevoked(admission.number);
        if (record.account.index() != 0) revert AdmissionUsed(admission.number);
        if (!_areas[admission.area].open) revert AreaUnknown(admission.area);
    }

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

    function _requireDevice(bytes8 id, uint16 resolutionWh, bool refined) private view {
        DeviceType memory known = _deviceTypes[id];
        if (!known.approved) revert DeviceTypeNotApproved(id);
        if (resolutionWh < known.resolutionWh) revert ResolutionTooFine(resolutionWh, known.resolutionWh);
        if (refined && !known.hasPower) revert PowerRegisterMissing(id);
        // So coarse a register alone can't tell what flowed in a quarter of an hour.
        bool isCoarse = resolutionWh >= COARSE_WH && PERIOD_SECONDS <= QUARTER_HOUR;
        if (isCoarse && !refined) revert ResolutionTooCoarse(resolutionWh);
    }

    function _requirePoint(uint24 id) private view {
        if (id == 0 || id > pointCount) revert PointUnknown(id);
    }

    function _requireGateway(uint16 gateway) private view {
        if (gateway == 0 || gateway > _gatewayCount) revert GatewayUnknown(gateway);
    }

    function _isMember(AccountId account) private view returns (bool) {
        return account.isMember() && account.index() < FIRST_MEMBER + _areas[account.area()].members.latest();
    }

    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("Wattbook", "1");
    }
}
