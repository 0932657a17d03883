// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Settlement} from "../Settlement.sol";
import {IEnergyToken} from "../interfaces/IEnergyToken.sol";
import {IGridOversight} from "../interfaces/IGridOversight.sol";
import {IMeterReadings} from "../interfaces/IMeterReadings.sol";
import {IPaymentVault} from "../interfaces/IPaymentVault.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {Page} from "../settlement/Page.sol";
import {CalendarTimes} from "../types/Calendar.sol";
import {CHARGED_AT, PageResults, RECEIPTS_AT} from "../types/PageResult.sol";

/// Settlement with one wrong line, for the demo's FAULT=credit: if the first payment of a page isn't a charge, it is one cash
/// unit too much. It comes out of what the area's backstop gets, so every call still succeeds.
contract CreditingSettlement is Settlement {
    using PageResults for uint256[];

    constructor(
        address authority,
        CalendarTimes memory times,
        IPaymentVault vault,
        IRegistry registry,
        IGridOversight oversight,
        IMeterReadings readings,
        IEnergyToken token
    ) Settlement(authority, times, vault, registry, oversight, readings, token) {}

    function _payPage(Page memory page) internal override {
        bool pays = page.hasGuarantee && page.payments.length > 0 && page.payments[0] >> CHARGED_AT == 0;
        if (pays) {
            page.payments[0] += 1 << RECEIPTS_AT;
            ++page.owed;
            page.results.addOwed(uint16(page.payments[0]) - page.first, 1);
        }
        super._payPage(page);
    }
}
