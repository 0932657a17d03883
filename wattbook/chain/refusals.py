# SPDX-License-Identifier: MIT
"""What each custom error of our contracts means to the one who called: its family and one sentence.

A test holds this table against every ABI: an error without a line here fails it. A sentence may use the
error's own parameters; `{until:utc}` shows a time of day.
"""

from typing import NamedTuple

from wattbook.errors import Exit


class Family(NamedTuple):
    """How a refusal leaves a command and the API."""

    exit_status: Exit
    http_status: int


INPUT = Family(Exit.INPUT, 422)  # the request itself is wrong
FORBIDDEN = Family(Exit.REFUSED, 403)  # somebody else may
UNKNOWN = Family(Exit.REFUSED, 404)  # what it names doesn't exist
STATE = Family(Exit.REFUSED, 409)  # right request, wrong moment or not enough money
INTERNAL = Family(Exit.INTERNAL, 500)  # contracts or our own programs disagree

TRADING = {
    "TradingNotOpen": (
        STATE,
        "Trading for period {period} is not open: try again later, or a nearer period.",
    ),
    "GateClosed": (STATE, "Trading for period {period} has ended: choose a later period."),
    "GateNotClosed": (STATE, "The gate of period {period} is still open: try again once it has closed."),
    "DeliveryNotStarted": (STATE, "Delivery of period {period} has not started: try again once it has."),
    "OrderMalformed": (INPUT, "The order's bits make no sense: build it with Wattbook's typed data."),
    "OrderExpired": (STATE, "The order expired at {validUntil:utc}: sign one with a later validUntil."),
    "PriceOutOfRange": (
        INPUT,
        "{priceTicks} ticks, fees included, is out of range: stay within 0 and 57,599.",
    ),
    "EnergyOutOfRange": (INPUT, "An order of {energyWh} Wh is out of range: order 10 to 8,388,607 Wh."),
    "PriceAboveRetail": (INPUT, "{priceTicks} ticks is above the retail tariff: bid at most {retailTicks}."),
    "FeeTooHigh": (
        STATE,
        "The fee of {feeTicks} ticks is above the order's maxFeeTicks {maxFeeTicks}: raise it.",
    ),
    "FeeAbovePrice": (INPUT, "The fee of {feeTicks} ticks eats the price of {priceTicks}: raise the price."),
    "NotFilled": (STATE, "Only {availableWh} of {wantedWh} Wh could be filled: order less, or pay more."),
    "WouldTrade": (STATE, "The order would trade at {tick} ticks: choose a price that only rests."),
    "AreaNotConnected": (
        INPUT,
        "Area {accountArea} isn't connected to area {marketArea}: trade in one that is.",
    ),
    "OwnOrderInTheWay": (
        STATE,
        "Your own opposite order at {tick} ticks is in the way: list it, or cancel it.",
    ),
    "TooManyOwnOrders": (
        STATE,
        "The account has 64 open orders in this market: cancel or collect some first.",
    ),
    "TouchLimit": (STATE, "The order needs more than {maxTouches} touches: allow more, or order less."),
    "LevelFull": (STATE, "The price level {tick} is full: choose another price."),
    "PositionTooLarge": (STATE, "The account's position would be too large to record: order less."),
    "NotYourOrder": (FORBIDDEN, "Order {ref} is not one of account {account}: cancel with its owner's key."),
    "OrderNotLive": (STATE, "Order {ref} is already filled or cancelled: nothing is left to cancel."),
    "SignatureInvalid": (FORBIDDEN, "The signature is not by the key that must sign: sign with that key."),
    "PeriodUnfinished": (
        STATE,
        "Period {period}, whose storage this needs, is not finished: collect it first.",
    ),
    "MarketVoided": (STATE, "The market was voided and takes no more orders: order in another period."),
    "MarketNotVoid": (STATE, "The market is not void: nothing is to be noted."),
    "BatchMalformed": (INPUT, "The batch ends within its order {position}: pack it anew."),
    "SelfOnly": (INTERNAL, "This function is for the contract's own use: call the public one."),
    "FunctionUnknown": (INTERNAL, "The contract has no function {selector}: use this release's ABI."),
}

