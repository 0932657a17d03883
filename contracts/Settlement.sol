// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {SettlementExtension} from "./SettlementExtension.sol";
import {IEnergyToken} from "./interfaces/IEnergyToken.sol";
import {IGridOversight} from "./interfaces/IGridOversight.sol";
import {IMeterReadings} from "./interfaces/IMeterReadings.sol";
import {IPaymentVault} from "./interfaces/IPaymentVault.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {ISettlementMain} from "./interfaces/ISettlement.sol";
import {Extended} from "./libraries/Extended.sol";
import {HandOuts} from "./settlement/HandOuts.sol";
import {SettlementState} from "./settlement/SettlementState.sol";
import {AccountId} from "./types/AccountId.sol";
import {Calendar, CalendarTimes} from "./types/Calendar.sol";
import {Market} from "./types/Market.sol";

/// See ISettlement. Positions: what venues bring. Pages: readings meet positions. HandOuts: certificates. What needn't be cheap
/// stands in SettlementExtension.
contract Settlement is HandOuts, Calendar, Extended {
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
        Calendar(times)
        SettlementState(vault, registry, oversight, readings, token)
        Extended(address(new SettlementExtension(times, vault, registry, oversight, readings, token)))
    {}

    // --- by anyone ----------------------------------------------------------------------------------------------

    /// @inheritdoc ISettlementMain
    function bookDefault(AccountId account, uint8 carrier, uint32 period) external {
        _requireFrom(_endsAt(period) + SUBSTITUTES_UNTIL);
        _requireClaimed(_period(carrier, period).openMarkets, carrier, period);
        if (hasSettled(account, carrier, period)) revert AlreadySettled(account, period);
        READINGS.bookDefault(account, carrier, period, _position(account, carrier, period).netBoughtWh());
    }

    /// @inheritdoc ISettlementMain
    function payFees(Market market) external {
        (uint8 area, uint8 carrier, uint32 period) = (market.area(), market.carrier(), market.period());
        (bool isTaken,) = _area(area, carrier, period);
        if (!isTaken || !isSettled(carrier, period)) revert NotEveryoneSettled(carrier, period);
        Area storage state = _takeArea(area, carrier, period);
        if (state.feesPaid) revert AlreadyPaid(market);
        _payFees(state, area, carrier, period);
    }
}
