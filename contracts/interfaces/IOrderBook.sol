// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../types/AccountId.sol";
import {Market} from "../types/Market.sol";
import {Order} from "../types/Order.sol";
import {OrderRef} from "../types/OrderRef.sol";
import {PlacedOrder} from "../types/PlacedOrder.sol";

/// A signed wish to cancel one resting order; the signature has 64 bytes (EIP-2098) or 65, or is what the contract wallet that
/// owns the account asks for (EIP-1271).
struct SignedCancel {
    AccountId account;
    Market market;
    OrderRef ref;
    uint40 validUntil;
    bytes signature;
}

enum CancelReason {
    Owner,
    OwnOpposite,
    GateClosed,
    NotAdmitted
}

/// What the book tells.
interface IOrderBookFacts {
    /// An order entered. All `LevelTaken` of it come before, in the same transaction. One word, see types/PlacedOrder.sol.
    event OrderPlaced(PlacedOrder placed);
    /// `energyWh` resting at `tick` traded with the order that the next `OrderPlaced` shows. Entries before `head` are
    /// filled, the head holds `headFilledWh` of fill.
    event LevelTaken(Market indexed market, uint16 tick, uint40 energyWh, uint16 head, uint24 headFilledWh);
    /// Entries before `head` are gone; whoever takes from the level no longer walks them.
    event HeadSkipped(Market indexed market, uint16 tick, uint16 head);
    /// The unfilled rest of an entry left the book.
    /// One word, from the lowest bit: account 24 | market 48 | ref 32 | restWh 24 | reason 8 (CancelReason).
    event OrderCancelled(uint256 cancelled);
    /// Claimed fills of a void market: their locks went back. A word each, as in ISettlement.PositionsBooked, which tells of all
    /// other claims.
    event FillsUndone(Market indexed market, uint256[] fills);
    /// One order of a batch failed with the given error; the others went on.
    event OrderSkipped(uint256 indexed position, Order order, bytes error);
    /// One cancellation of a batch failed with the given error; the others went on.
    event CancelSkipped(uint256 indexed position, AccountId account, OrderRef ref, bytes error);

    error TradingNotOpen(uint32 period);
    error GateClosed(uint32 period);
    error GateNotClosed(uint32 period);
    error DeliveryNotStarted(uint32 period);
    /// Bits above an order's last field are set.
    error OrderMalformed(Order order);
    error OrderExpired(uint256 validUntil);
    /// Above 57,599 ticks, an offer's fees included.
    error PriceOutOfRange(uint256 priceTicks);
    /// Below 10 Wh.
    error EnergyOutOfRange(uint256 energyWh);
    /// A bid above what its account's own backstop asks.
    error PriceAboveRetail(uint256 priceTicks, uint256 retailTicks);
    /// Levy and network fee come to more than the order accepts.
    error FeeTooHigh(uint256 feeTicks, uint256 maxFeeTicks);
    /// A bid's limit doesn't even pay its fees.
    error FeeAbovePrice(uint256 feeTicks, uint256 priceTicks);
    /// A fill-or-kill order met less than it wants.
    error NotFilled(uint256 wantedWh, uint256 availableWh);
    /// A post-only order met one at `tick`.
    error WouldTrade(uint256 tick);
    error AreaNotConnected(uint8 accountArea, uint8 marketArea);
    /// The account's own opposite orders may be met: the call must list them (`own`), all of that side if need be.
    error OwnOrderInTheWay(uint256 tick);
    /// 64 of the account's orders rest in the market or wait to be collected.
    error TooManyOwnOrders(AccountId account);
    /// Matching would touch more levels and entries than the caller allows.
    error TouchLimit(uint256 maxTouches);
    /// 4,096 orders have rested at this price.
    error LevelFull(uint256 tick);
    /// The account would have bought or sold 2^29 Wh or more in the market, unclaimed.
    error PositionTooLarge(AccountId account);
    error NotYourOrder(OrderRef ref, AccountId account);
    /// It has traded wholly, left the book, or never was there.
    error OrderNotLive(OrderRef ref);
    error SignatureInvalid(AccountId account);
    /// An earlier period, whose claims are open, still has the words that the market needs.
    error PeriodUnfinished(uint32 period);
    error MarketVoided(Market market);
    error MarketNotVoid(Market market);
    /// The batch ends within its signed order at `position`.
    error BatchMalformed(uint256 position);
    /// Only the book calls itself there.
    error SelfOnly();

    struct MarketView {
        bool opened;
        bool closed;
        uint256 openLevels; // price levels with uncollected entries
        bool hasBid;
        uint256 bestBid;
        bool hasOffer;
        uint256 bestOffer;
        uint16 retailTicks;
        uint16 levyBuyTicks;
        uint16 levySellTicks;
    }

    struct LevelView {
        uint256 head;
        uint256 tail;
        uint256 headFilledWh;
        uint256 totalWh; // unfilled, live
        uint256 openEntries; // not yet collected
    }

    struct EntryView {
        AccountId account;
        bool isOffer;
        uint256 energyWh; // as it rested
        uint256 filledWh;
        bool live;
    }

    struct RecordView {
        uint256 boughtWh;
        uint256 soldWh;
        uint256 paid;
        uint256 received;
        uint256 locked;
        uint256 bids;
        uint256 offers;
        uint256 highestBid;
        uint256 lowestOffer;
    }
}

