# SPDX-License-Identifier: MIT
"""What waits alone, outside any period's pages: corrections, residuals and suspensions, by their events."""

from wattbook import ids
from wattbook.chain.abi import Event
from wattbook.chain.blocks import Header
from wattbook.chain.contracts import Contracts

Correction = tuple[int, int, int]  # account, carrier, period

EVENTS = (
    "CorrectionNoted",
    "SetAside",
    "CorrectionUnfunded",
    "ResidualBooked",
    "AccountSuspended",
)


class Waiting:
    """Is told the events; asks the contracts which of them still wait, and forgets the others."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._corrections: dict[Correction, None] = {}
        self._needed: dict[Correction, int] = {}  # cash units, of those that a backstop couldn't pay
        self._residuals: dict[int, None] = {}
        self._suspended: dict[int, None] = {}

    def note(self, event: Event) -> None:
        fields = event.arguments
        if event.name == "ResidualBooked":
            self._residuals[fields["id"]] = None
        elif event.name == "AccountSuspended":
            self._suspended[fields["account"]] = None
        else:
            key = (fields["account"], fields["carrier"], fields["period"])
            self._corrections[key] = None
            if event.name == "CorrectionUnfunded":
                self._needed[key] = fields["needed"]

    async def corrections(self, head: Header) -> list[Correction]:
        """Those that certificates don't count yet, and those that their backstop can pay by now."""
        noted = list(self._corrections)
        views = await self._contracts.read_many([("Settlement", "correctionOf", key) for key in noted], head)
        found = dict(zip(noted, views, strict=True))
        self._corrections = {key: None for key, view in found.items() if view["open"] or _is_unpaid(view)}
        self._needed = {key: needed for key, needed in self._needed.items() if key in self._corrections}
        means = await self._means(head)
        return [key for key in self._corrections if found[key]["open"] or self._is_funded(key, means)]

    def _is_funded(self, key: Correction, means: dict[int, int]) -> bool:
        """What nobody tried yet is worth a call: it says what it needs."""
        return key not in self._needed or self._needed[key] <= means[ids.unpack_account(key[0]).area]

    async def _means(self, head: Header) -> dict[int, int]:
        areas = sorted({ids.unpack_account(account).area for account, _, _ in self._needed})
        reads = [("PaymentVault", "balanceOf", (ids.backstop_of(area),)) for area in areas]
        return dict(zip(areas, await self._contracts.read_many(reads, head), strict=True))

    async def residuals(self, head: Header) -> list[int]:
        """Those that aren't settled."""
        booked = list(self._residuals)
        views = await self._contracts.read_many([("Settlement", "residualOf", (i,)) for i in booked], head)
        self._residuals = {i: None for i, view in zip(booked, views, strict=True) if view["account"]}
        return list(self._residuals)

    async def suspensions(self, now: int, head: Header) -> list[int]:
        """Accounts whose suspension may end."""
        accounts = list(self._suspended)
        reads = [("GridOversight", "suspensionOf", (account,)) for account in accounts]
        views = await self._contracts.read_many(reads, head)
        until = {a: end for a, (lasts, end) in zip(accounts, views, strict=True) if lasts}
        self._suspended = dict.fromkeys(until)
        return [account for account, end in until.items() if now >= end]


def _is_unpaid(view: dict[str, int]) -> bool:
    """Something is known that the account's money wasn't settled with."""
    return any(view[f"settled{way}Wh"] != view[f"known{way}Wh"] for way in ("Import", "Export"))
