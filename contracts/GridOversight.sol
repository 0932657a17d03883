// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IGridOversight} from "./interfaces/IGridOversight.sol";
import {IPaymentVault} from "./interfaces/IPaymentVault.sol";
import {Shares} from "./oversight/Shares.sol";
import {AccountId} from "./types/AccountId.sol";
import {Calendar, CalendarTimes} from "./types/Calendar.sol";
import {Market} from "./types/Market.sol";

/// See IGridOversight. Schedules: terms and connections. Capacities, Shares: what venues reserve of them. Here: halts, voids
/// and suspensions.
contract GridOversight is Shares {
    /// An account that may not trade for a while, and what it may do again afterwards.
    struct Suspension {
        bool lasts; // until somebody ends it
        uint40 until;
        bool buyer;
        bool seller;
    }

    uint256 private constant LONGEST_HALT = 30 days;
    uint256 private constant LONGEST_SUSPENSION = 366 days;

    IPaymentVault private immutable VAULT;

    mapping(address venue => mapping(Market => bool)) private _void;
    mapping(AccountId account => Suspension) private _suspensions;

    constructor(address authority, CalendarTimes memory times, IPaymentVault vault)
        AccessManaged(authority)
        Calendar(times)
    {
        VAULT = vault;
    }

    // --- halts --------------------------------------------------------------------------------------------------

    /// @inheritdoc IGridOversight
    function haltTrading(address venue, uint8 area, uint8 carrier, uint40 until, string calldata reason)
        external
        restricted
    {
        _requireReason(reason);
        if (until > block.timestamp + LONGEST_HALT) revert HaltTooLong(until);
        emit TradingHalted(venue, area, carrier, until, reason);
        VAULT.closePot(venue, _potKey(area, carrier), until);
    }

    /// @inheritdoc IGridOversight
    function resumeTrading(address venue, uint8 area, uint8 carrier, string calldata reason) external restricted {
        _requireReason(reason);
        emit TradingResumed(venue, area, carrier, reason);
        VAULT.closePot(venue, _potKey(area, carrier), 0);
    }

    /// @inheritdoc IGridOversight
    function voidMarket(address venue, Market market, string calldata reason) external restricted {
        _requireReason(reason);
        if (_hasStarted(market.period())) revert AlreadyStarted(market);
        _void[venue][market] = true;
        emit MarketVoided(venue, market, reason);
    }

    // --- suspensions --------------------------------------------------------------------------------------------

    /// @inheritdoc IGridOversight
    function suspend(AccountId account, uint40 until, string calldata reason) external restricted {
        _requireReason(reason);
        if (until > block.timestamp + LONGEST_SUSPENSION) revert SuspensionTooLong(until);
        Suspension storage suspension = _suspensions[account];
        if (!suspension.lasts) (suspension.buyer, suspension.seller) = VAULT.rightsOf(account);
        (suspension.lasts, suspension.until) = (true, until);
        emit AccountSuspended(account, until, reason);
        VAULT.setRights(account, false, false);
    }

    /// @inheritdoc IGridOversight
    function endSuspension(AccountId account) external {
        Suspension memory suspension = _suspensions[account];
        if (!suspension.lasts) revert NotSuspended(account);
        if (block.timestamp < suspension.until) revert SuspensionLasts(account, suspension.until);
        delete _suspensions[account];
        emit SuspensionEnded(account);
        VAULT.setRights(account, suspension.buyer, suspension.seller);
    }

    /// @inheritdoc IGridOversight
    function noteRevocation(AccountId account) external restricted {
        delete _suspensions[account];
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc IGridOversight
    function suspensionOf(AccountId account) external view returns (bool lasts, uint40 until) {
        return (_suspensions[account].lasts, _suspensions[account].until);
    }

    /// @inheritdoc IGridOversight
    function isVoid(address venue, Market market) external view returns (bool) {
        return _void[venue][market];
    }

    // --- rules --------------------------------------------------------------------------------------------------

    function _requireReason(string calldata reason) private pure {
        if (bytes(reason).length == 0) revert ReasonMissing();
    }

    /// A venue keeps one pot for each book.
    function _potKey(uint8 area, uint8 carrier) private pure returns (uint96) {
        return (uint96(area) << 8) | carrier;
    }
}
