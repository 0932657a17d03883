// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {SettlementExtension} from "./SettlementExtension.sol";
import {IEnergyToken} from "./interfaces/IEnergyToken.sol";
import {IGridOversight} from "./interfaces/IGridOversight.sol";
import {IMeterReadings} from "./interfaces/IMeterReadings.sol";
import {IPaymentVault} from "./interfaces/IPaymentVault.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {Extended} from "./libraries/Extended.sol";
import {Counterparts} from "./settlement/Counterparts.sol";
import {Pages} from "./settlement/Pages.sol";
import {Positions} from "./settlement/Positions.sol";
import {CalendarTimes} from "./types/Calendar.sol";

/// See ISettlement. Positions: what venues bring. Pages: readings meet positions. The rest of `settlement/` stands in
/// SettlementExtension, on the same storage; only what this one adds, who manages it, comes behind.
contract Settlement is Pages, Positions, Extended {
    constructor(
        address authority,
        CalendarTimes memory times,
        IPaymentVault vault,
        IRegistry registry,
        IGridOversight oversight,
        IMeterReadings readings,
        IEnergyToken token
    )
        AccessManaged(authority)
        Counterparts(times, vault, registry, oversight, readings, token)
        Extended(address(new SettlementExtension(times, vault, registry, oversight, readings, token)))
    {}
}
