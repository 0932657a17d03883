# SPDX-License-Identifier: MIT
"""What Settlement keeps: positions, sums of an area, what isn't final of a settled account."""

from dataclasses import dataclass, field
from enum import IntEnum

from wattbook.model.energy import NOTHING, Energy
from wattbook.model.records import Fill
from wattbook.model.vault import Payment

# By account (positions) or by area, then carrier and period.
Key = tuple[int, int, int]


@dataclass(slots=True)
class Position:
    """What an account has traded in one (carrier, period), all venues, and how it was settled."""

    sold_wh: int = 0
    bought_wh: int = 0
    received: int = 0
    paid: int = 0
    locked: int = 0
    settled: bool = False
    handed_out: bool = False
    metered: Energy = NOTHING

    def add(self, fill: Fill) -> None:
        """Adds claimed fills."""
        self.sold_wh += fill.sold_wh
        self.bought_wh += fill.bought_wh
        self.received += fill.received
        self.paid += fill.paid
        self.locked += fill.locked

    @property
    def contracted_wh(self) -> int:
        """Sold minus bought."""
        return self.sold_wh - self.bought_wh

    @property
    def deliverable_wh(self) -> int:
        """What certificates may be minted for."""
        return max(self.metered.net, 0)

    @property
    def delivered_wh(self) -> int:
        """The part of the deliverable that was sold."""
        return max(min(self.contracted_wh, self.deliverable_wh), 0)


@dataclass(slots=True)
class AreaPeriod:
    """One area's (carrier, period). `guarantee` is None in a period without orders.

    `fund` is the backstop's part of the period's pot: guarantee and imbalance, without what became debt.
    `late` is how many members take part because they traded, though they joined after trading had opened.
    """

    guarantee: int | None = None
    fund: int = 0
    late: int = 0
    settled: int = 0
    backstop_cash: int = 0
    pool_wh: int = 0
    fees: int = 0
    fees_paid: bool = False


class Patience(IntEnum):
    """Who waits when a page is settled."""

    WAIT = 0
    MISSING = 1  # only who has readings that never came: anyone may book their default
    NONE = 2


@dataclass(slots=True)
class Page:
    """What one call of `settle` has done so far; `fund` is what the backstop's part of the pot gained.

    `means`: what surpluses can be paid from where there is no guarantee.
    """

    patience: Patience
    means: int
    now: int
    settled: list[int] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    fund: int = 0


@dataclass(slots=True)
class Kept:
    """Of a settled account whose money isn't final: what it was settled with, and is to be, as far as known.

    `is_open`: certificates don't count a correction yet. What they count is the position's `metered`.
    """

    settled: Energy
    known: Energy
    is_open: bool = False
