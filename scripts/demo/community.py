# SPDX-License-Identifier: MIT
"""The demo's neighbourhood on its day: members, meters and what flows, as each part of the demo wants to be
told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scripts import people
from scripts.demo.admit import Admitted, MemberWish, PointWish
from scripts.demo.calendar import CALENDAR
from scripts.demo.day import TAIL
from scripts.demo.profiles import CommunityDay, Point, community_day
from wattbook.ids import Carrier
from wattbook.keys import demo_key

CHAIN_ID = 31337
DATES = {"winter": (1, 15), "spring": (4, 16), "summer": (7, 16), "autumn": (10, 15)}
YEAR = 2026
QUARTERS = 96
LIVE_DAYS = 2
NOTE = (
    "A simulated neighbourhood: 12 members with 16 meters trade one {season} day. Connect a wallet with one "
    "of the test accounts below; the money is play money, and everybody on earth knows these keys: use them "
    "nowhere else."
)
ROLES = {
    "prosumer": "uses its own solar power and sells the rest",
    "feeder": "sells all of its solar power",
    "consumer": "buys what it uses",
    "shop": "buys a lot, all day",
}


@dataclass(frozen=True)
class Member:
    """One member: its key on the local chain, its points, and its net by period."""

    name: str
    kind: str
    key_index: int
    points: Sequence[Point]

    def wish(self) -> MemberWish:
        points = [
            PointWish(
                Carrier.ELECTRICITY,
                point.max_import_wh,
                point.max_export_wh,
                point.default_import_wh,
                point.resolution_wh,
                point.device,
                point.refined,
            )
            for point in self.points
        ]
        return MemberWish(self.name, self.key_index, points)

    def nets(self, periods: range) -> dict[int, int]:
        """Export − import in Wh, by period; also for the open markets after the day."""
        cycles = [cycle(point, periods) for point in self.points]
        length = len(periods) + TAIL
        later = range(periods.start, live_periods(periods).stop)
        return {
            period: sum(it[i % length][1] - it[i % length][0] for it in cycles)
            for i, period in enumerate(later)
        }


class Community:
    def __init__(self, day: CommunityDay) -> None:
        self._day = day
        self.members = [
            Member(
                member.name,
                member.kind,
                people.FIRST_MEMBER + member.number - 1,
                [point for point in day.points if point.member == member.number],
            )
            for member in day.members
        ]
        self.day_start = int(datetime(YEAR, *DATES[day.season], tzinfo=UTC).timestamp())

    def title(self) -> str:
        return f"A {self._day.season} day in the neighbourhood"

    def describe(self) -> str:
        date = datetime.fromtimestamp(self.day_start, UTC).date().isoformat()
        return f"{date}, {self._day.season}, {self._day.sunshine_per_mille / 10:.0f} % of a clear sky"

    def meters(self, admitted: Sequence[Admitted], periods: range) -> dict[str, Any]:
        """The simulators' file. Nothing flows in the tail: then the day begins anew, for visitors."""
        return {
            "periodSeconds": CALENDAR.period_seconds,
            "firstPeriod": periods.start,
            "seed": self._day.seed,
            "meters": [
                {
                    "point": number,
                    "device": point.device,
                    "resolutionWh": point.resolution_wh,
                    "scaleFactor": point.scale_factor,
                    "startImportWh": point.start_import_wh,
                    "startExportWh": point.start_export_wh,
                    "energy": cycle(point, periods),
                }
                for number, point in self._numbered(admitted)
            ],
        }

    def points_file(
        self, admitted: Sequence[Admitted], first: int, meters: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The oracle's file: where each meter is reached."""
        return {
            "points": [
                {
                    "point": number,
                    "device": point.device,
                    "host": "127.0.0.1",
                    "port": meters["ports"][str(number)],
                    "unit": 1,
                    "firstPeriod": first,
                    "maxImportWh": point.max_import_wh,
                    "maxExportWh": point.max_export_wh,
                }
                for number, point in self._numbered(admitted)
            ]
        }

    def notes(self, admitted: Sequence[Admitted]) -> dict[str, Any]:
        """What the page says about the demo; one account of each kind, with its published key."""
        kinds: dict[str, dict[str, Any]] = {}
        for member, its in zip(self.members, admitted, strict=False):
            kinds.setdefault(
                member.kind,
                {
                    "name": member.name,
                    "address": demo_key(member.key_index, CHAIN_ID).address,
                    "account": its.account,
                    "role": ROLES[member.kind],
                    "privateKey": people.published_secret(member.key_index, CHAIN_ID),
                },
            )
        return {
            "isDemo": True,
            "note": NOTE.format(season=self._day.season),
            "accounts": list(kinds.values()),
        }

    def _numbered(self, admitted: Sequence[Admitted]) -> list[tuple[int, Point]]:
        """(number on chain, point) of all points, in the order of registration."""
        return [
            (number, point)
            for member, its in zip(self.members, admitted, strict=True)
            for number, point in zip(its.points, member.points, strict=True)
        ]


def draw_community(seed: int) -> Community:
    return Community(community_day(seed))


def live_periods(periods: range) -> range:
    """The periods that neighbours go on trading after the day."""
    return range(periods.stop + TAIL, periods.stop + TAIL + LIVE_DAYS * QUARTERS)


def cycle(point: Point, periods: range) -> list[tuple[int, int]]:
    """(import, export) of the day's periods, then nothing for the tail."""
    first = periods.start % QUARTERS
    return [point.energy[(first + i) % QUARTERS] for i in range(len(periods))] + [(0, 0)] * TAIL
