// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../types/AccountId.sol";
import {Market} from "../types/Market.sol";
import {TermsWord} from "../types/TermsWord.sol";

/// What settlement tells.
interface ISettlementFacts {
    event VenueGranted(address indexed venue);
    /// It brings nothing new; what is tradable by now it may still book and close.
    event VenueRevoked(address indexed venue);
    /// The area's backstop put up `amount` cash units for the period's surplus.
    event GuaranteeReserved(uint8 indexed area, uint8 indexed carrier, uint32 indexed period, uint256 amount);
    /// Fills of a market became positions. Each word is a Fill: 16 unused | soldWh 29 | boughtWh 29 | received 45 |
    /// locked 45 | paid 45 | account 24, lowest first; cash units, the fees of the account's own orders in `paid` and off `received`. `fees` is their sum.
    event PositionsBooked(Market indexed market, address indexed venue, uint256[] fills, uint256 fees);
    /// One event a page. Two accounts in each word of `results`, from index `first` on, the first of them in the upper half. A half, lowest
    /// first: importWh 28 | exportWh 28 | settled 1 | unused 7 | payout 64, signed; payout is what moved to (or, negative, from) the
    /// balance, debt repayment included; 0: the account waits, or had settled before. `debts`: what accounts couldn't pay, account 24 | amount 64.
    event PageSettled(
        uint8 indexed area,
        uint8 indexed carrier,
        uint32 indexed period,
        uint256 first,
        uint256[] results,
        uint256[] debts
    );
    /// Without a guarantee every page is squared with the backstop's free balance: what it got or (negative) gave, cash units.
    event BackstopSquared(uint8 indexed area, uint8 indexed carrier, uint32 indexed period, int256 amount);
    /// All members of the area have settled: what the backstop took back (guarantee and imbalance, cash units received; 0
    /// without a guarantee).
    event AreaSettled(uint8 indexed area, uint8 indexed carrier, uint32 indexed period, uint256 backstopPayout);
    /// A market area's fees and levies of a period, cash units, went to its fee account.
    event FeesPaid(uint8 indexed area, uint8 indexed carrier, uint32 indexed period, uint256 amount);
    /// `returned` cash units of the account's lock went back to it.
    event LockLowered(AccountId indexed account, uint8 carrier, uint32 indexed period, uint256 returned);
    /// Certificates of `from`'s market handed to an account.
    event CertificatesHandedOut(AccountId indexed account, Market indexed market, uint256 energyWh);

    /// The account counts as settled, as its readings stand; what is disputed, or unpaid, waits for `settleCorrection`.
    event SetAside(AccountId indexed account, uint8 carrier, uint32 indexed period);
    /// A settled account's readings change: from now on `settleCorrection` settles the difference.
    event CorrectionNoted(AccountId indexed account, uint8 carrier, uint32 indexed period);
    /// The account is settled with these energies now; `payout` is what moved to (or, negative, from) its balance, debt
    /// repayment included.
    event CorrectionSettled(
        AccountId indexed account,
        uint8 carrier,
        uint32 indexed period,
        uint256 importWh,
        uint256 exportWh,
        int256 payout,
        uint256 debtAdded
    );
    /// The correction waits until its backstop has `needed` cash units; it has `available`.
    event CorrectionUnfunded(
        AccountId indexed account, uint8 carrier, uint32 indexed period, uint256 needed, uint256 available
    );
    /// Energy, Wh, that is known too late for its periods; negative: less than was settled. It waits for `settleResidual`.
    event ResidualBooked(
        uint256 indexed id,
        AccountId indexed account,
        uint8 carrier,
        uint32 firstPeriod,
        uint32 lastPeriod,
        int256 importWh,
        int256 exportWh
    );
    /// `payout` moved to (or, negative, from) the account's balance; what that couldn't pay, `debtAdded`, is owed. Cash units.
    event ResidualSettled(uint256 indexed id, AccountId indexed account, int256 payout, uint256 debtAdded);

