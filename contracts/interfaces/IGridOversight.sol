// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../types/AccountId.sol";
import {Connection} from "../types/Connection.sol";
import {Market} from "../types/Market.sol";
import {Terms} from "../types/Terms.sol";
import {TermsWord} from "../types/TermsWord.sol";

/// Frozen terms, connections between areas, and halts. It may halt, cap, void and suspend, each with a reason and an end; it can
/// never seize: cancel, claim, release and withdraw stay open during every halt, because nothing on those ways can be refused here.
/// In every period, of every two areas that a carrier's connections join, directly or through others, one's feed-in is at most
/// the other's retail plus the least fee between areas; and an area's inbound capacity covers its inbound connections.
interface IGridOversight {
    event TermsScheduled(uint8 indexed area, uint8 indexed carrier, uint32 indexed fromPeriod, Terms terms);
    event ConnectionScheduled(
        uint8 indexed from, uint8 indexed to, uint8 carrier, uint32 indexed fromPeriod, Connection connection
    );
    event VenueGranted(address indexed venue);
    event VenueRevoked(address indexed venue);
    event TradingHalted(address indexed venue, uint8 area, uint8 carrier, uint40 until, string reason);
    event TradingResumed(address indexed venue, uint8 area, uint8 carrier, string reason);
    event AccountSuspended(AccountId indexed account, uint40 until, string reason);
    event SuspensionEnded(AccountId indexed account);
    event MarketVoided(address indexed venue, Market indexed market, string reason);

    /// Of a tradable period, or before the schedule's last entry.
    error TermsTooEarly(uint32 fromPeriod, uint32 firstFree);
    /// Feed-in isn't below retail, retail above 57,599 ticks, or levies leave no price.
    error TermsOutOfRange();
    /// Registered points may feed in more than the terms say, Wh.
    error CapacityBelowLimits(uint8 area, uint256 registered, uint256 scheduled);
    error NoTerms(uint8 area, uint8 carrier, uint32 period);
    /// So many entries already lie beyond the horizon.
    error TooManyAhead(uint256 most);
    /// An area with itself, or a fee above 57,599 ticks.
    error ConnectionOutOfRange();
    error TooManyConnections(uint8 carrier);
    /// Connections into the area carry more than its terms' inbound capacity, which its backstop guarantees. Wh.
    error InboundAboveCapacity(uint8 area, uint32 period, uint256 connectedWh, uint256 inboundCapacityWh);
    /// In one area a Wh would earn more than it costs in another, fees between them included.
    error MoneyPump(uint8 carrier, uint32 period, uint256 feedInTicks, uint256 retailTicks, uint256 feeTicks);
    error CapacityExceeded(uint8 from, uint8 to, uint32 period, uint256 availableWh, uint256 wantedWh);
    error PeriodNotTradable(uint32 period);
    error NotVenue(address caller);
    error AlreadyStarted(Market market);
    error ReasonMissing();
    error HaltTooLong(uint40 until);
    error ShareCapExceeded(AccountId account, Market market, uint256 capWh, uint256 wantedWh);
    error SuspensionTooLong(uint40 until);
    error SuspensionLasts(AccountId account, uint40 until);
    error NotSuspended(AccountId account);

