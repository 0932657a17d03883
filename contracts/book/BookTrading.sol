// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Entry, EntryWord, newEntry} from "../types/Entry.sol";
import {LevelWord, MAX_LEVEL_ENTRIES, positionOf} from "../types/LevelWord.sol";
import {Market} from "../types/Market.sol";
import {MarketWord, openedMarket} from "../types/MarketWord.sol";
import {IMMEDIATE_OR_CANCEL, LIMIT, MAX_PRICE_TICKS, MIN_ENERGY_WH, Order} from "../types/Order.sol";
import {OrderRef, toOrderRef} from "../types/OrderRef.sol";
import {MAX_OWN_ENTRIES, RecordWord, purchase, sale} from "../types/RecordWord.sol";
import {Terms} from "../types/Terms.sol";
import {BookMatching, Incoming} from "./BookMatching.sol";
import {Book} from "./BookStorage.sol";

/// Order entry: check, cancel own opposite orders, trade, rest, lock.
abstract contract BookTrading is BookMatching {
    function _enter(Order order, OrderRef[] calldata own, uint256 maxTouches, address owner, bool signed)
        internal
        returns (OrderRef ref, uint256 restWh)
    {
        _check(order);
        Book memory book = _loadedBookOf(order.market());
        bool first = _openIfFirst(book);
        Incoming memory incoming = _fold(book, order, maxTouches);
        uint256 released = _cancelOwnOpposite(book, incoming, own);
        _match(book, incoming);
        uint256 locked = _recordTrades(book, incoming);
        if (order.kind() == LIMIT && incoming.energyWh >= MIN_ENERGY_WH) (ref, restWh) = _rest(book, incoming);
        _saveRecord(book, incoming.account, incoming.record);
        _save(book);
        emit OrderPlaced(order, ref, uint24(restWh));
        if (first) SETTLEMENT.openMarket(book.market);
        if (released != 0) _release(book, incoming.account, released);
        _lock(book, order, owner, locked + restWh * incoming.lockTicks, signed);
    }

    // --- checks -------------------------------------------------------------------------------------------------

    function _check(Order order) private view {
        if (!order.isCanonical()) revert OrderMalformed(order);
        if (order.kind() > IMMEDIATE_OR_CANCEL) revert KindUnknown(order.kind());
        if (order.energyWh() < MIN_ENERGY_WH) revert EnergyOutOfRange(order.energyWh());
        if (order.priceTicks() > MAX_PRICE_TICKS) revert PriceOutOfRange(order.priceTicks());
        (uint8 home, uint8 area) = (order.account().area(), order.market().area());
        if (home != area) revert AreaNotConnected(home, area);
        _requireTradable(order.market().period());
        _requireValid(order.validUntil());
    }

    function _requireTradable(uint32 period) private view {
        uint256 startsAt = _startsAt(period);
        if (block.timestamp + OPENS_BEFORE < startsAt) revert TradingNotOpen(period);
        if (block.timestamp + GATE_BEFORE >= startsAt) revert GateClosed(period);
    }

    function _requireValid(uint256 validUntil) internal view {
        if (validUntil != 0 && block.timestamp > validUntil) revert OrderExpired(validUntil);
    }

    /// The first order of a market keeps the frozen terms at hand for all others.
    function _openIfFirst(Book memory book) private returns (bool) {
        if (book.word.isOpened()) return false;
        if (book.stored.isOpened() && !book.stored.isClosed()) revert PeriodUnfinished(_periodStored(book));
        Market market = book.market;
        Terms memory terms = OVERSIGHT.termsOf(market.area(), market.carrier(), market.period());
        book.word = openedMarket(book.tag, terms);
        emit MarketOpened(market, terms.retailTicks, terms.levyBuyTicks, terms.levySellTicks);
        return true;
    }

    /// The earlier period whose words stand where this market's would.
    function _periodStored(Book memory book) private view returns (uint32) {
        uint256 turns = (book.tag - book.stored.tag()) & 0xffff;
        return uint32(book.market.period() - turns * RING_PERIODS);
    }

    /// A bid competes at its limit minus the fee, an offer at its limit plus the fee.
    function _fold(Book memory book, Order order, uint256 maxTouches) private view returns (Incoming memory incoming) {
        incoming.account = order.account();
        incoming.isOffer = order.isOffer();
        incoming.energyWh = order.energyWh();
        incoming.maxTouches = maxTouches;
        incoming.record = _recordOf(book, incoming.account);
        uint256 fee = incoming.isOffer ? book.word.levySellTicks() : book.word.levyBuyTicks();
        if (fee > order.maxFeeTicks()) revert FeeTooHigh(fee, order.maxFeeTicks());
        if (incoming.isOffer) _foldOffer(incoming, order.priceTicks(), fee, book.word.retailTicks());
        else _foldBid(incoming, order.priceTicks(), fee, book.word.retailTicks());
    }

    function _foldBid(Incoming memory incoming, uint256 limit, uint256 fee, uint256 retail) private pure {
        if (limit > retail) revert PriceAboveRetail(limit, retail);
        if (fee > limit) revert FeeAbovePrice(fee, limit);
        incoming.tick = limit - fee;
        incoming.lockTicks = limit;
    }

    function _foldOffer(Incoming memory incoming, uint256 limit, uint256 fee, uint256 retail) private pure {
        if (limit + fee > MAX_PRICE_TICKS) revert PriceOutOfRange(limit + fee);
        incoming.tick = limit + fee;
        incoming.lockTicks = retail > limit ? retail - limit : 0;
    }

    // --- state --------------------------------------------------------------------------------------------------

    /// Adds what traded to the account's record; returns what that locks.
    function _recordTrades(Book memory book, Incoming memory incoming) private view returns (uint256 locked) {
        uint256 tradedWh = incoming.tradedWh;
        if (tradedWh == 0) return 0;
        RecordWord fills;
        if (incoming.isOffer) {
            locked = tradedWh * incoming.lockTicks;
            fills = sale(tradedWh, incoming.value - tradedWh * book.word.levySellTicks(), locked);
        } else {
            locked = incoming.value + tradedWh * book.word.levyBuyTicks();
            fills = purchase(tradedWh, locked);
        }
        incoming.record = _withFills(book, incoming.account, incoming.record, fills);
    }

    /// The remainder joins the end of its level's queue.
    function _rest(Book memory book, Incoming memory incoming) private returns (OrderRef ref, uint256 restWh) {
        uint256 tick = incoming.tick;
        restWh = incoming.energyWh;
        LevelWord level_ = _levelAt(book, tick);
        uint256 index = level_.tail();
        if (index == MAX_LEVEL_ENTRIES) revert LevelFull(tick);
        _addOwnEntry(incoming);
        if (level_.openEntries() == 0) _addOpenPart(book);
        if (level_.totalWh() == 0) _markBest(book, incoming);
        level_ = level_.withEntry(restWh);
        Entry entry_ = newEntry(incoming.account, restWh, incoming.isOffer, incoming.lockTicks);
        uint256 position = positionOf(index);
        if (level_.holds(position)) level_ = level_.with(position, entry_);
        else _saveEntry(book, tick, position, entry_);
        _saveLevel(book, tick, level_);
        ref = toOrderRef(tick, index);
    }

    /// The first entry of a word overwrites what an earlier market left there.
    function _saveEntry(Book memory book, uint256 tick, uint256 position, Entry entry_) private {
        uint256 key = _entriesKey(book, tick, position);
        EntryWord four = position & 3 == 0 ? EntryWord.wrap(0) : _entriesAt(key);
        _saveEntries(key, four.with(position, entry_));
    }

    function _addOwnEntry(Incoming memory incoming) private pure {
        RecordWord word = incoming.record;
        if (word.bids() + word.offers() == MAX_OWN_ENTRIES) revert TooManyOwnOrders(incoming.account);
        incoming.record = incoming.isOffer ? word.withOffer(incoming.tick) : word.withBid(incoming.tick);
    }

    /// A level comes alive: its mark is set, and it may be the best price.
    function _markBest(Book memory book, Incoming memory incoming) private {
        uint256 tick = incoming.tick;
        MarketWord word = book.word;
        _ticks.mark(book.key, book.tag, tick);
        if (incoming.isOffer) {
            if (word.bestOffer() == 0 || tick + 1 < word.bestOffer()) book.word = word.withBestOffer(tick + 1);
        } else if (tick + 1 > word.bestBid()) {
            book.word = word.withBestBid(tick + 1);
        }
    }

    // --- transfer -----------------------------------------------------------------------------------------------

    function _lock(Book memory book, Order order, address owner, uint256 amount, bool signed) private {
        if (!signed) return VAULT.lock(order.account(), owner, _potOf(book), amount, order.isOffer());
        VAULT.lockSigned(order.account(), owner, _potOf(book), amount, order.isOffer(), order.nonce());
    }
}