MONEY = {
    "NotVenue": (FORBIDDEN, "{caller} is not an admitted venue: grant it rights in the vault first."),
    "NotAccountOwner": (FORBIDDEN, "{caller} does not own account {account}: use the owner's key."),
    "AccountTaken": (STATE, "Account {account} already has an owner: choose another number."),
    "AccountUnknown": (UNKNOWN, "There is no account {account}: have the participant admitted first."),
    "NotBuyer": (
        FORBIDDEN,
        "Account {account} may not buy: its admission does not hold, or lacks that role.",
    ),
    "NotSeller": (
        FORBIDDEN,
        "Account {account} may not sell: its admission does not hold, or lacks that role.",
    ),
    "InsufficientBalance": (
        STATE,
        "Account {account} has {available} cash units free and needs {needed}: deposit more, or order less.",
    ),
    "DebtAboveLimit": (
        STATE,
        "Account {account} owes its supplier {debt} cash units, more than {limit}: earn or sell first.",
    ),
    "NotWholeCashUnits": (
        INPUT,
        "{amount} token units are no whole cash units: choose a multiple of {tokenUnitsPerCashUnit}.",
    ),
    "PermitLapsed": (STATE, "The permit ended at {deadline:utc}: sign one with a later deadline."),
    "PermitRefused": (
        FORBIDDEN,
        "The token refused the permit of {owner}: it is used already, or signed by another key. Sign anew.",
    ),
    "PotTooSmall": (INTERNAL, "The pot of {venue} holds {available} cash units, not {needed}: report this."),
    "NotBrought": (INTERNAL, "{available} of {needed} cash units were brought to {venue}: report this."),
    "MarketHalted": (
        STATE,
        "The market is halted until {until:utc}: exits stay open, orders wait until then.",
    ),
    "NonceUsed": (STATE, "Nonce {nonce} of account {account} is used: sign again with {next} or higher."),
    "AmountTooLarge": (INPUT, "{amount} is more than an account can hold: choose a smaller amount."),
    "NonceTooLarge": (INPUT, "Nonce {nonce} doesn't fit into 28 bits: use the account's next one."),
    "TransferRefused": (STATE, "The payment token refused the transfer: check balance and allowance."),
    "TokenUnfit": (
        INPUT,
        "{token} can't be the payment token: use an ERC-20 of at most 18 decimals without fees.",
    ),
}

MEMBERS = {
    "AdmissionExpired": (
        STATE,
        "The admission expired at {validUntil:utc}: ask the authority for a new one.",
    ),
    "AdmissionUsed": (STATE, "Admission {number} was already presented: ask the authority for a new one."),
    "AdmissionIsRevoked": (FORBIDDEN, "Admission {number} is revoked: ask the authority for a new one."),
    "NotTheAuthority": (
        FORBIDDEN,
        "{signer} is not the admission authority: have the admission signed by it.",
    ),
    "AreaUnknown": (UNKNOWN, "There is no grid area {area}: open it first, or choose another."),
    "AreaAlreadyOpen": (STATE, "Grid area {area} is already open: nothing is left to do."),
    "AreaFull": (STATE, "Grid area {area} has no account number left: open another area."),
    "PointUnknown": (UNKNOWN, "There is no metering point {point}: register it first."),
    "TooManyPoints": (STATE, "Account {account} already has 16 metering points: use another account."),
    "GatewayUnknown": (UNKNOWN, "There is no gateway {gateway}, or its key is withdrawn: register it first."),
    "ExchangeRefused": (
        STATE,
        "The exchange at point {point} in period {period} is refused: look at registers and signatures.",
    ),
    "ResolutionTooCoarse": (
        INPUT,
        "A meter that resolves {resolutionWh} Wh is too coarse: use a finer one, or have it refined.",
    ),
    "ResolutionTooFine": (
        INPUT,
        "No meter of this type resolves {resolutionWh} Wh: the finest is {finestWh} Wh.",
    ),
    "DeviceTypeNotApproved": (
        STATE,
        "The device type {deviceType} isn't approved: have the regulator approve it, or use another meter.",
    ),
    "PowerRegisterMissing": (
        INPUT,
        "Meters of type {deviceType} have no power register to refine with: use another meter.",
    ),
    "PointLimitUnusable": (
        INPUT,
        "The connection limit can't be used: give a limit above 0 that fits the field.",
    ),
    "ExportCapacityExceeded": (
        STATE,
        "Area {area} would export up to {wanted} W of {capacity}: raise the scheduled capacity first.",
    ),
}

