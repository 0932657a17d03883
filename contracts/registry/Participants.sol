// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IGridOversight} from "../interfaces/IGridOversight.sol";
import {IPaymentVault} from "../interfaces/IPaymentVault.sol";
import {Admission, IRegistry} from "../interfaces/IRegistry.sol";
import {Domain} from "../libraries/Domain.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {AccountId, FIRST_MEMBER, accountId, backstopAccount, feeAccount} from "../types/AccountId.sol";
import {hashAdmission} from "../types/AdmissionHash.sol";
import {Calendar} from "../types/Calendar.sol";

/// Areas, and who is admitted to them.
abstract contract Participants is IRegistry, Domain, AccessManaged, Calendar {
    using Checkpoints for Checkpoints.Trace224;
    using Signatures for address;

    struct Area {
        bool open;
        Checkpoints.Trace224 members; // first period → members from then on
    }

    struct AdmissionRecord {
        AccountId account; // 0: not used yet
        bool revoked;
    }

    IPaymentVault private immutable VAULT;
    IGridOversight internal immutable OVERSIGHT;

    /// @inheritdoc IRegistry
    address public authority712;

    uint8[] private _areaList;
    mapping(uint8 area => Area) private _areas;
    mapping(uint64 number => AdmissionRecord) private _admissions;

    constructor(IPaymentVault vault, IGridOversight oversight) {
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

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc IRegistry
    function admissionHash(Admission calldata admission) public view returns (bytes32) {
        return _digest(hashAdmission(admission));
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

    // --- rules --------------------------------------------------------------------------------------------------

    function _requireAdmissible(Admission calldata admission) private view {
        if (block.timestamp > admission.validUntil) revert AdmissionExpired(admission.validUntil);
        AdmissionRecord memory record = _admissions[admission.number];
        if (record.revoked) revert AdmissionIsRevoked(admission.number);
        if (record.account.index() != 0) revert AdmissionUsed(admission.number);
        if (!_areas[admission.area].open) revert AreaUnknown(admission.area);
    }

    function _isMember(AccountId account) internal view returns (bool) {
        return account.isMember() && account.index() < FIRST_MEMBER + _areas[account.area()].members.latest();
    }
}
