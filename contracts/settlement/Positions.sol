// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Fill, ISettlement} from "../interfaces/ISettlement.sol";
import {AccountId, FIRST_MEMBER, backstopAccount} from "../types/AccountId.sol";
import {Market} from "../types/Market.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {Terms} from "../types/Terms.sol";
import {SettlementState} from "./SettlementState.sol";

/// What venues bring: markets that open and close, fills that become positions.
abstract contract Positions is SettlementState, AccessManaged {
    using SafeCast for uint256;

    /// @inheritdoc ISettlement
    mapping(address venue => bool) public isVenue;

    modifier onlyVenue() {
        if (!isVenue[msg.sender]) revert NotVenue(msg.sender);
        _;
    }

    // --- venues -------------------------------------------------------------------------------------------------

    /// @inheritdoc ISettlement
    function openMarket(Market market) external onlyVenue {
        ++_takePeriod(market.carrier(), market.period()).openMarkets;
        _reserveGuarantee(market.area(), market.carrier(), market.period());
    }

    /// @inheritdoc ISettlement
    function openArea(uint8 area, uint8 carrier, uint32 period) external onlyVenue {
        _takePeriod(carrier, period);
        _reserveGuarantee(area, carrier, period);
    }

    /// @inheritdoc ISettlement
    function closeMarket(Market market) external onlyVenue {
        --_takePeriod(market.carrier(), market.period()).openMarkets;
    }

    /// @inheritdoc ISettlement
    function bookFills(Market market, Fill[] calldata fills, uint256 fees) external onlyVenue {
        (uint8 carrier, uint32 period) = (market.carrier(), market.period());
        Area storage area = _takeArea(market.area(), carrier, period);
        for (uint256 i; i < fills.length; ++i) {
            _bookFill(fills[i], carrier, period);
            _letTakePart(area, fills[i].account);
        }
        if (fees > 0) area.fees = (area.fees + fees).toUint56();
        emit PositionsBooked(market, msg.sender, fills, fees);
    }

    // --- by anyone ----------------------------------------------------------------------------------------------

    /// @inheritdoc ISettlement
    function lowerLock(AccountId account, uint8 carrier, uint32 period) external {
        if (!_hasStarted(period)) revert TooEarly(_startsAt(period));
        if (hasSettled(account, carrier, period)) revert AlreadySettled(account, period);
        PositionWord position = _position(account, carrier, period);
        uint256 needed = _neededLock(account, carrier, period, position);
        if (needed >= position.locked()) return;
        uint256 returned = position.locked() - needed;
        _setPosition(account, carrier, period, position.withLocked(needed));
        emit LockLowered(account, carrier, period, returned);
        _release(account, carrier, period, returned);
    }

    // --- administration -----------------------------------------------------------------------------------------

    /// @inheritdoc ISettlement
    function grantVenue(address venue) external restricted {
        isVenue[venue] = true;
        emit VenueGranted(venue);
    }

    /// @inheritdoc ISettlement
    function revokeVenue(address venue) external restricted {
        isVenue[venue] = false;
        emit VenueRevoked(venue);
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc ISettlement
    function hasSettled(AccountId account, uint8 carrier, uint32 period) public view returns (bool) {
        return _isMarked(Mark.Settled, account, carrier, period);
    }

    // --- steps --------------------------------------------------------------------------------------------------

    /// Once for each area of a period: the most its surplus can cost the backstop.
    function _reserveGuarantee(uint8 area, uint8 carrier, uint32 period) private {
        Area storage state = _takeArea(area, carrier, period);
        if (state.hasGuarantee) return;
        Terms memory terms = _termsOf(area, carrier, period);
        uint256 amount = terms.feedInTicks * (uint256(terms.exportCapacityWh) + terms.inboundCapacityWh);
        (state.hasGuarantee, state.guarantee) = (true, uint64(amount)); // 16 + 41 bits
        ++_takePeriod(carrier, period).openGuarantees;
        emit GuaranteeReserved(area, carrier, period, amount);
        VAULT.lockGuarantee(backstopAccount(area), _potKey(carrier, period), amount);
    }

    function _bookFill(Fill calldata fill, uint8 carrier, uint32 period) private {
        PositionWord position = _position(fill.account, carrier, period)
            .plus(fill.soldWh, fill.boughtWh, fill.received, fill.locked, fill.paid);
        _setPosition(fill.account, carrier, period, position);
    }

    /// Who traded takes part, even one admitted after the period's trading had opened.
    function _letTakePart(Area storage area, AccountId account) private {
        uint256 members = account.index() - FIRST_MEMBER + 1;
        if (members > area.members) area.members = uint16(members);
    }

    /// What the claimed sales can still cost beyond what they earn.
    function _neededLock(AccountId account, uint8 carrier, uint32 period, PositionWord position)
        private
        view
        returns (uint256)
    {
        if (position.netSoldWh() == 0) return 0;
        uint256 cost = position.netSoldWh() * _termsOf(account.area(), carrier, period).retailTicks;
        return cost > position.received() ? cost - position.received() : 0;
    }
}
