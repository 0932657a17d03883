// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {DisputeState, IDisputes} from "./interfaces/IDisputes.sol";
import {IMeterReadings, IMeterReadingsFacts} from "./interfaces/IMeterReadings.sol";
import {IPaymentVault} from "./interfaces/IPaymentVault.sol";
import {IRegistry, MeteringPoint} from "./interfaces/IRegistry.sol";
import {AccountId, feeAccount} from "./types/AccountId.sol";
import {Calendar, CalendarTimes} from "./types/Calendar.sol";
import {REGISTER_MASK} from "./types/ReadingWord.sol";

/// See IDisputes.
contract Disputes is IDisputes, AccessManaged, Calendar {
    uint96 private constant POT = 1;

    IPaymentVault private immutable VAULT;
    IRegistry private immutable REGISTRY;
    IMeterReadings private immutable READINGS;

    /// @inheritdoc IDisputes
    uint256 public immutable bond;

    mapping(uint24 point => mapping(uint32 period => Dispute)) private _disputes;

    constructor(
        address authority,
        CalendarTimes memory times,
        IPaymentVault vault,
        IRegistry registry,
        IMeterReadings readings,
        uint256 bond_
    ) AccessManaged(authority) Calendar(times) {
        VAULT = vault;
        REGISTRY = registry;
        READINGS = readings;
        bond = bond_;
    }

    /// @inheritdoc IDisputes
    function fileDispute(uint24 point, uint32 period, uint48 importRegister, uint48 exportRegister) external {
        MeteringPoint memory data = REGISTRY.point(point);
        if (VAULT.ownerOf(data.account) != msg.sender) revert NotAccountOwner(data.account, msg.sender);
        if (block.timestamp < _endsAt(period)) revert TooEarly(_endsAt(period));
        if (block.timestamp >= disputableUntil(period)) revert TooLate(disputableUntil(period));
        if (_disputes[point][period].state != DisputeState.None) revert DisputedBefore(point, period);
        IMeterReadingsFacts.Reading memory standing = READINGS.reading(point, period);
        Dispute memory filed = Dispute({
            account: data.account,
            state: DisputeState.Open,
            importRegister: uint32(standing.importRegister),
            exportRegister: uint32(standing.exportRegister),
            importClaimed: uint32(importRegister & REGISTER_MASK),
            exportClaimed: uint32(exportRegister & REGISTER_MASK)
        });
        if (!_isUsable(filed, data)) revert ClaimUnusable(point, period);
        _disputes[point][period] = filed;
        emit DisputeFiled(
            point, period, filed.account, filed.importClaimed, filed.exportClaimed, decidableUntil(period)
        );
        READINGS.setDisputed(point, period, true);
        VAULT.lockBond(filed.account, msg.sender, POT, bond);
    }

    /// @inheritdoc IDisputes
    function decideDispute(uint24 point, uint32 period, uint48 importRegister, uint48 exportRegister)
        external
        restricted
    {
        Dispute memory found = _requireOpen(point, period);
        if (block.timestamp >= decidableUntil(period)) revert TooLate(decidableUntil(period));
        (uint256 importWh, uint256 exportWh) = (importRegister & REGISTER_MASK, exportRegister & REGISTER_MASK);
        IMeterReadingsFacts.Reading memory standing = READINGS.reading(point, period);
        bool stands = importWh == standing.importRegister && exportWh == standing.exportRegister;
        if (!stands && !_isWithin(found, importWh, exportWh)) revert DecisionOutOfBounds(point, period);
        bool upheld = importWh != found.importRegister || exportWh != found.exportRegister;
        _disputes[point][period].state = upheld ? DisputeState.Upheld : DisputeState.Rejected;
        emit DisputeDecided(point, period, found.account, upheld, importWh, exportWh);
        if (!stands) READINGS.correctDisputed(point, period, uint48(importWh), uint48(exportWh));
        READINGS.setDisputed(point, period, false);
        VAULT.release(upheld ? found.account : feeAccount(found.account.area()), POT, bond);
    }

    /// @inheritdoc IDisputes
    function expireDispute(uint24 point, uint32 period) external {
        AccountId account = _requireOpen(point, period).account;
        if (block.timestamp < decidableUntil(period)) revert TooEarly(decidableUntil(period));
        _disputes[point][period].state = DisputeState.Expired;
        emit DisputeExpired(point, period, account);
        READINGS.setDisputed(point, period, false);
        VAULT.release(account, POT, bond);
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc IDisputes
    function disputeOf(uint24 point, uint32 period) external view returns (Dispute memory) {
        return _disputes[point][period];
    }

    /// @inheritdoc IDisputes
    function disputableUntil(uint32 period) public view returns (uint256) {
        return _endsAt(period) + (SUBSTITUTES_UNTIL + CORRECTIONS_UNTIL) / 2;
    }

    /// @inheritdoc IDisputes
    function decidableUntil(uint32 period) public view returns (uint256) {
        return _endsAt(period) + CORRECTIONS_UNTIL;
    }

    // --- rules --------------------------------------------------------------------------------------------------

    function _requireOpen(uint24 point, uint32 period) private view returns (Dispute memory found) {
        found = _disputes[point][period];
        if (found.state != DisputeState.Open) revert DisputeNotOpen(point, period);
    }

    function _isUsable(Dispute memory filed, MeteringPoint memory data) private pure returns (bool) {
        uint256 importWh = _distance(filed.importRegister, filed.importClaimed);
        uint256 exportWh = _distance(filed.exportRegister, filed.exportClaimed);
        return importWh | exportWh != 0 && importWh <= data.maxImportWh && exportWh <= data.maxExportWh;
    }

    function _isWithin(Dispute memory found, uint256 importWh, uint256 exportWh) private pure returns (bool) {
        return _isBetween(found.importRegister, importWh, found.importClaimed)
            && _isBetween(found.exportRegister, exportWh, found.exportClaimed);
    }

    /// Registers wrap: between are those that lie on the shorter way.
    function _isBetween(uint256 from, uint256 register, uint256 to) private pure returns (bool) {
        return _distance(from, register) + _distance(register, to) == _distance(from, to);
    }

    function _distance(uint256 a, uint256 b) private pure returns (uint256) {
        unchecked {
            uint256 up = (b - a) & REGISTER_MASK;
            uint256 down = (a - b) & REGISTER_MASK;
            return up < down ? up : down;
        }
    }
}
