# SPDX-License-Identifier: MIT
"""Areas, members, metering points and frozen terms, as far as trading and settlement need them."""

from dataclasses import dataclass, field, replace

from wattbook import ids
from wattbook.ids import Market
from wattbook.model.refusal import Refused
from wattbook.model.terms import Schedule, Terms

MAX_POINTS = 16


@dataclass(frozen=True, slots=True)
class Point:
    """A metering point. Limits and default are energies of one period, in Wh."""

    number: int
    account: int
    carrier: int
    max_import_wh: int
    max_export_wh: int
    default_import_wh: int
    gateway: int
    first_period: int


@dataclass(slots=True)
class Registry:
    """Members count densely per area from 16; each takes part from a first period on."""

    first_periods: dict[int, list[int]] = field(default_factory=dict)  # area → first period per member
    points: list[Point] = field(default_factory=list)
    schedules: dict[tuple[int, int], Schedule[Terms]] = field(default_factory=dict)  # (area, carrier)

    def open_area(self, area: int) -> None:
        """Opens an area. Raises Refused if it is open."""
        if area in self.first_periods:
            raise Refused("AreaAlreadyOpen", area=area)
        self.first_periods[area] = []

    def admit(self, area: int, first_period: int) -> int:
        """The new member's account."""
        members = self.first_periods[area]
        members.append(first_period)
        return ids.pack_account(area, ids.FIRST_MEMBER_INDEX + len(members) - 1)

    def members_at(self, area: int, period: int) -> range:
        """Accounts of an area that take part in a period; first periods rise with the numbers."""
        count = sum(first <= period for first in self.first_periods.get(area, []))
        first = ids.pack_account(area, ids.FIRST_MEMBER_INDEX)
        return range(first, first + count)

    def add_point(
        self,
        account: int,
        carrier: int,
        limits: tuple[int, int],
        default_import_wh: int,
        gateway: int,
        first_period: int,
    ) -> Point:
        """A new metering point; `limits` are import and export. Raises Refused beyond 16 an account."""
        if len(self.points_of(account, carrier)) >= MAX_POINTS:
            raise Refused("TooManyPoints", account=account)
        number = len(self.points) + 1
        point = Point(number, account, carrier, *limits, default_import_wh, gateway, first_period)
        self.points.append(point)
        return point

    def point(self, number: int) -> Point:
        """A point by its number. Raises Refused."""
        if not 1 <= number <= len(self.points):
            raise Refused("PointUnknown", point=number)
        return self.points[number - 1]

    def move_point(self, number: int, gateway: int) -> None:
        """Another gateway reads the point from now on. Raises Refused."""
        self.points[number - 1] = replace(self.point(number), gateway=gateway)

    def points_of(self, account: int, carrier: int) -> list[Point]:
        """An account's points in order of registration."""
        return [point for point in self.points if (point.account, point.carrier) == (account, carrier)]

    def schedule(self, area: int, carrier: int, from_period: int, terms: Terms) -> None:
        """Adds frozen terms for all periods from `from_period`."""
        self.schedules.setdefault((area, carrier), Schedule()).add(from_period, terms)

    def has_terms(self, market: Market) -> bool:
        """Whether the market's area has terms then: once tradable, they can't come any more."""
        schedule = self.schedules.get((market.area, market.carrier))
        return schedule is not None and schedule.find(market.period) is not None

    def terms_of(self, market: Market) -> Terms:
        """The terms of a market. Raises Refused if none are scheduled."""
        schedule = self.schedules.get((market.area, market.carrier))
        terms = schedule.find(market.period) if schedule else None
        if terms is None:
            raise Refused("NoTerms", area=market.area, carrier=market.carrier, period=market.period)
        return terms
