// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlementExtension} from "../interfaces/ISettlement.sol";
import {AccountId} from "../types/AccountId.sol";
import {CalendarTimes} from "../types/Calendar.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {SettlementState} from "./SettlementState.sol";

/// What Settlement tells of positions and areas.
abstract contract SettlementViews is ISettlementExtension, SettlementState {
    /// @inheritdoc ISettlementExtension
    function position(AccountId account, uint8 carrier, uint32 period) external view returns (Position memory) {
        PositionWord word = _position(account, carrier, period);
        return Position({
            soldWh: word.soldWh(),
            boughtWh: word.boughtWh(),
            received: word.received(),
            paid: word.paid(),
            locked: word.locked(),
            settled: _isMarked(Mark.Settled, account, carrier, period),
            handedOut: _isMarked(Mark.HandedOut, account, carrier, period)
        });
    }

    /// @inheritdoc ISettlementExtension
    function areaOf(uint8 area, uint8 carrier, uint32 period) external view returns (AreaView memory) {
        (bool isTaken, Area memory state) = _area(area, carrier, period);
        uint256 members = isTaken ? state.members : _expectedAt(area, carrier, period);
        return AreaView({
            members: members,
            settled: state.settled,
            guarantee: state.guarantee,
            backstopCash: _backstop(area, carrier, period).cash,
            poolWh: state.poolWh,
            fees: state.fees,
            finished: isTaken ? state.finished : members == 0
        });
    }

    /// @inheritdoc ISettlementExtension
    function openMarkets(uint8 carrier, uint32 period) external view returns (uint256) {
        return _period(carrier, period).openMarkets;
    }

    /// @inheritdoc ISettlementExtension
    function hasSettled(AccountId account, uint8 carrier, uint32 period) external view returns (bool) {
        return _isMarked(Mark.Settled, account, carrier, period);
    }

    /// The times of this deployment.
    function calendar() external view returns (CalendarTimes memory) {
        return _calendar();
    }
}
