# SPDX-License-Identifier: MIT
"""What the errors of Settlement and EnergyToken mean."""

from wattbook.chain.refusals.family import FORBIDDEN, INPUT, STATE

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
