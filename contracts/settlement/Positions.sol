// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ISettlementMain} from "../interfaces/ISettlement.sol";
import {AccountId, FIRST_MEMBER, backstopAccount} from "../types/AccountId.sol";
import {Fill} from "../types/Fill.sol";
import {Market} from "../types/Market.sol";
import {TermsWord} from "../types/TermsWord.sol";
import {SettlementState} from "./SettlementState.sol";

/// What venues bring: markets that open and close, fills that become positions.
abstract contract Positions is ISettlementMain, SettlementState, AccessManaged {
    using SafeCast for uint256;

    uint256 private constant GRANTED = type(uint256).max;

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
        _accept(market.carrier(), market.period(), _bookEach(market, area, fills));
        emit PositionsBooked(market, msg.sender, fills, fees);
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

    /// A position counts in its owner's area, wherever it was traded. Returns what the fills' locks and costs come to.
    function _bookEach(Market market, Area storage area, uint256[] calldata fills) private returns (uint256 money) {
        uint256 at = _positionsAt(market.carrier(), market.period());
        uint256 tag = _tagOf(market.period());
        uint256 home = market.area();
        uint256 highest; // account of the market's own area
        unchecked {
            for (uint256 i; i < fills.length; ++i) {
                Fill fill = Fill.wrap(fills[i]);
                uint256 account = AccountId.unwrap(fill.account());
                money += fill.money(); // 46 bits
                _addToPosition(at + (account << 24), tag, fill);
                if (account >> 16 != home) _letTakePart(_areaOf(fill.account(), market), fill.account());
                else if (account > highest) highest = account;
            }
        }
        if (highest != 0) _letTakePart(area, AccountId.wrap(uint24(highest)));
    }

    function _areaOf(AccountId account, Market market) private returns (Area storage) {
        return _takeArea(account.area(), market.carrier(), market.period());
    }

    /// Who traded takes part, even one admitted after the period's trading had opened.
    function _letTakePart(Area storage area, AccountId account) private {
        uint256 members = account.index() - FIRST_MEMBER + 1;
        if (members > area.members) area.members = uint16(members);
    }
}
