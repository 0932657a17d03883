// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// Where an order rests in its market's book: `tick << 16 | index`. The tick is the folded price, the index counts
/// the entries that ever rested there in this market, from 0.
type OrderRef is uint32;

using OrderRefLibrary for OrderRef global;

function toOrderRef(uint256 tick_, uint256 index_) pure returns (OrderRef) {
    return OrderRef.wrap(uint32((tick_ << 16) | index_));
}

library OrderRefLibrary {
    function tick(OrderRef self) internal pure returns (uint256) {
        return OrderRef.unwrap(self) >> 16;
    }

    function index(OrderRef self) internal pure returns (uint256) {
        return OrderRef.unwrap(self) & 0xffff;
    }
}
