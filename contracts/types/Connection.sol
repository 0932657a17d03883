// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// What joins one grid area to another in one delivery period, frozen before the period can be traded.
struct Connection {
    uint16 feeTicks; // what an account of the first area pays a Wh in the second one's markets
    uint40 capacityWh; // the most that flows from the first to the second in a period; 0: nothing does
}
