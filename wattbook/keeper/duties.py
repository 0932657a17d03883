# SPDX-License-Identifier: MIT
"""What is due, as calls to contracts. Pure: what the chain says goes in, duties come out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from wattbook import ids
from wattbook.calendar import Calendar

# Entries and records of one claim, members of one page: each call stays well below a block's gas.
CLAIM_ITEMS = 100
PAGE = 200


@dataclass(frozen=True, slots=True)
class Duty:
    """A call that anyone may make. `key` names it for ever, so that it is made once."""

    key: str
    contract: str
    function: str
    arguments: tuple[Any, ...]
    gas: int


@dataclass(slots=True)
class OpenMarket:
    """A market with parts that aren't claimed yet: entries in the book and accounts with fills."""

    market: int
    refs: list[int] = field(default_factory=list)
    accounts: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MemberState:
    account: int
    final: bool  # all its readings of the period are
    settled: bool
    handed_out: bool


@dataclass(frozen=True, slots=True)
class AreaState:
    """One area's members in one period, by rising account; `fees`, those not paid yet, in cash units; `done`
    when all areas have settled.
    """

    area: int
    carrier: int
    period: int
    claims_open: int
    fees: int
    done: bool
    members: tuple[MemberState, ...]


def claims(market: OpenMarket, now: int, calendar: Calendar) -> Iterator[Duty]:
    """From delivery start on: every entry and every record of the market, in bounded calls."""
    if now < calendar.starts_at(ids.unpack_market(market.market).period):
        return
    items = max(len(market.refs), len(market.accounts), 1)
    for first in range(0, items, CLAIM_ITEMS):
        refs = market.refs[first : first + CLAIM_ITEMS]
        accounts = market.accounts[first : first + CLAIM_ITEMS]
        key = f"claim:{market.market}:{now}:{first}"
        gas = 300_000 + 60_000 * (len(refs) + len(accounts))
        yield Duty(key, "OrderBook", "claim", (market.market, refs, accounts), gas)


def settlements(state: AreaState, now: int, calendar: Calendar) -> Iterator[Duty]:
    """Pages with at least one member that can be settled now."""
    if state.claims_open or now < calendar.final_at(state.period):
        return
    for page in pages(state.members):
        if any(member.final and not member.settled for member in page):
            yield page_duty("settle", state, page, now, 120_000)


def defaults(state: AreaState, now: int, calendar: Calendar) -> Iterator[Duty]:
    """The default of each member whose readings never came."""
    if state.claims_open or now < calendar.default_from(state.period):
        return
    for member in state.members:
        if not member.final and not member.settled:
            arguments = (member.account, state.carrier, state.period)
            key = f"default:{state.period}:{state.carrier}:{member.account}:{now}"
            yield Duty(key, "Settlement", "bookDefault", arguments, 1_500_000)


def set_asides(state: AreaState, now: int, calendar: Calendar) -> Iterator[Duty]:
    """Once corrections are over: pages with somebody who still waits, for a dispute or for the backstop."""
    if state.claims_open or now < calendar.corrections_until_at(state.period):
        return
    for page in pages(state.members):
        if any(not member.settled for member in page):
            yield page_duty("setAside", state, page, now, 200_000)


def corrections(noted: Iterable[tuple[int, int, int]], now: int) -> Iterator[Duty]:
    """What became of settled accounts' changed readings: (account, carrier, period) each."""
    for account, carrier, period in noted:
        key = f"correction:{account}:{carrier}:{period}:{now}"
        yield Duty(key, "Settlement", "settleCorrection", (account, carrier, period), 600_000)


def residuals(booked: Iterable[int], now: int) -> Iterator[Duty]:
    """Residuals by number; one that its backstop can't pay is refused, and tried again."""
    for residual in booked:
        yield Duty(f"residual:{residual}:{now}", "Settlement", "settleResidual", (residual,), 600_000)


def suspensions(accounts: Iterable[int], now: int) -> Iterator[Duty]:
    """Suspensions whose time is over."""
    for account in accounts:
        yield Duty(f"suspension:{account}:{now}", "GridOversight", "endSuspension", (account,), 300_000)


def voids(markets: Iterable[int]) -> Iterator[Duty]:
    """The book is told of void markets: it takes no more orders there."""
    for market in markets:
        yield Duty(f"void:{market}", "OrderBook", "noteVoid", (market,), 150_000)


def fees(state: AreaState) -> Iterator[Duty]:
    """The area's fees, once everybody has settled."""
    if state.done and state.fees:
        market = ids.pack_market(state.area, state.carrier, state.period)
        yield Duty(f"fees:{market}", "Settlement", "payFees", (market,), 200_000)


def hand_outs(state: AreaState, now: int, calendar: Calendar) -> Iterator[Duty]:
    """Certificates, between the end of corrections and their lapse."""
    due = calendar.corrections_until_at(state.period) <= now < calendar.hand_out_until_at(state.period)
    if not due or not state.done:
        return
    for page in pages(state.members):
        if any(not member.handed_out for member in page):
            yield page_duty("handOut", state, page, now, 200_000)


def pages(members: Sequence[MemberState]) -> Iterable[Sequence[MemberState]]:
    return (members[first : first + PAGE] for first in range(0, len(members), PAGE))


def page_duty(function: str, state: AreaState, page: Sequence[MemberState], now: int, gas_each: int) -> Duty:
    first = ids.unpack_account(page[0].account).number
    arguments = (state.area, state.carrier, state.period, first, len(page))
    key = f"{function}:{state.area}:{state.carrier}:{state.period}:{first}:{now}"
    return Duty(key, "Settlement", function, arguments, 300_000 + gas_each * len(page))
