# SPDX-License-Identifier: MIT
"""What the errors of MeterReadings and Disputes mean."""

from wattbook.chain.refusals.family import FORBIDDEN, INPUT, STATE

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
    "ExchangeRefused": (
        STATE,
        "The exchange at point {point} in period {period} is refused: look at registers and signatures.",
    ),
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
