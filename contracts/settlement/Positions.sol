// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ISettlementMain} from "../interfaces/ISettlement.sol";
import {AccountId, FIRST_MEMBER, backstopAccount} from "../types/AccountId.sol";
import {Fill} from "../types/Fill.sol";
import {Market} from "../types/Market.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {TermsWord} from "../types/TermsWord.sol";
import {SettlementState} from "./SettlementState.sol";

/// What venues bring: markets that open and close, fills that become positions.
abstract contract Positions is ISettlementMain, SettlementState, AccessManaged {
    using SafeCast for uint256;

    uint256 private constant GRANTED = type(uint256).max;

    /// A venue brings markets of the periods before this one. A revoked venue drains: what it may have opened by then it may
    /// still book and close, so that no member waits for it for ever.
    mapping(address venue => uint256 period) private _bringsUntil;

    modifier onlyVenue() {
        _requireVenue(GRANTED - 1);
        _;
    }

    modifier onlyVenueOf(Market market) {
        _requireVenue(market.period());
        _;
    }

    // --- venues -------------------------------------------------------------------------------------------------

    /// @inheritdoc ISettlementMain
    function openMarket(Market market) external onlyVenue returns (TermsWord terms) {
        (uint8 area, uint8 carrier, uint32 period) = (market.area(), market.carrier(), market.period());
        terms = _termsOf(area, carrier, period);
        ++_takePeriod(carrier, period).openMarkets;
        Area storage state = _takeArea(area, carrier, period);
        if (!state.hasGuarantee) _reserveGuarantee(state, area, carrier, period, terms);
    }

    /// @inheritdoc ISettlementMain
    function openArea(uint8 area, uint8 carrier, uint32 period) external onlyVenue {
        _takePeriod(carrier, period);
        Area storage state = _takeArea(area, carrier, period);
        if (!state.hasGuarantee) _reserveGuarantee(state, area, carrier, period, _termsOf(area, carrier, period));
    }

    /// @inheritdoc ISettlementMain
    function closeMarket(Market market) external onlyVenueOf(market) {
        --_takePeriod(market.carrier(), market.period()).openMarkets;
    }

    /// @inheritdoc ISettlementMain
    function bookFills(Market market, uint256[] calldata fills, uint256 fees) external onlyVenueOf(market) {
        Area storage area = _takeArea(market.area(), market.carrier(), market.period());
        if (fees > 0) area.fees = (area.fees + fees).toUint56();
        _bookEach(market, area, fills);
        emit PositionsBooked(market, msg.sender, fills, fees);
    }

    // --- by anyone ----------------------------------------------------------------------------------------------

    /// @inheritdoc ISettlementMain
    function lowerLock(AccountId account, uint8 carrier, uint32 period) external {
        _requireFrom(_startsAt(period));
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

    /// @inheritdoc ISettlementMain
    function grantVenue(address venue) external restricted {
        _bringsUntil[venue] = GRANTED;
        emit VenueGranted(venue);
    }

    /// @inheritdoc ISettlementMain
    function revokeVenue(address venue) external restricted {
        if (!isVenue(venue)) revert NotVenue(venue);
        _bringsUntil[venue] = _firstUntradable();
        emit VenueRevoked(venue);
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc ISettlementMain
    function isVenue(address venue) public view returns (bool) {
        return _bringsUntil[venue] == GRANTED;
    }

    /// @inheritdoc ISettlementMain
    function hasSettled(AccountId account, uint8 carrier, uint32 period) public view returns (bool) {
        return _isMarked(Mark.Settled, account, carrier, period);
    }

    function _requireVenue(uint256 period) private view {
        if (period >= _bringsUntil[msg.sender]) revert NotVenue(msg.sender);
    }

    // --- steps --------------------------------------------------------------------------------------------------

    /// Once for each area of a period: the most its surplus can cost the backstop.
    function _reserveGuarantee(Area storage state, uint8 area, uint8 carrier, uint32 period, TermsWord terms) private {
        uint256 amount = terms.feedInTicks() * (terms.exportCapacityWh() + terms.inboundCapacityWh());
        (state.hasGuarantee, state.guarantee) = (true, uint64(amount)); // 16 + 41 bits
        emit GuaranteeReserved(area, carrier, period, amount);
        VAULT.lockGuarantee(backstopAccount(area), _potKey(carrier, period), amount);
    }

    /// A position counts in its owner's area, wherever it was traded.
    function _bookEach(Market market, Area storage area, uint256[] calldata fills) private {
        Slot memory slot = _slot(market.carrier(), market.period());
        uint256 home = market.area();
        AccountId highest; // of the market's own area
        for (uint256 i; i < fills.length; ++i) {
            Fill fill = Fill.wrap(fills[i]);
            AccountId account = fill.account();
            _addToPosition(account, slot, fill);
            if (account.area() != home) _letTakePart(_areaOf(account, market), account);
            else if (AccountId.unwrap(account) > AccountId.unwrap(highest)) highest = account;
        }
        if (AccountId.unwrap(highest) != 0) _letTakePart(area, highest);
    }

    function _areaOf(AccountId account, Market market) private returns (Area storage) {
        return _takeArea(account.area(), market.carrier(), market.period());
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
        uint256 cost = position.netSoldWh() * _termsOf(account.area(), carrier, period).retailTicks();
        return cost > position.received() ? cost - position.received() : 0;
    }
}
