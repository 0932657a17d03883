// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBookExtension} from "../interfaces/IOrderBook.sol";
import {TickBitmap} from "../libraries/TickBitmap.sol";
import {MAX_PRICE_TICKS} from "../types/Order.sol";
import {BookStorage} from "./BookStorage.sol";

/// Words that every turn of the ring writes, written before the first: a word's first write costs 17,100 gas more than any later one.
abstract contract BookPreparation is IOrderBookExtension, BookStorage {
    /// @inheritdoc IOrderBookExtension
    function prepareMarkets(
        uint8 area,
        uint8 carrier,
        uint256 first,
        uint256 count,
        uint256 lowestTick,
        uint256 highestTick
    ) external {
        if (highestTick > MAX_PRICE_TICKS) revert PriceOutOfRange(highestTick);
        uint256 last = TickBitmap.leafOf(highestTick);
        uint256 end = first + count < RING_PERIODS ? first + count : RING_PERIODS;
        for (uint256 slot = first; slot < end; ++slot) {
            uint256 key = (uint256(area) << 24) | (uint256(carrier) << 16) | slot;
            _prepareMarket(key, _farTag());
            for (uint256 leaf = TickBitmap.leafOf(lowestTick); leaf <= last; ++leaf) {
                _ticks.prepare(key, _farTag(), leaf);
            }
        }
    }
}
