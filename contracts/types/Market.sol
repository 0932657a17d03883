// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// (grid area, carrier, delivery period): `area << 40 | carrier << 32 | period`.
/// A period's index is its start in UTC seconds divided by the market time unit.
type Market is uint48;

using MarketLibrary for Market global;
using {otherMarket as !=} for Market global;

function otherMarket(Market a, Market b) pure returns (bool) {
    return Market.unwrap(a) != Market.unwrap(b);
}

function toMarket(uint8 area, uint8 carrier, uint32 period) pure returns (Market) {
    return Market.wrap((uint48(area) << 40) | (uint48(carrier) << 32) | period);
}

library MarketLibrary {
    function area(Market self) internal pure returns (uint8) {
        return uint8(Market.unwrap(self) >> 40);
    }

    function carrier(Market self) internal pure returns (uint8) {
        return uint8(Market.unwrap(self) >> 32);
    }

    function period(Market self) internal pure returns (uint32) {
        return uint32(Market.unwrap(self));
    }
}
