// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Settlement} from "../Settlement.sol";
import {IEnergyToken} from "../interfaces/IEnergyToken.sol";
import {IGridOversight} from "../interfaces/IGridOversight.sol";
import {IMeterReadings} from "../interfaces/IMeterReadings.sol";
import {IPaymentVault} from "../interfaces/IPaymentVault.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {CalendarTimes} from "../types/Calendar.sol";
import {CHARGED_AT, RECEIPTS_AT, RESULT_PAYOUT_AT} from "../types/PageResult.sol";

/// Settlement with one wrong line, for the demo's FAULT=credit: if the first payment of a page isn't a charge, it is one cash
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

    function _payPage(Page memory page) internal override {
        bool pays = page.hasGuarantee && page.payments.length > 0 && page.payments[0] >> CHARGED_AT == 0;
        unchecked {
            // Hardly larger than Settlement, which fills what a chain accepts.
            if (pays) {
                page.payments[0] += 1 << RECEIPTS_AT;
                ++page.owed;
                uint256 place = uint16(page.payments[0]) - page.first;
                page.results[place >> 1] += 1 << (RESULT_PAYOUT_AT + ((place & 1) << 7));
            }
        }
        super._payPage(page);
    }
}
