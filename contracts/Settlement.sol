// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IEnergyToken} from "./interfaces/IEnergyToken.sol";
import {IGridOversight} from "./interfaces/IGridOversight.sol";
import {IMeterReadings} from "./interfaces/IMeterReadings.sol";
import {IPaymentVault} from "./interfaces/IPaymentVault.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {HandOuts} from "./settlement/HandOuts.sol";
import {SettlementState} from "./settlement/SettlementState.sol";
import {AccountId} from "./types/AccountId.sol";
import {Calendar, CalendarTimes} from "./types/Calendar.sol";
import {Market} from "./types/Market.sol";
import {PositionWord} from "./types/PositionWord.sol";

/// See ISettlement. Positions: what venues bring. Pages: readings meet positions. HandOuts: certificates.
contract Settlement is HandOuts {
    constructor(
        address authority,
        CalendarTimes memory times,
        IPaymentVault vault,
        IRegistry registry,
        IGridOversight oversight,
        IMeterReadings readings,
        IEnergyToken token
    ) AccessManaged(authority) Calendar(times) SettlementState(vault, registry, oversight, readings, token) {}

    // --- by anyone ----------------------------------------------------------------------------------------------

    /// @inheritdoc ISettlement
    function bookDefault(AccountId account, uint8 carrier, uint32 period) external {
        _requireFrom(_endsAt(period) + SUBSTITUTES_UNTIL);
        _requireClaimed(openMarkets(carrier, period), carrier, period);
        if (hasSettled(account, carrier, period)) revert AlreadySettled(account, period);
        READINGS.bookDefault(account, carrier, period, _position(account, carrier, period).netBoughtWh());
    }

    /// @inheritdoc ISettlement
    function payFees(Market market) external {
        (uint8 area, uint8 carrier, uint32 period) = (market.area(), market.carrier(), market.period());
        (bool isTaken,) = _area(area, carrier, period);
        if (!isTaken || !isSettled(carrier, period)) revert NotEveryoneSettled(carrier, period);
        Area storage state = _takeArea(area, carrier, period);
        if (state.feesPaid) revert AlreadyPaid(market);
        _payFees(state, area, carrier, period);
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc ISettlement
    function position(AccountId account, uint8 carrier, uint32 period) external view returns (Position memory) {
        PositionWord word = _position(account, carrier, period);
        return Position({
            soldWh: word.soldWh(),
            boughtWh: word.boughtWh(),
            received: word.received(),
            paid: word.paid(),
            locked: word.locked(),
            settled: hasSettled(account, carrier, period),
            handedOut: _isMarked(Mark.HandedOut, account, carrier, period)
        });
    }

    /// @inheritdoc ISettlement
    function areaOf(uint8 area, uint8 carrier, uint32 period) external view returns (AreaView memory) {
        (bool isTaken, Area memory state) = _area(area, carrier, period);
        return AreaView({
            members: isTaken ? state.members : _membersAt(area, period),
            settled: state.settled,
            guarantee: state.guarantee,
            backstopCash: _backstop(area, carrier, period).cash,
            poolWh: state.poolWh,
            fees: state.fees,
            finished: isTaken ? state.finished : _membersAt(area, period) == 0
        });
    }

    /// @inheritdoc ISettlement
    function openMarkets(uint8 carrier, uint32 period) public view returns (uint256) {
        return _period(carrier, period).openMarkets;
    }
}
