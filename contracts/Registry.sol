// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IGridOversight} from "./interfaces/IGridOversight.sol";
import {IPaymentVault} from "./interfaces/IPaymentVault.sol";
import {MeteringPoints} from "./registry/MeteringPoints.sol";
import {Participants} from "./registry/Participants.sol";
import {Calendar, CalendarTimes} from "./types/Calendar.sol";

/// See IRegistry. `registry/` holds its parts, an idea a file.
contract Registry is MeteringPoints {
    constructor(address authority, CalendarTimes memory times, IPaymentVault vault, IGridOversight oversight)
        AccessManaged(authority)
        Calendar(times)
        Participants(vault, oversight)
    {}
}
