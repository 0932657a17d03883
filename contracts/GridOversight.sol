// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IGridOversight} from "./interfaces/IGridOversight.sol";
import {IPaymentVault} from "./interfaces/IPaymentVault.sol";
import {Capacities} from "./oversight/Capacities.sol";
import {Calendar, CalendarTimes} from "./types/Calendar.sol";
import {Market} from "./types/Market.sol";

/// See IGridOversight. Schedules: terms and connections. Capacities: what venues reserve of them. Here: halts.
contract GridOversight is Capacities {
    uint256 private constant LONGEST_HALT = 30 days;

    IPaymentVault private immutable VAULT;

    mapping(address venue => mapping(Market => bool)) private _void;

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

    // --- views --------------------------------------------------------------------------------------------------

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
