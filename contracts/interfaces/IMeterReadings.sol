// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../types/AccountId.sol";

/// What is known of a metering point's registers at a period's end.
enum Quality {
    None, // nothing posted
    Base, // the registers at the start of the point's first period
    Measured,
    Estimated,
    Substituted, // the grid operator's word
    Defaulted, // the registered default, because nothing came
    Corrected,
    Apart // true registers; the energy of the period that ends here isn't their difference: it stands apart
}

/// A meter's successor on a point; its EIP-712 type is exactly this struct. Registers in Wh, as `postReadings` takes them.
struct MeterExchange {
    uint24 point;
    uint32 period; // at whose end the last two registers stand
    uint48 oldImport; // the old meter's final registers
    uint48 oldExport;
    uint48 newImport; // the new meter's when it took over
    uint48 newExport;
    uint48 importRegister; // the new meter's at the period's end
    uint48 exportRegister;
}

/// What readings tell.
interface IMeterReadingsFacts {
    /// `readings` is the signed body: 16 bytes each, point u24 | import u48 | export u48 | quality u8 (1 base, 2 measured, 3 estimated).
    /// Lanes that were skipped are named by `ReadingSkipped` before, in the same transaction.
    event ReadingsPosted(uint16 indexed gateway, uint32 indexed period, bytes32 journal, bytes readings);
    /// `readings`: 16 bytes each as above; the call's data has each meter's signature.
    event OwnReadingsPosted(uint32 indexed period, bytes readings);
    /// A lane of a batch wasn't booked; the others were.
    event ReadingSkipped(uint24 indexed point, uint32 indexed period, SkipReason reason);
    /// A reading never came: the period's import is taken to be `importWh`, its export 0.
    event DefaultBooked(uint24 indexed point, uint32 indexed period, uint24 importWh);
    /// The grid operator's word for a reading that never came.
    event SubstituteBooked(uint24 indexed point, uint32 indexed period, uint24 importWh, uint24 exportWh);
    /// The registers at the period's end: they change the energies of this period and of the next.
    event ReadingCorrected(
        uint24 indexed point, uint32 indexed period, uint48 importRegister, uint48 exportRegister, string reason
    );
    /// From now on the registers at the period's end are disputed, or no longer.
    event ReadingDisputed(uint24 indexed point, uint32 indexed period, bool disputed);
    /// The registers of a substituted run of periods are known again at `lastPeriod`'s end.
    event RegisterKnownAgain(
        uint24 indexed point, uint32 firstPeriod, uint32 lastPeriod, uint256 importWh, uint256 exportWh
    );
    /// A substituted period's energy is now its share of the register difference.
    event DifferenceShared(uint24 indexed point, uint32 indexed period, uint24 importWh, uint24 exportWh);
    /// Another meter counts the point's energy from now on: the old one's last registers, the new one's first, and the new one's at the
    /// period's end.
    event MeterExchanged(uint24 indexed point, uint32 indexed period, MeterExchange exchange);
    event SettlementConnected(address settlement);
    event DisputesConnected(address disputes);

    enum SkipReason {
        WrongGateway,
        AlreadyKnown,
        NotConsecutive,
        AboveLimit,
        QualityUnknown,
        PointUnknown,
        SharePending,
        NotTheMeter
    }

    error SignatureInvalid(uint16 gateway);
    /// Its end is more than 60 s away.
    error PeriodInFuture(uint32 period);
    /// Its correction deadline has passed; of a default: its words are soon used anew.
    error PeriodTooOld(uint32 period);
    /// Empty, or not so many bytes a reading as there should be.
    error BodyMalformed(uint256 length);
    error NotSettlement(address caller);
    error NotDisputes(address caller);
    /// No substituted run of the point waits for its difference to be shared.
    error NothingToShare(uint24 point);
    /// All readings of the account's points are known.
    error NothingMissing(AccountId account, uint32 period);
    /// A default counts on from the registers at the end of `period`, which must be known or defaulted first.
    error BoundaryMissing(uint24 point, uint32 period);
    error SettlementFixed(address settlement);
    error DisputesFixed(address disputes);
    error TooEarly(uint256 from);
    error TooLate(uint256 until);
    /// Nothing is missing there.
    error AlreadyMetered(uint24 point, uint32 period);
    /// More in one period than the connection carries, or less than nothing (modulo 2^28).
    error AboveLimit(uint24 point, uint32 period, uint256 importWh, uint256 exportWh);
    /// AlreadyKnown: inside a substituted run, whose registers are known only at its end. NotConsecutive: its start isn't known.
    /// SharePending: call `shareDifference` first. AboveLimit: more than the connection carries over the run.
    error CorrectionRefused(uint24 point, uint32 period, SkipReason reason);
    /// WrongGateway, NotTheMeter: not signed by whom it should be. AlreadyKnown: the period's reading is known. NotConsecutive: its start
    /// isn't. SharePending: call `shareDifference` first. AboveLimit: more than the connection carries.
    error ExchangeRefused(uint24 point, uint32 period, SkipReason reason);

    struct Reading {
        uint256 importRegister; // modulo 2^28
        uint256 exportRegister;
        Quality quality;
        bool disputed;
    }
}

/// What MeterReadings' own code answers.
interface IMeterReadingsMain is IMeterReadingsFacts {
    // --- gateways ---------------------------------------------------------------------------------------------------

    /// Books one period's readings, signed by the gateway (EIP-712 ReadingBatch(uint16 gateway,uint32 period,bytes32
    /// journal,bytes readings)); anyone may post them. A bad lane is skipped with an event.
    function postReadings(
        uint16 gateway,
        uint32 period,
        bytes32 journal,
        bytes calldata readings,
        bytes calldata signature
    ) external;

