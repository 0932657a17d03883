// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Order} from "./Order.sol";
import {OrderRef} from "./OrderRef.sol";

/// What OrderPlaced tells, in one word. From the lowest bit: order 199 | ref 32, where its rest lies | restWh 23, 0: nothing rests.
type PlacedOrder is uint256;

function toPlacedOrder(Order order, OrderRef ref, uint256 restWh) pure returns (PlacedOrder) {
    return PlacedOrder.wrap(Order.unwrap(order) | (uint256(OrderRef.unwrap(ref)) << 199) | (restWh << 231));
}