READINGS = {
    "PeriodInFuture": (STATE, "Period {period} has not ended: post its reading afterwards."),
    "PeriodTooOld": (
        STATE,
        "Period {period} takes no readings any more: it is past its correction deadline.",
    ),
    "BodyMalformed": (
        INPUT,
        "A batch body of {length} bytes makes no sense: build it with Wattbook's encoder.",
    ),
    "BoundaryMissing": (
        STATE,
        "Point {point} lacks the reading at the start of period {period}: post it first.",
    ),
    "SettlementFixed": (STATE, "MeterReadings already knows its Settlement: nothing is left to do."),
    "NotDisputes": (FORBIDDEN, "{caller} doesn't decide disputes: call the Disputes contract instead."),
    "DisputesFixed": (STATE, "MeterReadings already knows its Disputes: nothing is left to do."),
    "AlreadyMetered": (
        STATE,
        "Point {point} lacks no reading of period {period}: correct it instead.",
    ),
    "AboveLimit": (
        INPUT,
        "{importWh} Wh in and {exportWh} Wh out in period {period} are beyond point {point}: check them.",
    ),
    "CorrectionRefused": (
        STATE,
        "Point {point} takes no correction at period {period}: share its run first, or name the run's end.",
    ),
    "NotSettlement": (FORBIDDEN, "{caller} is not Settlement: call Settlement instead."),
    "NothingToShare": (STATE, "Point {point} has no register difference to share: nothing is left to do."),
    "DisputedBefore": (
        STATE,
        "Point {point}'s reading of period {period} was disputed already: that is decided once.",
    ),
    "DisputeNotOpen": (
        STATE,
        "No dispute of point {point} and period {period} is open: nothing is left to do.",
    ),
    "ClaimUnusable": (
        INPUT,
        "The claim must differ from the reading, by at most what the connection carries: claim otherwise.",
    ),
    "DecisionOutOfBounds": (
        INPUT,
        "The decision must lie between the reading and the claim: name other registers.",
    ),
    "NothingMissing": (
        STATE,
        "Account {account} lacks no reading of period {period}: nothing is left to do.",
    ),
}

SETTLING = {
    "ClaimsOpen": (STATE, "{markets} markets of period {period} have open claims: claim them first."),
    "PeriodNotOver": (STATE, "Period {period} is not over: settle it afterwards."),
    "NotEveryoneSettled": (STATE, "Not every member of period {period} has settled: settle them first."),
    "TooEarly": (STATE, "It is too early: try again from {from:utc} on."),
    "TooLate": (STATE, "It is too late: this was possible until {until:utc}."),
    "AlreadySettled": (STATE, "Account {account} has settled period {period}: nothing is left to do."),
    "ImportExceeded": (
        STATE,
        "Account {account} took {availableWh} Wh not certified yet, not {wantedWh}: retire less.",
    ),
    "AlreadyPaid": (STATE, "The fees of market {market} are paid out: nothing is left to do."),
    "PageTooLarge": (INPUT, "A page of {count} is too large: ask for less at a time."),
    "NotReadings": (FORBIDDEN, "{caller} may not report readings: only MeterReadings may."),
    "NothingToCorrect": (
        STATE,
        "No correction of account {account} in period {period}: nothing is to be done.",
    ),
    "ReadingsNotFinal": (STATE, "The readings of account {account} in period {period} aren't final: wait."),
    "CorrectionsOpen": (
        STATE,
        "{corrections} corrections of period {period} aren't settled: call settleCorrection for each first.",
    ),
    "NothingToSettle": (STATE, "Residual {residual} is settled or was never booked: nothing is left to do."),
    "ResidualUnfunded": (
        STATE,
        "The backstop has {available} of {needed} cash units for residual {residual}: wait.",
    ),
    "MinterFixed": (STATE, "The certificates' minter is already fixed: nothing is left to do."),
    "GasTooLow": (INPUT, "The call has too little gas for its page: send more gas, or ask for less."),
    "NotMinter": (FORBIDDEN, "{caller} may not mint certificates: only Settlement may."),
}

