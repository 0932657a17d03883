// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEnergyToken} from "./interfaces/IEnergyToken.sol";
import {IGridOversight} from "./interfaces/IGridOversight.sol";
import {IMeterReadings} from "./interfaces/IMeterReadings.sol";
import {IPaymentVault} from "./interfaces/IPaymentVault.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {Extension} from "./libraries/Extended.sol";
import {Counterparts} from "./settlement/Counterparts.sol";
import {SettlementPreparation} from "./settlement/SettlementPreparation.sol";
import {SettlementViews} from "./settlement/SettlementViews.sol";
import {Upkeep} from "./settlement/Upkeep.sol";
import {CalendarTimes} from "./types/Calendar.sol";

/// What Settlement answers without code of its own: corrections, residuals, certificates, upkeep, preparation, views.
contract SettlementExtension is Upkeep, SettlementPreparation, SettlementViews, Extension {
    constructor(
        CalendarTimes memory times,
        IPaymentVault vault,
        IRegistry registry,
        IGridOversight oversight,
        IMeterReadings readings,
        IEnergyToken token
    ) Counterparts(times, vault, registry, oversight, readings, token) {}
}
