# SPDX-License-Identifier: MIT
"""A statement's figures: of a row, and their sums."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from api.amounts import energy, money


@dataclass
class Traded:
    """One period's fills of an account, fees inside the money."""

    bought_wh: int = 0
    sold_wh: int = 0
    paid: int = 0
    received: int = 0


@dataclass
class Figures:
    """A row's amounts; None is not known yet."""

    import_wh: int | None = None
    export_wh: int | None = None
    bought_wh: int | None = 0
    sold_wh: int | None = 0
    imbalance_wh: int | None = None
    paid: int | None = 0
    received: int | None = 0
    imbalance: int | None = None
    cash: int | None = None
    unsettled: int | None = None
    debt: int | None = None
    backstop_only: int | None = None
    saved: int | None = None
    certificates_wh: int | None = 0

    def amounts(self) -> dict[str, Any]:
        """As they go out."""
        return {
            **energy("import", self.import_wh),
            **energy("export", self.export_wh),
            **energy("bought", self.bought_wh),
            **energy("sold", self.sold_wh),
            **energy("imbalance", self.imbalance_wh),
            **money("paid", self.paid),
            **money("received", self.received),
            **money("imbalance", self.imbalance),
            **money("cash", self.cash),
            **money("unsettled", self.unsettled),
            **money("debt", self.debt),
            **money("backstop_only", self.backstop_only),
            **money("saved", self.saved),
            **energy("certificates", self.certificates_wh),
        }


def at_tariff(wh: int, terms: Any) -> int:
    """Cash units of an imbalance: surplus at feed-in, shortage at retail."""
    if terms is None:
        return 0
    return int(wh * (terms.feed_in_ticks if wh >= 0 else terms.retail_ticks))


def sum_of(rows: Iterable[Figures]) -> Figures:
    totals = Figures(**{item.name: 0 for item in fields(Figures)})
    for row in rows:
        for item in fields(Figures):
            value = getattr(row, item.name)
            if value is not None:
                setattr(totals, item.name, getattr(totals, item.name) + value)
    return totals
