# SPDX-License-Identifier: MIT
"""What the errors of GridOversight mean."""

from wattbook.chain.refusals.family import INPUT, STATE

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