    error NotVenue(address caller);
    error NotReadings(address caller);
    /// So many markets of the (carrier, period) have fills that nobody has claimed yet: call their venues' `claim`.
    error ClaimsOpen(uint8 carrier, uint32 period, uint256 markets);
    error PeriodNotOver(uint32 period);
    /// Somebody with a part in the (carrier, period) hasn't settled, see `isSettled`.
    error NotEveryoneSettled(uint8 carrier, uint32 period);
    /// Possible from this UTC second on.
    error TooEarly(uint256 from);
    /// Was possible before this UTC second.
    error TooLate(uint256 until);
    /// The earlier period whose words another one needs isn't finished: its claims, settlements or corrections are open.
    error PeriodUnfinished(uint32 period);
    /// A sum of the account's fills doesn't fit: 2^38 Wh, 2^54 cash units.
    error PositionTooLarge(AccountId account);
    error AlreadySettled(AccountId account, uint32 period);
    error AlreadyPaid(Market market);
    /// A page has at most 1,024 accounts.
    error PageTooLarge(uint256 count);
    /// Nothing is kept of the account's period: its readings are what it was settled with, or it hasn't settled.
    error NothingToCorrect(AccountId account, uint32 period);
    /// Disputed, as a rule: the difference waits until they are final, or corrections are over.
    error ReadingsNotFinal(AccountId account, uint32 period);
    /// Certificates wait for `settleCorrection` of so many accounts.
    error CorrectionsOpen(uint8 carrier, uint32 period, uint256 corrections);
    error NothingToSettle(uint256 residual);
    /// The backstop has `available` of the `needed` cash units: the residual waits until it has them.
    error ResidualUnfunded(uint256 residual, uint256 needed, uint256 available);

    // --- what views answer ---------------------------------------------------------------------------------------

    struct Position {
        uint256 soldWh;
        uint256 boughtWh;
        uint256 received;
        uint256 paid;
        uint256 locked;
        bool settled;
        bool handedOut;
    }

    struct AreaView {
        uint256 members; // that take part in the period; none where it has no terms
        uint256 settled;
        uint256 guarantee;
        int256 backstopCash; // imbalance the backstop earned or paid, cash units, debts included
        uint256 poolWh; // Σ net sellers' min(contracted, deliverable)
        uint256 fees; // not paid out yet
        bool finished; // everyone has settled, and the backstop has taken what is its own
    }

    struct CorrectionView {
        bool noted;
        bool open; // certificates wait for it
        uint256 settledImportWh; // what the account's money was settled with
        uint256 settledExportWh;
        uint256 knownImportWh; // what it is to be settled with, as of the last `settleCorrection`
        uint256 knownExportWh;
    }

    /// All 0 once settled.
    struct ResidualView {
        AccountId account;
        uint8 carrier;
        uint32 firstPeriod;
        uint32 lastPeriod;
        int256 importWh;
        int256 exportWh;
    }
}

/// What Settlement's own code answers.
interface ISettlementMain is ISettlementFacts {
    // --- venues ------------------------------------------------------------------------------------------------------

    /// The first order of a market in the calling venue: raises the count of open markets and reserves the area's guarantee.
    /// Returns the market's frozen terms.
    function openMarket(Market market) external returns (TermsWord terms);
    /// An account of `area` has an order in another area's market: reserves the area's guarantee, unless it is already.
    function openArea(uint8 area, uint8 carrier, uint32 period) external;
    /// The last open part of a market in the calling venue is closed.
    function closeMarket(Market market) external;
    /// Turns fills, a word each (see PositionsBooked), into positions; before, the venue has moved Σ paid + Σ locked into this
    /// contract's pot `carrier << 32 | the period's place in the ring`, or the fills are refused.
    function bookFills(Market market, uint256[] calldata fills, uint256 fees) external;

    // --- by anyone ---------------------------------------------------------------------------------------------------

    /// Settles the accounts of an area from index `first`, at most `count`; those whose readings aren't final wait alone.
    function settle(uint8 area, uint8 carrier, uint32 period, uint256 first, uint256 count) external;
    /// As `settle`, once corrections are over, but nobody waits: who is disputed, or can't be paid, is settled as its readings
    /// stand, and what remains is kept outside the ring for `settleCorrection`. Readings that never came wait for their default until
    /// certificates lapse; then they count as 0.
    function setAside(uint8 area, uint8 carrier, uint32 period, uint256 first, uint256 count) external;

    // --- administration ----------------------------------------------------------------------------------------------

    /// Lets a venue bring markets and fills; by the venue grantor, with notice (docs/adr/0016).
    function grantVenue(address venue) external;
    /// By the operator, at once. The venue opens no more markets; those of periods tradable by now it may still book and close.
    function revokeVenue(address venue) external;

