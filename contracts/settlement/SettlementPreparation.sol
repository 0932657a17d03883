// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlementExtension} from "../interfaces/ISettlement.sol";
import {SettlementState} from "./SettlementState.sol";

/// Words that every turn of the ring writes, written before the first: a word's first write costs 17,100 gas more than any later one.
abstract contract SettlementPreparation is ISettlementExtension, SettlementState {
    /// @inheritdoc ISettlementExtension
    function prepareAreas(uint8 area, uint8 carrier, uint256 first, uint256 count) external {
        uint256 end = first + count < RING_PERIODS ? first + count : RING_PERIODS;
        if (first >= end) return;
        for (uint256 slot = first; slot < end; ++slot) {
            _prepare(area, carrier, slot, _farTag());
        }
        VAULT.preparePots(address(this), _potKey(carrier, uint32(first)), end - first);
    }
}
