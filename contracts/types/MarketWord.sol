// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Terms} from "./Terms.sol";

/// A market of the order book in one word. From the lowest bit:
///
///   bits    field
///   16      tag           turn of the ring
///   1       opened        a first order came
///   1       closed        Settlement knows that nothing is open any more
///   24      openParts     levels with uncollected entries + records with unclaimed fills
///   16      bestBid       one more than the tick, 0: none
///   16      bestOffer     one more than the tick, 0: none
///   16      retailTicks   the frozen terms
///   16      levyBuyTicks
///   16      levySellTicks
type MarketWord is uint256;

using MarketWordLibrary for MarketWord global;
using {sameMarketWord as ==} for MarketWord global;

function sameMarketWord(MarketWord a, MarketWord b) pure returns (bool) {
    return MarketWord.unwrap(a) == MarketWord.unwrap(b);
}

function openedMarket(uint256 tag_, Terms memory terms) pure returns (MarketWord) {
    uint256 ticks = terms.retailTicks | (uint256(terms.levyBuyTicks) << 16) | (uint256(terms.levySellTicks) << 32);
    return MarketWord.wrap(tag_ | (1 << 16) | (ticks << 74));
}

library MarketWordLibrary {
    uint256 private constant CLOSED = 1 << 17;
    uint256 private constant OPEN_PART = 1 << 18;
    uint256 private constant BEST_BID = 0xffff << 42;
    uint256 private constant BEST_OFFER = 0xffff << 58;

    function tag(MarketWord self) internal pure returns (uint256) {
        return MarketWord.unwrap(self) & 0xffff;
    }

    function isOpened(MarketWord self) internal pure returns (bool) {
        return (MarketWord.unwrap(self) >> 16) & 1 == 1;
    }

    function isClosed(MarketWord self) internal pure returns (bool) {
        return (MarketWord.unwrap(self) >> 17) & 1 == 1;
    }

    function openParts(MarketWord self) internal pure returns (uint256) {
        return (MarketWord.unwrap(self) >> 18) & 0xffffff;
    }

    function bestBid(MarketWord self) internal pure returns (uint256) {
        return uint16(MarketWord.unwrap(self) >> 42);
    }

    function bestOffer(MarketWord self) internal pure returns (uint256) {
        return uint16(MarketWord.unwrap(self) >> 58);
    }

    function retailTicks(MarketWord self) internal pure returns (uint256) {
        return uint16(MarketWord.unwrap(self) >> 74);
    }

    function levyBuyTicks(MarketWord self) internal pure returns (uint256) {
        return uint16(MarketWord.unwrap(self) >> 90);
    }

    function levySellTicks(MarketWord self) internal pure returns (uint256) {
        return uint16(MarketWord.unwrap(self) >> 106);
    }

    function asClosed(MarketWord self) internal pure returns (MarketWord) {
        return MarketWord.wrap(MarketWord.unwrap(self) | CLOSED);
    }

    function withOpenPart(MarketWord self) internal pure returns (MarketWord) {
        return MarketWord.wrap(MarketWord.unwrap(self) + OPEN_PART);
    }

    function withoutOpenPart(MarketWord self) internal pure returns (MarketWord) {
        return MarketWord.wrap(MarketWord.unwrap(self) - OPEN_PART);
    }

    function withBestBid(MarketWord self, uint256 best) internal pure returns (MarketWord) {
        return MarketWord.wrap((MarketWord.unwrap(self) & ~BEST_BID) | (best << 42));
    }

    function withBestOffer(MarketWord self, uint256 best) internal pure returns (MarketWord) {
        return MarketWord.wrap((MarketWord.unwrap(self) & ~BEST_OFFER) | (best << 58));
    }
}
