// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Settlement} from "../Settlement.sol";
import {IEnergyToken} from "../interfaces/IEnergyToken.sol";
import {IGridOversight} from "../interfaces/IGridOversight.sol";
import {IMeterReadings} from "../interfaces/IMeterReadings.sol";
import {IPaymentVault} from "../interfaces/IPaymentVault.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {CalendarTimes} from "../types/Calendar.sol";

/// Settlement with one wrong line, for the demo's FAULT=credit: the first account of a page that is paid anything gets one cash
/// unit too much. It comes out of what the area's backstop gets, so every call still succeeds.
contract CreditingSettlement is Settlement {
    constructor(
        address authority,
        CalendarTimes memory times,
        IPaymentVault vault,
        IRegistry registry,
        IGridOversight oversight,
        IMeterReadings readings,
        IEnergyToken token
    ) Settlement(authority, times, vault, registry, oversight, readings, token) {}

    function _receipts(Page memory page, uint256 due) internal pure override returns (uint256) {
        return page.payments.length == 0 ? due + 1 : due;
    }
}
