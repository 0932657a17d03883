# SPDX-License-Identifier: MIT
"""Registers of metering points at periods' ends, and the energies between them (design section 8)."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from wattbook.calendar import Calendar
from wattbook.model.energy import NOTHING, REGISTER_MODULUS, Energy, Registers, Residual
from wattbook.model.refusal import Refused
from wattbook.model.registry import Point, Registry
from wattbook.model.sharing import default_energies
from wattbook.model.substitutes import Substitutes
from wattbook.typeddata.reading_batch import Lane, Quality

MAY_BE_AHEAD_SECONDS = 60

METERED = (Quality.MEASURED, Quality.ESTIMATED, Quality.CORRECTED)
SUBSTITUTE = (Quality.SUBSTITUTED, Quality.DEFAULTED)
APART = (*SUBSTITUTE, Quality.APART)


Note = Callable[[int, int, int, int], None]  # account, carrier, period, now
BookResidual = Callable[[Residual], int]


class Reading(NamedTuple):
    """A point's registers at a period's end, and what is known of them."""

    registers: Registers
    quality: Quality
    disputed: bool = False


class Readings:
    """`has_settled(account, carrier, period)` tells what stands, whatever becomes known later."""

    def __init__(
        self, calendar: Calendar, registry: Registry, has_settled: Callable[[int, int, int], bool]
    ) -> None:
        self.calendar = calendar
        self.registry = registry
        self.substitutes = Substitutes(self._tell)
        self._has_settled = has_settled
        self.lanes: dict[tuple[int, int], Reading] = {}
        self.connect(lambda *_: None, lambda _: 0)

    def connect(self, note: Note, book_residual: BookResidual) -> None:
        """Who is told before a settled energy changes, and of energy known too late."""
        self._note, self._book_residual = note, book_residual

    # --- gateways ----------------------------------------------------------------------------------------

    def post(self, gateway: int, period: int, lanes: Iterable[Lane], now: int) -> list[tuple[int, str]]:
        """Books one period's readings; returns (point, reason) of each lane skipped. Raises Refused."""
        require_in_time(self.calendar, period, now)
        skipped = []
        for lane in lanes:
            reason = self._book(gateway, period, lane)
            if reason is not None:
                skipped.append((lane.point, reason))
        return skipped

    def _book(self, gateway: int, period: int, lane: Lane) -> str | None:
        """Books a lane, or says why not."""
        if not 1 <= lane.point <= len(self.registry.points):
            return "PointUnknown"
        point = self.registry.point(lane.point)
        if point.gateway != gateway:
            return "WrongGateway"
        registers = Registers(lane.import_wh % REGISTER_MODULUS, lane.export_wh % REGISTER_MODULUS)
        if lane.quality == Quality.BASE:
            return self._book_base(point, period, registers)
        if lane.quality not in (Quality.MEASURED, Quality.ESTIMATED):
            return "QualityUnknown"
        if (point.number, period) in self.lanes:
            return self.close_run(point, period, registers)
        return self._book_metered(point, period, Reading(registers, Quality(lane.quality)))

    def _book_base(self, point: Point, period: int, registers: Registers) -> str | None:
        if (point.number, period) in self.lanes:
            return "AlreadyKnown"
        if period != point.first_period - 1:
            return "NotConsecutive"
        self.substitutes.note_base(point.number, period, registers)
        self.lanes[point.number, period] = Reading(registers, Quality.BASE)
        return None

    def _book_metered(self, point: Point, period: int, reading: Reading) -> str | None:
        start = self.lanes.get((point.number, period - 1))
        if start is None or start.quality in SUBSTITUTE:
            return "NotConsecutive"
        energy = reading.registers.since(start.registers)
        if not within(point, energy):
            return "AboveLimit"
        self.lanes[point.number, period] = reading
        return None

    def close_run(self, point: Point, period: int, registers: Registers) -> str | None:
        """A substituted run's registers are known at its end; else says why not."""
        reason = self.substitutes.reason_against(point, period, registers)
        if reason is None:
            self.substitutes.close(point, registers)
            disputed = self.lanes[point.number, period].disputed
            self.lanes[point.number, period] = Reading(registers, Quality.APART, disputed)
        return reason

    # --- defaults ----------------------------------------------------------------------------------------

    def book_default(self, account: int, carrier: int, period: int, net_bought_wh: int) -> None:
        """Books the default of an account's missing points; Settlement calls it. Raises Refused."""
        points = self.registry.points_of(account, carrier)
        known = {point.number: self.energy(point, period) for point in points}
        missing = [point for point in points if known[point.number] is None]
        if not missing:
            raise Refused("NothingMissing", account=account, period=period)
        for point in missing:
            self.require_boundary(point, period)
        wanted = net_bought_wh - sum(energy.import_wh for energy in known.values() if energy)
        defaults = [point.default_import_wh for point in missing]
        limits = [point.max_import_wh for point in missing]
        for point, import_wh in zip(missing, default_energies(defaults, limits, wanted), strict=True):
            self.substitute(point, period, Energy(import_wh, 0), Quality.DEFAULTED)

    def require_boundary(self, point: Point, period: int) -> None:
        """Refuses a substitute that could count on from no registers."""
        if (point.number, period - 1) not in self.lanes and period != point.first_period:
            raise Refused("BoundaryMissing", point=point.number, period=period - 1)

    def substitute(self, point: Point, period: int, energy: Energy, quality: Quality) -> None:
        """Books an energy that nobody metered; its registers count on from the last ones."""
        before = self.lanes.get((point.number, period - 1))
        start = before.registers if before else None
        self.substitutes.book(point.number, period, energy, start)
        self.lanes[point.number, period] = Reading((start or Registers(0, 0)).after(energy), quality)

    def share(self, number: int, now: int) -> None:
        """Shares a closed run's register difference over its periods. Raises Refused."""
        point = self.registry.point(number)
        residual = self.substitutes.share(point, now)
        if residual is not None:
            self._book_residual(residual)

    def note(self, point: Point, period: int, now: int) -> None:
        """Before a period's energy changes."""
        self._note(point.account, point.carrier, period, now)

    def _tell(self, point: Point, period: int, now: int) -> bool:
        """Before a period's energy changes; False once corrections are over."""
        if now >= self.calendar.corrections_until_at(period):
            return False
        self.note(point, period, now)
        return True

    # --- energies ----------------------------------------------------------------------------------------

    def energy(self, point: Point, period: int) -> Energy | None:
        """A point's energy in a period; None while it isn't known."""
        end = self.lanes.get((point.number, period))
        start = self.lanes.get((point.number, period - 1))
        if end is None:
            return Energy(0, 0) if period < point.first_period else None
        if end.quality == Quality.BASE:
            return Energy(0, 0)
        if end.quality in APART:
            return self.substitutes.energies[point.number, period]
        return end.registers.since(start.registers) if start else None

    def is_final(self, point: Point, period: int, now: int) -> bool:
        """Whether the period's energy can't change any more, corrections apart."""
        if self.energy(point, period) is None:
            return False
        end, start = (self.lanes.get((point.number, one)) for one in (period, period - 1))
        if end is None or end.quality == Quality.BASE:
            return True
        if end.disputed or (start is not None and start.disputed):
            return False
        return end.quality in SUBSTITUTE or now >= self.calendar.final_at(period)

    def metered(self, account: int, carrier: int, period: int, now: int) -> Energy | None:
        """An account's energy over all its points; None while one isn't final."""
        energy, is_final = self.metered_now(account, carrier, period, now)
        return energy if is_final else None

    def metered_now(self, account: int, carrier: int, period: int, now: int) -> tuple[Energy, bool]:
        """An account's energy as far as it is known, and whether it is final."""
        energy, points = NOTHING, self.registry.points_of(account, carrier)
        for point in points:
            energy = energy.plus(self.energy(point, period) or NOTHING)
        return energy, all(self.is_final(point, period, now) for point in points)

    def is_missing(self, account: int, carrier: int, period: int) -> bool:
        """Whether a reading of the account isn't known at all."""
        return any(self.energy(point, period) is None for point in self.registry.points_of(account, carrier))


def within(point: Point, energy: Energy) -> bool:
    """Whether a period's energy can have flowed through the connection."""
    return energy.import_wh <= point.max_import_wh and energy.export_wh <= point.max_export_wh


def require_in_time(calendar: Calendar, period: int, now: int) -> None:
    """Refuses a period that isn't over, and one whose corrections are."""
    if calendar.ends_at(period) > now + MAY_BE_AHEAD_SECONDS:
        raise Refused("PeriodInFuture", period=period)
    if now >= calendar.corrections_until_at(period):
        raise Refused("PeriodTooOld", period=period)
