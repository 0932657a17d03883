// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBookExtension} from "../interfaces/IOrderBook.sol";
import {AccountId} from "../types/AccountId.sol";
import {LevelWord} from "../types/LevelWord.sol";
import {Market} from "../types/Market.sol";
import {MarketWord} from "../types/MarketWord.sol";
import {OrderRef} from "../types/OrderRef.sol";
import {RecordWord} from "../types/RecordWord.sol";
import {BookEntries, Cursor} from "./BookEntries.sol";
import {Book} from "./BookStorage.sol";

/// The book as its words imply it.
abstract contract BookViews is IOrderBookExtension, BookEntries {
    /// @inheritdoc IOrderBookExtension
    function marketOf(Market market) external view returns (MarketView memory) {
        Book memory book = _loadedBookOf(market);
        MarketWord word = book.word;
        (bool hasBid, uint256 bestBid) = _bestTick(book, false);
        (bool hasOffer, uint256 bestOffer) = _bestTick(book, true);
        return MarketView({
            opened: word.isOpened(),
            closed: word.isClosed(),
            openLevels: word.openLevels(),
            hasBid: hasBid,
            bestBid: bestBid,
            hasOffer: hasOffer,
            bestOffer: bestOffer,
            retailTicks: uint16(word.retailTicks()),
            levyBuyTicks: uint16(word.levyBuyTicks()),
            levySellTicks: uint16(word.levySellTicks())
        });
    }

    /// @inheritdoc IOrderBookExtension
    function level(Market market, uint256 tick) external view returns (LevelView memory) {
        LevelWord word = _levelAt(_bookOf(market), tick);
        return LevelView(word.head(), word.tail(), word.headFilledWh(), word.totalWh(), word.openEntries());
    }

    /// @inheritdoc IOrderBookExtension
    function entry(Market market, OrderRef ref) external view returns (EntryView memory) {
        Cursor memory at;
        _lookAt(_bookOf(market), at, ref);
        return EntryView({
            account: at.account(),
            isOffer: at.entry.isOffer(),
            energyWh: at.entry.energyWh(),
            filledWh: at.filledWh,
            live: at.restWh != 0
        });
    }

    /// @inheritdoc IOrderBookExtension
    function record(Market market, AccountId account) external view returns (RecordView memory) {
        RecordWord word = _recordOf(_bookOf(market), account);
        return RecordView({
            boughtWh: word.boughtWh(),
            soldWh: word.soldWh(),
            paid: word.paid(),
            received: word.received(),
            locked: word.locked(),
            bids: word.bids(),
            offers: word.offers(),
            highestBid: word.highestBid(),
            lowestOffer: word.lowestOffer()
        });
    }

    /// @inheritdoc IOrderBookExtension
    function depth(Market market, bool offers, uint256 count)
        external
        view
        returns (uint256[] memory ticks, uint256[] memory energyWh)
    {
        Book memory book = _loadedBookOf(market);
        ticks = _bestTicks(book, offers, count);
        energyWh = new uint256[](ticks.length);
        unchecked {
            for (uint256 i; i < ticks.length; ++i) {
                energyWh[i] = _levelAt(book, ticks[i]).totalWh();
            }
        }
    }

    /// The best price of a side with live energy, if there is one.
    function _bestTick(Book memory book, bool offers) private view returns (bool found, uint256 tick) {
        unchecked {
            uint256 best = _liveBest(book, offers);
            if (best != 0) (found, tick) = (true, best - 1);
        }
    }

    function _bestTicks(Book memory book, bool offers, uint256 count) private view returns (uint256[] memory ticks) {
        uint256 best = _liveBest(book, offers);
        uint256 found = 0;
        ticks = new uint256[](count);
        unchecked {
            while (best != 0 && found < count) {
                ticks[found++] = --best;
                best = _nextTick(book, offers, best);
            }
        }
        assembly ("memory-safe") {
            mstore(ticks, found)
        }
    }
}
