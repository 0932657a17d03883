// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {BookPreparation} from "./book/BookPreparation.sol";
import {BookSignedCancels} from "./book/BookSignedCancels.sol";
import {BookStorage} from "./book/BookStorage.sol";
import {BookUpkeep} from "./book/BookUpkeep.sol";
import {BookViews} from "./book/BookViews.sol";
import {IGridOversight} from "./interfaces/IGridOversight.sol";
import {IPaymentVault} from "./interfaces/IPaymentVault.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {Extension} from "./libraries/Extended.sol";
import {CalendarTimes} from "./types/Calendar.sol";

/// What OrderBook answers without code of its own: upkeep, preparation, relayed cancellations, views.
contract OrderBookExtension is BookUpkeep, BookPreparation, BookSignedCancels, BookViews, Extension {
    constructor(CalendarTimes memory times, IPaymentVault vault, IGridOversight oversight, ISettlement settlement)
        BookStorage(times, vault, oversight, settlement)
    {}
}