    // --- views -------------------------------------------------------------------------------------------------------

    /// Whether it may open markets.
    function isVenue(address venue) external view returns (bool);
}

/// What its extension answers at the same address (libraries/Extended.sol).
interface ISettlementExtension is ISettlementFacts {
    // --- readings ----------------------------------------------------------------------------------------------------

    /// Only MeterReadings, before it changes what the account's points measured in `period`: if the account has settled, what it was
    /// settled with is kept. Otherwise nothing happens.
    function noteCorrection(AccountId account, uint8 carrier, uint32 period) external;
    /// Only MeterReadings: energy of the account's points that is known only after the correction deadlines of the periods it
    /// belongs to.
    function bookResidual(
        AccountId account,
        uint8 carrier,
        uint32 firstPeriod,
        uint32 lastPeriod,
        int256 importWh,
        int256 exportWh
    ) external;

    // --- by anyone ---------------------------------------------------------------------------------------------------

    /// From the substitute deadline on: books the default of the account's missing readings.
    function bookDefault(AccountId account, uint8 carrier, uint32 period) external;
    /// From delivery start on: lowers an account's lock to what its position can still cost.
    function lowerLock(AccountId account, uint8 carrier, uint32 period) external;
    /// Pays a market area's fees and levies to its fee account, once its (carrier, period) has settled.
    function payFees(Market market) external;
    /// Hands out certificates to the accounts of an area from index `first`, at most `count`, once corrections are over and every member has settled.
    function handOut(uint8 area, uint8 carrier, uint32 period, uint256 first, uint256 count) external;
    /// Settles the difference between what is metered now and what a settled account was settled with; again after every
    /// correction. What the backstop can't pay waits alone (`CorrectionUnfunded`): call again once it can.
    function settleCorrection(AccountId account, uint8 carrier, uint32 period) external;
    /// Pays a residual's export at the lowest feed-in of its periods and charges its import at the highest retail; what the backstop
    /// can't pay waits alone.
    function settleResidual(uint256 id) external;
    /// Writes what an area's period needs, pots included, in `count` places of the ring from `first` on, before there is anything in it:
    /// its first use then costs as little as every other. What is written already stays as it is.
    function prepareAreas(uint8 area, uint8 carrier, uint256 first, uint256 count) external;

    // --- views -------------------------------------------------------------------------------------------------------

    /// Claimed fills of an account, of all venues and markets. All 0 once another period has its words.
    function position(AccountId account, uint8 carrier, uint32 period) external view returns (Position memory);
    function areaOf(uint8 area, uint8 carrier, uint32 period) external view returns (AreaView memory);
    /// Markets of the (carrier, period), one a venue and area, whose last claim hasn't come.
    function openMarkets(uint8 carrier, uint32 period) external view returns (uint256);
    /// Corrections that `settleCorrection` hasn't counted yet.
    function openCorrections(uint8 carrier, uint32 period) external view returns (uint256);
    /// What is kept of the account's period outside the ring.
    function correctionOf(AccountId account, uint8 carrier, uint32 period) external view returns (CorrectionView memory);
    /// Residuals are numbered from 1 to this.
    function residualCount() external view returns (uint256);
    /// All 0 once settled.
    function residualOf(uint256 id) external view returns (ResidualView memory);
    /// Whether every member of every area has settled the (carrier, period). Nobody can settle in an area without terms of them, and nobody
    /// waits for it.
    function isSettled(uint8 carrier, uint32 period) external view returns (bool);
    /// Σ of what settled net buyers of all areas bought beyond what they sold: what certificates are shared by.
    function netBoughtWh(uint8 carrier, uint32 period) external view returns (uint256);
    /// Whether the account's money of the period is settled, or set aside.
    function hasSettled(AccountId account, uint8 carrier, uint32 period) external view returns (bool);
}

/// Positions per account and period, settled against final readings in bounded pages.
/// cash = received − paid + (imbalance ≥ 0 ? imbalance × feed-in : imbalance × retail), imbalance = (export − import) − (sold − bought).
/// Money reaches a seller only out of what its buyers put in; Σ cash over members, backstops and fee accounts is 0, to the unit.
interface ISettlement is ISettlementMain, ISettlementExtension {}
