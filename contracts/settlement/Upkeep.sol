// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlementExtension} from "../interfaces/ISettlement.sol";
import {AccountId} from "../types/AccountId.sol";
import {Market} from "../types/Market.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {HandOuts} from "./HandOuts.sol";

/// What anyone may do around a settlement: defaults before it, locks lowered, fees paid after it.
abstract contract Upkeep is HandOuts {
    /// @inheritdoc ISettlementExtension
    function lowerLock(AccountId account, uint8 carrier, uint32 period) external {
        _requireFrom(_startsAt(period));
        if (_isMarked(Mark.Settled, account, carrier, period)) revert AlreadySettled(account, period);
        PositionWord position = _position(account, carrier, period);
        uint256 needed = _neededLock(account, carrier, period, position);
        if (needed >= position.locked()) return;
        uint256 returned = position.locked() - needed;
        _setPosition(account, carrier, period, position.withLocked(needed));
        emit LockLowered(account, carrier, period, returned);
        _release(account, carrier, period, returned);
    }

    /// @inheritdoc ISettlementExtension
    function bookDefault(AccountId account, uint8 carrier, uint32 period) external {
        _requireFrom(_endsAt(period) + SUBSTITUTES_UNTIL);
        _requireClaimed(_period(carrier, period).openMarkets, carrier, period);
        if (_isMarked(Mark.Settled, account, carrier, period)) revert AlreadySettled(account, period);
        READINGS.bookDefault(account, carrier, period, _position(account, carrier, period).netBoughtWh());
    }

    /// @inheritdoc ISettlementExtension
    function payFees(Market market) external {
        (uint8 area, uint8 carrier, uint32 period) = (market.area(), market.carrier(), market.period());
        (bool isTaken,) = _area(area, carrier, period);
        bool isOver = isTaken && block.timestamp >= _endsAt(period);
        if (!isOver || !isSettled(carrier, period)) revert NotEveryoneSettled(carrier, period);
        Area storage state = _takeArea(area, carrier, period);
        if (state.feesPaid) revert AlreadyPaid(market);
        _payFees(state, area, carrier, period);
    }

    // --- steps --------------------------------------------------------------------------------------------------

    /// What the claimed sales can still cost beyond what they earn.
    function _neededLock(AccountId account, uint8 carrier, uint32 period, PositionWord position)
        private
        view
        returns (uint256)
    {
        if (position.netSoldWh() == 0) return 0;
        uint256 cost = position.netSoldWh() * _termsOf(account.area(), carrier, period).retailTicks();
        return cost > position.received() ? cost - position.received() : 0;
    }
}
