// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// What one grid area charges in one delivery period, frozen before the period can be traded.
/// Prices and levies in ticks; capacities in Wh per period.
struct Terms {
    uint16 retailTicks;
    uint16 feedInTicks;
    uint16 levyBuyTicks;
    uint16 levySellTicks;
    uint40 exportCapacityWh;
    uint40 inboundCapacityWh;
    uint40 shareCapWh; // the most that one account may bid, and may offer, in a market of a venue; 0: no cap
}
