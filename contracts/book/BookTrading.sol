// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPaymentVault} from "../interfaces/IPaymentVault.sol";
import {AccountId} from "../types/AccountId.sol";
import {Entry, EntryWord, newEntry} from "../types/Entry.sol";
import {LevelWord, MAX_LEVEL_ENTRIES, positionOf} from "../types/LevelWord.sol";
import {Market} from "../types/Market.sol";
import {MarketWord, openedMarket} from "../types/MarketWord.sol";
import {FILL_OR_KILL, LIMIT, MAX_PRICE_TICKS, MIN_ENERGY_WH, Order, POST_ONLY} from "../types/Order.sol";
import {OrderRef, toOrderRef} from "../types/OrderRef.sol";
import {toPlacedOrder} from "../types/PlacedOrder.sol";
import {MAX_OWN_ENTRIES, RecordWord, purchase, sale} from "../types/RecordWord.sol";
import {BookMatching, Incoming} from "./BookMatching.sol";
import {BookSignatures} from "./BookSignatures.sol";
import {Book} from "./BookStorage.sol";

/// Order entry: check, cancel own opposite orders, trade, rest, lock.
abstract contract BookTrading is BookMatching, BookSignatures {
    function _enter(Order order, OrderRef[] calldata own, uint256 maxTouches, address owner, bool signed)
        internal
        returns (OrderRef, uint256)
    {
        _check(order);
        Book memory book = _loadedBookOf(order.market());
        Incoming memory incoming;
        _trade(book, incoming, order, own, maxTouches);
        _save(book);
        if (signed) _lockSigned(order, owner, _potOf(book), incoming.locked);
        else _lock(order.account(), owner, _potOf(book), incoming.locked, order.isOffer());
        return (incoming.ref, incoming.restWh);
    }

    /// All of an order but the lock and the market's word; the order is checked.
    function _trade(
        Book memory book,
        Incoming memory incoming,
        Order order,
        OrderRef[] calldata own,
        uint256 maxTouches
    ) internal {
        _openIfFirst(book);
        _fold(book, incoming, order, maxTouches);
        _cancelOwnOpposite(book, incoming, own);
        uint8 kind = order.kind();
        _match(book, incoming, kind == POST_ONLY);
        if (kind == FILL_OR_KILL && incoming.energyWh != 0) revert NotFilled(order.energyWh(), incoming.tradedWh);
        if (incoming.tradedWh != 0) incoming.locked = _recordTrades(incoming);
        if ((kind == LIMIT || kind == POST_ONLY) && incoming.energyWh >= MIN_ENERGY_WH) _rest(book, incoming);
        _saveRecord(book, incoming.account, incoming.record);
        emit OrderPlaced(toPlacedOrder(order, incoming.ref, incoming.restWh));
        bool capped = book.word.isCapped();
        if (capped || _isForeign(book, incoming.account)) _reserve(book, capped, incoming, order.energyWh());
    }

    // --- checks -------------------------------------------------------------------------------------------------

    function _check(Order order) internal view {
        if (!order.isCanonical()) revert OrderMalformed(order);
        if (order.energyWh() < MIN_ENERGY_WH) revert EnergyOutOfRange(order.energyWh());
        if (order.priceTicks() > MAX_PRICE_TICKS) revert PriceOutOfRange(order.priceTicks());
        _requireTradable(order.market().period());
        _requireValid(order.validUntil());
    }

    function _requireTradable(uint32 period) private view {
        unchecked {
            // Times of 32 and 40 bits.
            uint256 startsAt = period * PERIOD_SECONDS;
            if (block.timestamp + OPENS_BEFORE < startsAt) revert TradingNotOpen(period);
            if (block.timestamp + GATE_BEFORE >= startsAt) revert GateClosed(period);
        }
    }

    /// The first order of a market keeps the frozen terms at hand for all others.
    function _openIfFirst(Book memory book) private {
        if (book.word.isOpened()) {
            if (book.word.isVoided()) revert MarketVoided(book.market);
            return;
        }
        if (book.stored.isOpened() && !book.stored.isClosed()) revert PeriodUnfinished(_periodStored(book));
        book.word = openedMarket(book.tag, SETTLEMENT.openMarket(book.market));
    }

    /// The earlier period whose words stand where this market's would.
    function _periodStored(Book memory book) private view returns (uint32) {
        unchecked {
            // Tags begin anew after 2^16 turns.
            uint256 turns = (book.tag - book.stored.tag()) & 0xffff;
            return uint32(book.market.period() - turns * RING_PERIODS);
        }
    }

    /// A bid competes at its limit minus the fee, an offer at its limit plus the fee.
    function _fold(Book memory book, Incoming memory incoming, Order order, uint256 maxTouches) private view {
        AccountId account = order.account();
        bool isOffer = order.isOffer();
        (uint256 fee, uint256 retail) = _feeAndRetail(book, account, isOffer);
        if (fee > order.maxFeeTicks()) revert FeeTooHigh(fee, order.maxFeeTicks());
        incoming.account = account;
        incoming.isOffer = isOffer;
        incoming.feeTicks = fee;
        incoming.energyWh = order.energyWh();
        incoming.maxTouches = maxTouches;
        incoming.record = _recordOf(book, account);
        if (isOffer) _foldOffer(incoming, order.priceTicks(), fee, retail);
        else _foldBid(incoming, order.priceTicks(), fee, retail);
    }

    function _foldBid(Incoming memory incoming, uint256 limit, uint256 fee, uint256 retail) private pure {
        if (limit > retail) revert PriceAboveRetail(limit, retail);
        if (fee > limit) revert FeeAbovePrice(fee, limit);
        unchecked {
            incoming.tick = limit - fee;
        }
        incoming.lockTicks = limit;
    }

    function _foldOffer(Incoming memory incoming, uint256 limit, uint256 fee, uint256 retail) private pure {
        unchecked {
            // Each below 2^17.
            if (limit + fee > MAX_PRICE_TICKS) revert PriceOutOfRange(limit + fee);
            incoming.tick = limit + fee;
            incoming.lockTicks = retail > limit ? retail - limit : 0;
        }
    }

    // --- state --------------------------------------------------------------------------------------------------

    /// Adds what traded to the account's record; returns what that locks.
    function _recordTrades(Incoming memory incoming) private pure returns (uint256 locked) {
        uint256 tradedWh = incoming.tradedWh;
        RecordWord fills;
        unchecked {
            // Below 2^24 Wh at ticks below 2^17; an offer trades at no less than its fee.
            uint256 fees = tradedWh * incoming.feeTicks;
            if (incoming.isOffer) {
                locked = tradedWh * incoming.lockTicks;
                fills = sale(tradedWh, incoming.value - fees, locked);
            } else {
                locked = incoming.value + fees;
                fills = purchase(tradedWh, locked);
            }
        }
        incoming.record = _withFills(incoming.account, incoming.record, fills);
    }

    /// The remainder joins the end of its level's queue.
    function _rest(Book memory book, Incoming memory incoming) private {
        (uint256 tick, uint256 restWh) = (incoming.tick, incoming.energyWh);
        LevelWord level_ = _levelAt(book, tick);
        uint256 index = level_.tail();
        if (index == MAX_LEVEL_ENTRIES) revert LevelFull(tick);
        _addOwnEntry(incoming);
        if (!level_.isCounted()) (level_, book.word) = (level_.counted(), book.word.withOpenLevel());
        if (level_.totalWh() == 0) _markBest(book, incoming);
        level_ = level_.withEntry(restWh, book.word.isCapped());
        Entry entry_ = newEntry(incoming.account, restWh, incoming.isOffer, incoming.lockTicks);
        uint256 position = positionOf(index);
        if (level_.holds(position)) level_ = level_.with(position, entry_);
        else _saveEntry(book, tick, position, entry_);
        _saveLevel(book, tick, level_);
        incoming.ref = toOrderRef(tick, index);
        incoming.restWh = restWh;
        unchecked {
            // An energy of 23 bits at a limit of 16, beside what traded.
            incoming.locked += restWh * incoming.lockTicks;
        }
    }

    /// The first entry of a word overwrites what an earlier market left there.
    function _saveEntry(Book memory book, uint256 tick, uint256 position, Entry entry_) private {
        uint256 key = _entriesKey(book, tick, position);
        EntryWord four = position & 3 == 0 ? EntryWord.wrap(0) : _entriesAt(key);
        _saveEntries(key, four.with(position, entry_));
    }

    function _addOwnEntry(Incoming memory incoming) private pure {
        RecordWord word = incoming.record;
        unchecked {
            // 7 bits each.
            if (word.bids() + word.offers() == MAX_OWN_ENTRIES) revert TooManyOwnOrders(incoming.account);
        }
        incoming.record = incoming.isOffer ? word.withOffer(incoming.tick) : word.withBid(incoming.tick);
    }

    /// A level comes alive: its mark is set, and it may be the best price. An empty level that was the best loses its mark.
    function _markBest(Book memory book, Incoming memory incoming) private {
        uint256 tick = incoming.tick;
        bool isOffer = incoming.isOffer;
        MarketWord word = book.word;
        _ticks.mark(book.key, book.tag, tick);
        uint256 best = isOffer ? word.bestOffer() : word.bestBid();
        unchecked {
            if (best != 0) {
                if (isOffer ? tick + 1 >= best : tick + 1 <= best) return;
                if (_levelAt(book, best - 1).totalWh() == 0) _ticks.unmark(book.key, book.tag, best - 1);
            }
            book.word = isOffer ? word.withBestOffer(tick + 1) : word.withBestBid(tick + 1);
        }
    }

    /// All of the order counts at entry; what neither rests nor traded doesn't any longer.
    function _reserve(Book memory book, bool capped, Incoming memory incoming, uint256 energyWh) private {
        (AccountId account, bool isOffer) = (incoming.account, incoming.isOffer);
        _reserveLimits(book, capped, account, isOffer, energyWh);
        _returnLimits(book, capped, account, isOffer, energyWh - incoming.tradedWh - incoming.restWh);
    }

    // --- transfer -----------------------------------------------------------------------------------------------

    /// VAULT.lockSigned(...), encoded by hand: an encoder, and a look whether the vault has code, would cost every order of a
    /// batch some 250 gas.
    function _lockSigned(Order order, address owner, uint96 pot, uint256 amount) private {
        uint256 selector = uint32(VAULT.lockSigned.selector);
        IPaymentVault vault = VAULT;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, selector)
            mstore(add(free, 0x20), order)
            mstore(add(free, 0x40), owner)
            mstore(add(free, 0x60), pot)
            mstore(add(free, 0x80), amount)
            if iszero(call(gas(), vault, 0, add(free, 28), 0x84, 0, 0)) {
                returndatacopy(free, 0, returndatasize())
                revert(free, returndatasize())
            }
        }
    }

    function _lock(AccountId account, address owner, uint96 pot, uint256 amount, bool isOffer) internal {
        VAULT.lock(account, owner, pot, amount, isOffer);
    }
}
