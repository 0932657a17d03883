# SPDX-License-Identifier: MIT
"""What comes into a book and what leaves it."""

from collections.abc import Sequence
from typing import NamedTuple

from wattbook.model.level import Level
from wattbook.model.records import Fill, Record
from wattbook.orders import OrderRef

# (tick, Wh) that an order takes from one level; plain, since every order makes some.
Take = tuple[int, int]


class Removed(NamedTuple):
    """An entry that left the book: what it had traded, its rest, and the cash units that return for it."""

    ref: OrderRef
    is_offer: bool
    fill: Fill
    rest_wh: int
    returned: int


class OwnSide(NamedTuple):
    """The account's opposite entries that are in the way or filled, and the best price of those that stay."""

    leaving: list[OrderRef]
    nearest: int


class Entered:
    """What an order does, found out before it is done.

    It takes `takes`, `value` in Wh × ticks; `rest_wh` will rest; `locks` is the cash units it all needs.
    `index` (None: nothing rests) and `removed` are known only afterwards.
    """

    __slots__ = (
        "index",
        "is_offer",
        "level",
        "locks",
        "mine",
        "record",
        "removed",
        "rest_wh",
        "returns",
        "takes",
        "tick",
        "traded_wh",
        "value",
    )

    def __init__(self, record: Record, is_offer: bool, tick: int) -> None:
        self.record = record
        self.is_offer = is_offer
        self.tick = tick
        self.mine: OwnSide | None = None
        self.takes: Sequence[Take] = ()
        self.value = self.traded_wh = self.rest_wh = self.locks = 0
        self.returns = 0  # cash units, for own opposite entries that leave
        self.removed: Sequence[Removed] = ()
        self.level: Level | None = None  # that it rests on, if it is there already
        self.index: int | None = None

    @property
    def ref(self) -> OrderRef | None:
        """Where the rest stands."""
        return None if self.index is None else OrderRef(self.tick, self.index)