    /// By the grid operator: adds the terms of all periods from `fromPeriod`, which can't be tradable yet, nor lie before an earlier entry.
    /// 0 ≤ feed-in < retail ≤ 57,599; levies leave a tradable price. At most 100 entries beyond the horizon.
    function scheduleTerms(uint8 area, uint8 carrier, uint32 fromPeriod, Terms calldata terms) external;
    /// By the grid operator: adds what joins `from` to `to` in all periods from `fromPeriod`, as terms are added; both must have terms then. Each way
    /// is a connection of its own: its fee is what accounts of `from` pay in markets of `to`, its capacity what flows from `from`
    /// to `to`. At most 24 a carrier.
    function scheduleConnection(uint8 from, uint8 to, uint8 carrier, uint32 fromPeriod, Connection calldata connection)
        external;
    /// The registry's word: Σ export limits of the registered points, which no later entry may undercut; only with its right.
    function noteExportLimits(uint8 area, uint8 carrier, uint256 limitsWh) external;
    /// By the regulator: the venue's pot of (area, carrier) takes no new locks until `until`, at most 30 days away; every exit stays open.
    function haltTrading(address venue, uint8 area, uint8 carrier, uint40 until, string calldata reason) external;
    /// Ends a halt before its time, by the regulator.
    function resumeTrading(address venue, uint8 area, uint8 carrier, string calldata reason) external;
    /// By the regulator: the account neither buys nor sells until `until`, at most 366 days away; another call replaces the end. Anyone may
    /// cancel its live orders in the venues meanwhile; trades, money and exits stay its own.
    function suspend(AccountId account, uint40 until, string calldata reason) external;
    /// By anyone, from the end on: the account may do again what it might before.
    function endSuspension(AccountId account) external;
    /// The registry's word: the account's admission is revoked, so that no suspension's end brings its rights back.
    function noteRevocation(AccountId account) external;
    /// By the regulator: undoes all trades of a market in a venue before delivery starts; claims then return every lock to its owner.
    function voidMarket(address venue, Market market, string calldata reason) external;

    // --- venues -------------------------------------------------------------------------------------------------

    /// Reserves capacity of a tradable period for an order of another area; only a granted venue.
    function reserveCapacity(uint8 from, uint8 to, uint8 carrier, uint32 period, uint256 energyWh) external;
    /// Gives back what the calling venue reserved and didn't use, at most that. Never refused, to a revoked venue neither.
    function returnCapacity(uint8 from, uint8 to, uint8 carrier, uint32 period, uint256 energyWh) external;
    /// Counts an order of a market with a share cap; refused where the account's bids (or offers), open and traded, would come to
    /// more than the cap in the calling venue. Only a granted venue, in a tradable period.
    function reserveShare(AccountId account, Market market, bool isOffer, uint256 energyWh) external;
    /// As `returnCapacity`, for what `reserveShare` counted.
    function returnShare(AccountId account, Market market, bool isOffer, uint256 energyWh) external;
    /// Lets a venue reserve; by the venue grantor, with notice (docs/adr/0016).
    function grantVenue(address venue) external;
    /// By the operator: it reserves no more; it can still return.
    function revokeVenue(address venue) external;

    // --- views --------------------------------------------------------------------------------------------------

    /// The terms of a period, or `NoTerms`.
    function termsOf(uint8 area, uint8 carrier, uint32 period) external view returns (Terms memory);
    /// The same in one word, for contracts.
    function termsWordOf(uint8 area, uint8 carrier, uint32 period) external view returns (TermsWord);
    /// Across the periods from `first` to `last`.
    function extremeTariffs(uint8 area, uint8 carrier, uint32 first, uint32 last)
        external
        view
        returns (uint256 lowestFeedInTicks, uint256 highestRetailTicks);
    /// What joins `from` to `to` in a period, if anything does.
    function connectionOf(uint8 from, uint8 to, uint8 carrier, uint32 period)
        external
        view
        returns (bool connected, Connection memory connection);
    /// Every connection ever scheduled for the carrier, `from << 8 | to` each.
    function connections(uint8 carrier) external view returns (uint16[] memory fromTo);
    /// Whether it may reserve.
    function isVenue(address venue) external view returns (bool);
    /// What can still be reserved.
    function freeCapacity(uint8 from, uint8 to, uint8 carrier, uint32 period) external view returns (uint256 energyWh);
    /// What the venue has reserved and not returned, Wh.
    function reservedCapacity(address venue, uint8 from, uint8 to, uint8 carrier, uint32 period)
        external
        view
        returns (uint256 energyWh);
    /// What the account's bids (or offers), open and traded, come to in a market with a cap, Wh.
    function shareOf(address venue, AccountId account, Market market, bool isOffer)
        external
        view
        returns (uint256 energyWh);
    /// A suspension lasts until somebody ends it, from `until` on.
    function suspensionOf(AccountId account) external view returns (bool lasts, uint40 until);
    /// The least export capacity of the entry in force now and all later ones; max if there is none.
    function leastExportCapacity(uint8 area, uint8 carrier) external view returns (uint256 energyWh);
    /// Whether the market is void in the venue. It can't become so once its period has started.
    function isVoid(address venue, Market market) external view returns (bool);
}