    // --- meters -----------------------------------------------------------------------------------------------------

    /// Books one period's readings that meters signed with their own keys (EIP-712 OwnReading(uint24 point,uint32 period,uint48
    /// importRegister,uint48 exportRegister,uint8 quality)): 16 bytes each as a gateway's, 64 of signature (EIP-2098); anyone may post them. A bad lane is skipped.
    function postOwnReadings(uint32 period, bytes calldata readings) external;

    // --- settlement -------------------------------------------------------------------------------------------------

    /// Books the default of an account's missing points; only Settlement, which knows `netBoughtWh`.
    function bookDefault(AccountId account, uint8 carrier, uint32 period, uint256 netBoughtWh) external;

    // --- views ------------------------------------------------------------------------------------------------------

    /// For `count` accounts of an area from index `first`, a word each:
    /// importWh 40 | exportWh 40 | final 1 | missing 1, lowest first.
    function metered(uint8 area, uint8 carrier, uint32 period, uint256 first, uint256 count)
        external
        view
        returns (uint256[] memory);
    /// As `metered`, as Settlement reads it: `count` words of four accounts from word `firstWord` on, account index i in word i >> 2,
    /// lane i & 3. A lane of 60 bits: importWh 28 | exportWh 28 | final 1 | missing 1 | unused 2, lowest first.
    function meteredLanes(uint8 area, uint8 carrier, uint32 period, uint256 firstWord, uint256 count)
        external
        view
        returns (uint256[] memory);
    /// What a gateway signs of a batch (EIP-712).
    function batchHash(uint16 gateway, uint32 period, bytes32 journal, bytes calldata readings)
        external
        view
        returns (bytes32);
    /// What a meter signs of its reading (EIP-712).
    function ownReadingHash(uint24 point, uint32 period, uint48 importRegister, uint48 exportRegister, uint8 quality)
        external
        view
        returns (bytes32);
}

/// What its extension answers at the same address (libraries/Extended.sol).
interface IMeterReadingsExtension is IMeterReadingsFacts {
    // --- by anyone --------------------------------------------------------------------------------------------------

    /// Shares the register difference of a substituted run over its periods, at most `count` of them; again until done. A share
    /// corrects its period's energy; where corrections are over it is a residual, outside positions and certificates.
    function shareDifference(uint24 point, uint256 count) external;
    /// Books the exchange of a point's meter: the period's energy is what the old meter counted from the period's start to its end, and the
    /// new one from there to the period's end. Where the period is the last of a substituted run, the exchange lay somewhere in that run, and
    /// all of it is shared. Signed (EIP-712 MeterExchange) by the point's gateway, and by the meter's own key where the point has
    /// one; anyone may post it, once a period and as long as corrections last.
    function exchangeMeter(
        MeterExchange calldata exchange,
        bytes calldata gatewaySignature,
        bytes calldata meterSignature
    ) external;

    // --- by their roles ---------------------------------------------------------------------------------------------

    /// The grid operator's word, within the connection's limits, where nothing is known from an hour to a day after the period's end.
    function postSubstitute(uint24 point, uint32 period, uint24 importWh, uint24 exportWh) external;
    /// The corrector's word for the registers at the period's end, until corrections are over. Substitutes are corrected at their
    /// run's end. What it changes was settled: Settlement settles the difference.
    function correct(uint24 point, uint32 period, uint48 importRegister, uint48 exportRegister, string calldata reason)
        external;

    // --- disputes ---------------------------------------------------------------------------------------------------

    /// While the reading at the period's end is disputed, the energies on both its sides aren't final. Only Disputes.
    function setDisputed(uint24 point, uint32 period, bool disputed) external;
    /// As `correct`, and a little longer: while certificates are handed out. It stays disputed until it is told otherwise. Only Disputes.
    function correctDisputed(uint24 point, uint32 period, uint48 importRegister, uint48 exportRegister) external;

    // --- administration ---------------------------------------------------------------------------------------------

    /// Names the Settlement that may book defaults; once, by the operator.
    function connectSettlement(address settlement) external;
    /// Names the contract that decides disputes; once, by the operator.
    function connectDisputes(address disputes) external;

    // --- views ------------------------------------------------------------------------------------------------------

    /// The Settlement that may book defaults; zero before `connectSettlement`.
    function settlement() external view returns (address);
    /// The contract that decides disputes; zero before `connectDisputes`.
    function disputes() external view returns (address);
    /// The registers at the end of `period`; quality None if nothing is known, or another period has the words.
    function reading(uint24 point, uint32 period) external view returns (Reading memory);
    /// A point's energy in a period; `known` only if both boundaries are.
    function energyOf(uint24 point, uint32 period)
        external
        view
        returns (bool known, uint256 importWh, uint256 exportWh);
    /// What a period's share is more than its energy, because it was known too late for a correction.
    function residual(uint24 point, uint32 period) external view returns (int256 importWh, int256 exportWh);
    /// What gateway and meter sign of an exchange (EIP-712).
    function exchangeHash(MeterExchange calldata exchange) external view returns (bytes32);
}

/// Registers of metering points at the ends of delivery periods, as gateways signed them. A period's energy is the
/// difference of two neighbouring registers, so Σ period energy of a point is always last register − first register.
/// Registers are kept modulo 2^28 Wh; one period's energy is always below 2^24 Wh.
interface IMeterReadings is IMeterReadingsMain, IMeterReadingsExtension {}
