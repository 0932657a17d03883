# SPDX-License-Identifier: MIT
"""One price level: a queue of entries, oldest first, and how far it is filled.

A taker never touches the makers' entries: `head` and `head_filled_wh` imply every maker's fill, as on chain.
The indexer keeps a Level per tick and market and feeds it the chain's events:

    OrderPlaced with a rest  →  rest()      LevelTaken  →  advance()      OrderCancelled  →  cancel()
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from wattbook.model.refusal import Refused

MAX_ENTRIES = 4_096


@dataclass(frozen=True, slots=True)
class MakerFill:
    """What a take did to one resting entry."""

    index: int
    account: int
    is_offer: bool
    energy_wh: int


class Entry(NamedTuple):
    """An order as it rested. Energy 0: cancelled, or its fill collected, so that it counts no more."""

    account: int
    is_offer: bool
    energy_wh: int


class Level:
    """Entries before `head` are filled, the head holds `head_filled_wh`; `total_wh` is unfilled and live.

    Entries stand in columns: a resting order needs no object of its own.
    """

    __slots__ = ("accounts", "energies", "head", "head_filled_wh", "sides", "total_wh")

    def __init__(self) -> None:
        self.accounts: list[int] = []
        self.sides: list[bool] = []
        self.energies: list[int] = []
        self.head = 0
        self.head_filled_wh = 0
        self.total_wh = 0

    def __len__(self) -> int:
        return len(self.energies)

    def entry(self, index: int) -> Entry:
        """An entry, gone or not."""
        return Entry(self.accounts[index], self.sides[index], self.energies[index])

    def add(self, account: int, is_offer: bool, energy_wh: int) -> None:
        """Appends an entry as it is known; the sums are the caller's."""
        self.accounts.append(account)
        self.sides.append(is_offer)
        self.energies.append(energy_wh)

    def rest(self, account: int, is_offer: bool, energy_wh: int) -> int:
        """Queues an order and returns its index."""
        index = len(self.energies)
        if not self.total_wh:
            self.head, self.head_filled_wh = index, 0
        self.accounts.append(account)
        self.sides.append(is_offer)
        self.energies.append(energy_wh)
        self.total_wh += energy_wh
        return index

    def require_room(self, tick: int) -> None:
        """Raises Refused when no further entry fits."""
        if len(self.energies) >= MAX_ENTRIES:
            raise Refused("LevelFull", tick=tick)

    def take(self, energy_wh: int) -> None:
        """Fills `energy_wh`, less than the total, oldest first."""
        self.total_wh -= energy_wh
        energies, head = self.energies, self.head
        left = self.head_filled_wh + energy_wh
        while left >= energies[head]:
            left -= energies[head]
            head += 1
        self.head, self.head_filled_wh = head, left

    def sweep(self) -> None:
        """Fills all of it."""
        self.total_wh, self.head, self.head_filled_wh = 0, len(self.energies), 0

    def after(self, energy_wh: int, without: Collection[int]) -> int:
        """The head if `energy_wh`, less than the total, were taken and `without` weren't there."""
        head, left = self.head, energy_wh
        if head not in without:
            left += self.head_filled_wh
        while True:
            open_wh = 0 if head in without else self.energies[head]
            if left < open_wh:
                return head
            left -= open_wh
            head += 1

    def advance(self, head: int, head_filled_wh: int) -> list[MakerFill]:
        """Applies a LevelTaken event and returns what it implies for each maker, oldest first."""
        fills = []
        for index in range(self.head, min(head + 1, len(self.energies))):
            reached = self.energies[index] if index < head else head_filled_wh
            energy_wh = reached - (self.head_filled_wh if index == self.head else 0)
            if energy_wh > 0:
                fills.append(MakerFill(index, self.accounts[index], self.sides[index], energy_wh))
        self.head, self.head_filled_wh = head, head_filled_wh
        self.total_wh -= sum(fill.energy_wh for fill in fills)
        return fills

    def skip(self, count: int) -> int:
        """Passes over at most `count` dead entries at the head; returns how many it passed."""
        first = self.head
        while self.total_wh and self.head < first + count and not self.energies[self.head]:
            self.head, self.head_filled_wh = self.head + 1, 0
        return self.head - first

    def filled_wh(self, index: int) -> int:
        """How much of an entry that counts has traded; 0 if it is gone."""
        if index < self.head:
            return self.energies[index]
        return self.head_filled_wh if index == self.head else 0

    def unfilled_wh(self, index: int) -> int:
        """How much of an entry still rests; 0 if it is gone."""
        return self.energies[index] - self.filled_wh(index) if index >= self.head else 0

    def cancel(self, index: int) -> int:
        """Takes an entry's rest, in Wh, out of the queue. A partly filled head makes room for the next."""
        rest_wh = self.unfilled_wh(index)
        self.energies[index] = 0
        self.total_wh -= rest_wh
        if index == self.head:
            self.head, self.head_filled_wh = index + 1, 0
        return rest_wh

    def has(self, index: int) -> bool:
        """Whether an entry is there that counts: neither cancelled nor collected."""
        return index < len(self.energies) and self.energies[index] > 0
