// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TermsWord} from "./TermsWord.sol";

/// A market of the order book in one word. From the lowest bit:
///
///   bits    field
///   16      tag           turn of the ring
///   1       opened        a first order came
///   1       closed        Settlement knows that nothing is open any more
///   16      openLevels    price levels with uncollected entries, and those that a cancel emptied till a page names one of theirs
///   16      bestBid       one more than the tick, 0: none; the level may have run empty, then it is the only such one marked
///   16      bestOffer     likewise
///   16      retailTicks   the frozen terms
///   16      levyBuyTicks
///   16      levySellTicks
///   48      boughtOpenWh  what makers' collected entries traded, less what was claimed as bought
///   48      soldOpenWh    likewise, as sold
///   1       capped        the terms cap what one account may order
///   1       voided        GridOversight's void was noted here: nothing more enters
///
/// Bought equals sold, so once no level is open, the last two tell whether any record still holds fills: a take needn't
/// count its record. Until then they may run below 0; they wrap.
type MarketWord is uint256;

using MarketWordLibrary for MarketWord global;
using {sameMarketWord as ==} for MarketWord global;

function sameMarketWord(MarketWord a, MarketWord b) pure returns (bool) {
    return MarketWord.unwrap(a) == MarketWord.unwrap(b);
}

uint256 constant CAPPED = 1 << 210;

function openedMarket(uint256 tag_, TermsWord terms) pure returns (MarketWord) {
    uint256 ticks = terms.retailTicks() | (terms.levyBuyTicks() << 16) | (terms.levySellTicks() << 32);
    return MarketWord.wrap(tag_ | (1 << 16) | (ticks << 66) | (terms.shareCapWh() == 0 ? 0 : CAPPED));
}

library MarketWordLibrary {
    uint256 private constant VOIDED = 1 << 211;
    uint256 private constant CLOSED = 1 << 17;
    uint256 private constant OPEN_LEVEL = 1 << 18;
    uint256 private constant BEST_BID = 0xffff << 34;
    uint256 private constant BEST_OFFER = 0xffff << 50;
    uint256 private constant ENERGY = (1 << 48) - 1;
    uint256 private constant OPEN = (0xffff << 18) | (((1 << 96) - 1) << 114);

    function tag(MarketWord self) internal pure returns (uint256) {
        return MarketWord.unwrap(self) & 0xffff;
    }

    function isOpened(MarketWord self) internal pure returns (bool) {
        return (MarketWord.unwrap(self) >> 16) & 1 == 1;
    }

    function isClosed(MarketWord self) internal pure returns (bool) {
        return (MarketWord.unwrap(self) >> 17) & 1 == 1;
    }

    function isCapped(MarketWord self) internal pure returns (bool) {
        return MarketWord.unwrap(self) & CAPPED != 0;
    }

    function openLevels(MarketWord self) internal pure returns (uint256) {
        return uint16(MarketWord.unwrap(self) >> 18);
    }

    /// Whether no entry is left to collect and no fill to claim.
    function isDone(MarketWord self) internal pure returns (bool) {
        return MarketWord.unwrap(self) & OPEN == 0;
    }

    function bestBid(MarketWord self) internal pure returns (uint256) {
        return uint16(MarketWord.unwrap(self) >> 34);
    }

    function bestOffer(MarketWord self) internal pure returns (uint256) {
        return uint16(MarketWord.unwrap(self) >> 50);
    }

    function retailTicks(MarketWord self) internal pure returns (uint256) {
        return uint16(MarketWord.unwrap(self) >> 66);
    }

    function levyBuyTicks(MarketWord self) internal pure returns (uint256) {
        return uint16(MarketWord.unwrap(self) >> 82);
    }

    function levySellTicks(MarketWord self) internal pure returns (uint256) {
        return uint16(MarketWord.unwrap(self) >> 98);
    }

    function isVoided(MarketWord self) internal pure returns (bool) {
        return MarketWord.unwrap(self) & VOIDED != 0;
    }

    function asVoided(MarketWord self) internal pure returns (MarketWord) {
        return MarketWord.wrap(MarketWord.unwrap(self) | VOIDED);
    }

    function asClosed(MarketWord self) internal pure returns (MarketWord) {
        return MarketWord.wrap(MarketWord.unwrap(self) | CLOSED);
    }

    function withOpenLevel(MarketWord self) internal pure returns (MarketWord) {
        unchecked {
            return MarketWord.wrap(MarketWord.unwrap(self) + OPEN_LEVEL); // at most one for each of 57,600 ticks
        }
    }

    function withoutOpenLevel(MarketWord self) internal pure returns (MarketWord) {
        unchecked {
            return MarketWord.wrap(MarketWord.unwrap(self) - OPEN_LEVEL); // it was counted
        }
    }

    /// A maker's entry is collected, of which `energyWh` traded.
    function withCollected(MarketWord self, uint256 energyWh) internal pure returns (MarketWord) {
        unchecked {
            return self.withOpenEnergy(self.boughtOpenWh() + energyWh, self.soldOpenWh() + energyWh);
        }
    }

    /// A record's fills became a position.
    function withClaimed(MarketWord self, uint256 boughtWh, uint256 soldWh) internal pure returns (MarketWord) {
        unchecked {
            return self.withOpenEnergy(self.boughtOpenWh() - boughtWh, self.soldOpenWh() - soldWh);
        }
    }

    function boughtOpenWh(MarketWord self) internal pure returns (uint256) {
        return (MarketWord.unwrap(self) >> 114) & ENERGY;
    }

    function soldOpenWh(MarketWord self) internal pure returns (uint256) {
        return (MarketWord.unwrap(self) >> 162) & ENERGY;
    }

    function withOpenEnergy(MarketWord self, uint256 boughtWh, uint256 soldWh) internal pure returns (MarketWord) {
        uint256 others = MarketWord.unwrap(self) & ~(uint256(type(uint96).max) << 114);
        return MarketWord.wrap(others | ((boughtWh & ENERGY) << 114) | ((soldWh & ENERGY) << 162));
    }

    function withBestBid(MarketWord self, uint256 best) internal pure returns (MarketWord) {
        return MarketWord.wrap((MarketWord.unwrap(self) & ~BEST_BID) | (best << 34));
    }

    function withBestOffer(MarketWord self, uint256 best) internal pure returns (MarketWord) {
        return MarketWord.wrap((MarketWord.unwrap(self) & ~BEST_OFFER) | (best << 50));
    }
}