/// What OrderBook's own code answers.
interface IOrderBookMain is IOrderBookFacts {
    // --- trading -------------------------------------------------------------------------------------------------

    /// Enters an order of the caller's account; nonce and validUntil of a direct order count only as a deadline (0: none).
    /// A limit order rests with what it doesn't trade; immediate-or-cancel never rests; fill-or-kill trades wholly or is refused;
    /// post-only rests wholly or is refused. An account of another area pays the network fee to this one beside the levy, and
    /// its order reserves capacity: wholly or it is refused; what doesn't trade is returned.
    /// Touches at most `maxTouches` levels and entries. Returns where the remainder rests and how much.
    function placeOrder(Order order, OrderRef[] calldata own, uint256 maxTouches)
        external
        returns (OrderRef ref, uint256 restWh);
    /// Enters orders of the caller's accounts in the given sequence, all or none. What those of one account in one area and
    /// carrier lock is locked together; none may meet an own opposite order.
    function placeMany(Order[] calldata orders, uint256 maxTouches) external;
    /// Enters signed orders in the given sequence, packed as types/SignedOrder.sol says; one that fails is skipped with an
    /// event. A contract wallet signs by EIP-1271, with 150,000 gas.
    function placeSigned(bytes calldata batch, uint256 maxTouches) external;
    /// Cancels a live order of the caller's account; its lock returns. Never halted.
    function cancelOrder(Market market, OrderRef ref) external;
    /// Cancels what is live of `refs` and the account's, the caller's; others are passed over, so that a page stays good whatever
    /// happened meanwhile. All live orders at once: all of the account's in the market, in as many pages as one likes.
    function cancelAll(AccountId account, Market market, OrderRef[] calldata refs) external;

    // --- from delivery start on, by anyone -----------------------------------------------------------------------

    /// From delivery start on: collects `refs` (filled or not), then turns the records of `accounts` into positions and moves their
    /// money to Settlement. In a void market every lock returns instead. Whoever closes the last open part lowers Settlement's
    /// count of open markets.
    function claim(Market market, OrderRef[] calldata refs, AccountId[] calldata accounts) external;

    // --- views ---------------------------------------------------------------------------------------------------

    /// What an order's owner signs (EIP-712).
    function orderHash(Order order) external view returns (bytes32);
}

/// What its extension answers at the same address (libraries/Extended.sol).
interface IOrderBookExtension is IOrderBookFacts {
    // --- relayed by anyone ---------------------------------------------------------------------------------------

    /// Cancels what accounts' owners signed, keys or contract wallets; one that fails is skipped with an event. Never halted.
    function cancelSigned(SignedCancel[] calldata cancels) external;

    // --- upkeep, by anyone ---------------------------------------------------------------------------------------

    /// Moves a level's head past at most `most` entries that are gone, so that no taker has to walk them.
    function skip(Market market, uint256 tick, uint256 most) external;
    /// Moves the fills of filled entries into their owners' record; moves no money.
    function collect(Market market, OrderRef[] calldata refs) external;
    /// From the gate on: returns unfilled rests to their owners and collects the entries.
    function returnRests(Market market, OrderRef[] calldata refs) external;
    /// Cancels live orders of an account that may no longer trade.
    function cancelNotAdmitted(Market market, OrderRef[] calldata refs) external;
    /// Of a market that GridOversight says is void: from now on it takes no orders. An order doesn't ask GridOversight itself;
    /// what came before leaves by cancel or claim, its lock returned. Nothing is kept of a market without an order.
    function noteVoid(Market market) external;

    /// Writes the words of an area's markets, with those of the prices from `lowestTick` to `highestTick`, in `count` places of the
    /// ring from `first` on, before there is anything in them: the first order there then costs as little as every later turn's.
    /// What is written already stays as it is.
    function prepareMarkets(
        uint8 area,
        uint8 carrier,
        uint256 first,
        uint256 count,
        uint256 lowestTick,
        uint256 highestTick
    ) external;

    // --- views ---------------------------------------------------------------------------------------------------

    /// All 0 before the market's first order, and once another period has its words.
    function marketOf(Market market) external view returns (MarketView memory);
    /// `tick`: the price with fees folded in, as in events.
    function level(Market market, uint256 tick) external view returns (LevelView memory);
    /// A resting order; without energy once it was cancelled or collected.
    function entry(Market market, OrderRef ref) external view returns (EntryView memory);
    /// What an account traded there and nobody has claimed yet, filled entries that nobody collected aside. Wh and cash units.
    function record(Market market, AccountId account) external view returns (RecordView memory);
    /// Price levels with live energy, best first, at most `count`.
    function depth(Market market, bool offers, uint256 count)
        external
        view
        returns (uint256[] memory ticks, uint256[] memory energyWh);
    /// What an account's owner signs to cancel (EIP-712).
    function cancelHash(AccountId account, Market market, OrderRef ref, uint40 validUntil)
        external
        view
        returns (bytes32);
}

/// Continuous double auction, one book per market, price then time priority.
/// Takers never write makers' orders: a level's head cursor and the head's partial fill imply every maker's fill, which anyone
/// collects later. A trade is at the resting order's price; what an order's lock exceeds its cost returns at once.
/// It is not possible to trade with oneself, to trade past the gate, or to be filled worse than one's limit, fees included.
interface IOrderBook is IOrderBookMain, IOrderBookExtension {}