OVERSIGHT = {
    "TermsTooEarly": (
        STATE,
        "Terms may change from period {firstFree} on, not {fromPeriod}: schedule later.",
    ),
    "TermsOutOfRange": (INPUT, "The terms contradict each other: keep 0 ≤ feed-in < retail ≤ 57,599 ticks."),
    "CapacityBelowLimits": (
        STATE,
        "Points of area {area} may export {registered} W, more than {scheduled}: schedule at least that.",
    ),
    "NoTerms": (STATE, "Area {area} has no terms for period {period}: publish the schedule first."),
    "TooManyAhead": (STATE, "{most} changes are scheduled already: wait until some have become tradable."),
    "ConnectionOutOfRange": (
        INPUT,
        "Two different areas are connected, at a fee of at most 57,599 ticks: correct it.",
    ),
    "TooManyConnections": (STATE, "Carrier {carrier} has 24 connections: use those there are."),
    "InboundAboveCapacity": (
        STATE,
        "{connectedWh} Wh may flow into area {area}, above {inboundCapacityWh}: schedule more there first.",
    ),
    "MoneyPump": (
        INPUT,
        "In period {period} a feed-in of {feedInTicks} exceeds another area's retail and fee: lower it.",
    ),
    "CapacityExceeded": (
        STATE,
        "From area {from} to area {to} only {availableWh} of {wantedWh} Wh can flow: order less.",
    ),
    "PeriodNotTradable": (STATE, "Period {period} is not open for trading: choose another."),
    "AlreadyStarted": (STATE, "Delivery of market {market} has started: it can't be voided any more."),
    "ReasonMissing": (INPUT, "A halt needs a reason: give one."),
    "ShareCapExceeded": (
        STATE,
        "Account {account} may order {capWh} Wh in market {market}, not {wantedWh}: order less.",
    ),
    "SuspensionTooLong": (INPUT, "A suspension until {until:utc} is too long: choose an end within a year."),
    "SuspensionLasts": (STATE, "Account {account} is suspended until {until:utc}: try again then."),
    "NotSuspended": (STATE, "Account {account} isn't suspended: nothing is left to do."),
    "HaltTooLong": (INPUT, "A halt until {until:utc} is too long: choose an earlier end and renew it."),
    "CalendarUnusable": (
        INPUT,
        "The deployment's times contradict each other or don't fit the ring: change them.",
    ),
}

# Custom errors of OpenZeppelin and Solady that our contracts pass on.
LIBRARIES = {
    "AccessManagedUnauthorized": (FORBIDDEN, "{caller} lacks the role for this: use a key that holds it."),
    "AccessManagedRequiredDelay": (STATE, "{caller} must schedule this {delay} s before: schedule it first."),
    "AccessManagedInvalidAuthority": (INPUT, "{authority} is no access manager: give its address."),
    "InsufficientBalance()": (STATE, "The token balance is too small: get more tokens first."),
    "InsufficientAllowance": (STATE, "The token's allowance is too small: approve more, or sign a permit."),
    "InvalidPermit": (
        FORBIDDEN,
        "The permit is not signed by the tokens' owner, or was used: sign it again.",
    ),
    "PermitExpired": (STATE, "The permit expired: sign one with a later deadline."),
    "NotOwnerNorApproved": (FORBIDDEN, "The certificates belong to somebody else: ask the owner to approve."),
}

# Those that only misuse by a program can cause; told by the error's name.
MISUSE = frozenset(
    {
        "AccountBalanceOverflow",
        "AddressEmptyCode",
        "AddressInsufficientBalance",
        "AllowanceOverflow",
        "AllowanceUnderflow",
        "ArrayLengthsMismatch",
        "CheckpointUnorderedInsertion",
        "FailedInnerCall",
        "Permit2AllowanceIsFixedAtInfinity",
        "ReentrancyGuardReentrantCall",
        "SafeCastOverflowedUintDowncast",
        "TotalSupplyOverflow",
        "TransferToNonERC1155ReceiverImplementer",
        "TransferToZeroAddress",
    }
)
_MISUSE = (INPUT, "The call makes no sense to the contract ({name}): check its arguments.")

REFUSALS = {**TRADING, **MONEY, **MEMBERS, **READINGS, **SETTLING, **OVERSIGHT, **LIBRARIES}


def refusal_of(name: str, signature: str = "") -> tuple[Family, str] | None:
    """(family, sentence) of a custom error by signature, else name; None for one that nobody wrote down."""
    if signature in REFUSALS:
        return REFUSALS[signature]
    if name.startswith("AccessManager"):
        return STATE, "The access manager refused this ({name}): check the role, its delay and its schedule."
    return _MISUSE if name in MISUSE else REFUSALS.get(name)
