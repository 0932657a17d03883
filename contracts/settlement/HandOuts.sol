// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ISettlementExtension} from "../interfaces/ISettlement.sol";
import {AccountId, accountId} from "../types/AccountId.sol";
import {Market, toMarket} from "../types/Market.sol";
import {MarksWord, markOf} from "../types/MarksWord.sol";
import {MeteredWord} from "../types/MeteredWord.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {Residuals} from "./Residuals.sol";

/// Certificates, once corrections are over: net buyers share what each area's net sellers delivered of their contracts; what a
/// producer delivered beyond them is its own. Remainders aren't minted.
abstract contract HandOuts is Residuals {
    /// What a hand-out shares: per area, the market whose certificates they are and the Wh.
    struct Pools {
        Market[] markets;
        uint256[] energiesWh;
        uint256 netBoughtWh;
    }

    /// @inheritdoc ISettlementExtension
    function handOut(uint8 area, uint8 carrier, uint32 period, uint256 first, uint256 count) external {
        _requireBounded(count);
        _requireHandOutOpen(period);
        if (!isSettled(carrier, period)) revert NotEveryoneSettled(carrier, period);
        uint256 open = openCorrections(carrier, period);
        if (open > 0) revert CorrectionsOpen(carrier, period, open);
        (, Area memory state) = _area(area, carrier, period);
        (uint256 from, uint256 to) = _clamp(first, count, state.members);
        uint256[] memory metered = _metered(area, carrier, period, from, to);
        Pools memory pools = _pools(carrier, period);
        for (uint256 index = from; index < to; index = _wordEnd(index, to)) {
            MarksWord before = _markHandedOut(toMarket(area, carrier, period), index, _wordEnd(index, to));
            for (uint256 i = index; i < _wordEnd(index, to); ++i) {
                if (before.has(markOf(i))) continue;
                _handOutTo(accountId(area, i), carrier, period, MeteredWord.wrap(metered[i - from]), pools);
            }
        }
    }

    /// @inheritdoc ISettlementExtension
    function isSettled(uint8 carrier, uint32 period) public view returns (bool) {
        uint8[] memory areas = REGISTRY.areas();
        for (uint256 i; i < areas.length; ++i) {
            (bool isTaken, Area memory state) = _area(areas[i], carrier, period);
            bool settled = isTaken ? state.finished : _expectedAt(areas[i], carrier, period) == 0;
            if (!settled) return false;
        }
        return true;
    }

    // --- steps --------------------------------------------------------------------------------------------------

    function _requireHandOutOpen(uint32 period) private view {
        _requireFrom(_endsAt(period) + CORRECTIONS_UNTIL);
        _requireBefore(_endsAt(period) + HAND_OUT_UNTIL);
    }

    function _pools(uint8 carrier, uint32 period) private view returns (Pools memory pools) {
        uint8[] memory areas = REGISTRY.areas();
        pools.markets = new Market[](areas.length);
        pools.energiesWh = new uint256[](areas.length);
        pools.netBoughtWh = netBoughtWh(carrier, period);
        for (uint256 i; i < areas.length; ++i) {
            (, Area memory state) = _area(areas[i], carrier, period);
            (pools.markets[i], pools.energiesWh[i]) = (toMarket(areas[i], carrier, period), state.poolWh);
        }
    }

    /// Marks the accounts `from` ≤ index < `to` of one word before anything is minted: a receiver may call back. Returns who
    /// was marked before.
    function _markHandedOut(Market market, uint256 from, uint256 to) private returns (MarksWord before) {
        (uint8 area, uint8 carrier, uint32 period) = (market.area(), market.carrier(), market.period());
        before = _marks(Mark.HandedOut, area, carrier, period, from);
        MarksWord marks = before;
        for (uint256 i = from; i < to; ++i) {
            marks = marks.with(markOf(i));
        }
        _setMarks(Mark.HandedOut, area, carrier, period, from, marks);
    }

    function _handOutTo(AccountId account, uint8 carrier, uint32 period, MeteredWord metered, Pools memory pools)
        private
    {
        PositionWord position = _position(account, carrier, period);
        uint256 deliverable = _certified(account, carrier, period, metered).deliverable();
        uint256 own = deliverable - Math.min(position.netSoldWh(), deliverable);
        _mint(account, toMarket(account.area(), carrier, period), own);
        uint256 bought = position.netBoughtWh();
        if (bought == 0) return;
        for (uint256 i; i < pools.markets.length; ++i) {
            _mint(account, pools.markets[i], pools.energiesWh[i] * bought / pools.netBoughtWh);
        }
    }

    function _mint(AccountId account, Market market, uint256 energyWh) private {
        if (energyWh == 0) return;
        bool taken = TOKEN.mint(VAULT.ownerOf(account), market, energyWh);
        if (taken) emit CertificatesHandedOut(account, market, energyWh);
    }

    /// @inheritdoc ISettlementExtension
    function openCorrections(uint8 carrier, uint32 period) public view returns (uint256) {
        return _period(carrier, period).openCorrections;
    }

    /// @inheritdoc ISettlementExtension
    function netBoughtWh(uint8 carrier, uint32 period) public view returns (uint256) {
        return _period(carrier, period).netBoughtWh;
    }
}
