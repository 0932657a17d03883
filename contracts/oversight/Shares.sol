// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGridOversight} from "../interfaces/IGridOversight.sol";
import {AccountId} from "../types/AccountId.sol";
import {CapacityWord, toCapacityWord} from "../types/CapacityWord.sol";
import {Market} from "../types/Market.sol";
import {Capacities} from "./Capacities.sol";

/// Absolute caps on the share of one account in a market. A venue asks only in a market whose terms have a cap.
abstract contract Shares is Capacities {
    mapping(address venue => mapping(uint256 key => CapacityWord)) private _shares;

    /// @inheritdoc IGridOversight
    function reserveShare(AccountId account, Market market, bool isOffer, uint256 energyWh) external {
        uint32 period = market.period();
        _requireVenue();
        _requireTradable(period);
        uint256 total = shareOf(msg.sender, account, market, isOffer) + energyWh;
        uint256 capWh = termsWordOf(market.area(), market.carrier(), period).shareCapWh();
        if (capWh != 0 && total > capWh) revert ShareCapExceeded(account, market, capWh, total);
        _shares[msg.sender][_shareKey(account, market, isOffer)] = toCapacityWord(period, total);
    }

    /// @inheritdoc IGridOversight
    function returnShare(AccountId account, Market market, bool isOffer, uint256 energyWh) external {
        uint256 total = shareOf(msg.sender, account, market, isOffer);
        if (energyWh > total) energyWh = total;
        if (energyWh == 0) return;
        _shares[msg.sender][_shareKey(account, market, isOffer)] = toCapacityWord(market.period(), total - energyWh);
    }

    /// @inheritdoc IGridOversight
    function shareOf(address venue, AccountId account, Market market, bool isOffer) public view returns (uint256) {
        return _energyOf(_shares[venue][_shareKey(account, market, isOffer)], market.period());
    }

    function _shareKey(AccountId account, Market market, bool isOffer) private view returns (uint256) {
        uint256 side = isOffer ? 1 : 0;
        uint256 place = (uint256(Market.unwrap(market) >> 32) << 32) | _slotOf(market.period());
        return (side << 72) | (uint256(AccountId.unwrap(account)) << 48) | place;
    }
}
