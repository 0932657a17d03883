# SPDX-License-Identifier: MIT
"""Events of MeterReadings → registers, and the energies between them."""

from typing import Any

from sqlalchemy import select

from api.amounts import energy
from api.indexer.rows import Page
from api.tables import chain, metering
from wattbook.chain.abi import Event
from wattbook.chain.blocks import Log
from wattbook.typeddata import Lane, Quality, unpack_lanes

REGISTER_RANGE = 1 << 28
_ORIGINAL = (Quality.BASE, Quality.MEASURED)
SUBSTITUTES = (Quality.SUBSTITUTED, Quality.DEFAULTED)


class Metering:
    """Registers at period ends. A batch's bad lanes are named by ReadingSkipped before it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._skipped: set[tuple[int, int]] = set()
        self._points: dict[int, Any] = {}

    def reading_skipped(self, event: Event) -> None:
        self._skipped.add((event.arguments["point"], event.arguments["period"]))

    def readings_posted(self, event: Event) -> None:
        given = event.arguments
        self._page.add(
            metering.batches,
            event.log,
            gateway=given["gateway"],
            period=given["period"],
            journal="0x" + given["journal"].hex(),
            transaction_hash=event.log.transaction_hash,
        )
        self._book_lanes(event)

    def own_readings_posted(self, event: Event) -> None:
        self._book_lanes(event)

    def _book_lanes(self, event: Event) -> None:
        skipped, self._skipped = self._skipped, set()
        for lane in unpack_lanes(event.arguments["readings"]):
            if (lane.point, event.arguments["period"]) not in skipped:
                self._book_lane(event.log, event.arguments["period"], lane)
        self._page.flush()

    def dispute_filed(self, event: Event) -> None:
        self._dispute(event, "open")

    def dispute_decided(self, event: Event) -> None:
        self._dispute(event, "upheld" if event.arguments["upheld"] else "rejected")

    def dispute_expired(self, event: Event) -> None:
        self._dispute(event, "expired")

    def _dispute(self, event: Event, state: str) -> None:
        given = event.arguments
        self._page.add(
            metering.dispute_steps,
            event.log,
            account=given["account"],
            point=given["point"],
            period=given["period"],
            state=state,
            import_register=given.get("importRegister", 0),
            export_register=given.get("exportRegister", 0),
        )
        where = {"point": given["point"], "period": given["period"], "state": state}
        self._page.say(event.log, "dispute", where, given["account"])

    def _book_lane(self, log: Log, period: int, lane: Lane) -> None:
        known = self._register(lane.point, period)
        before = self._register(lane.point, period - 1)
        registers = lane.import_wh % REGISTER_RANGE, lane.export_wh % REGISTER_RANGE
        self._add_register(log, lane.point, period, *registers, lane.quality)
        # After substitutes the difference is shared over their periods: DifferenceShared says how.
        shared = known is not None and known.quality in SUBSTITUTES
        if before is None or shared or lane.quality == Quality.BASE:
            return
        quality = lane.quality
        if quality == Quality.MEASURED and before.quality not in _ORIGINAL:
            quality = Quality.ESTIMATED
        import_wh = (registers[0] - before.import_register) % REGISTER_RANGE
        export_wh = (registers[1] - before.export_register) % REGISTER_RANGE
        self._add_energy(log, lane.point, period, import_wh, export_wh, quality)

    def default_booked(self, event: Event) -> None:
        given = event.arguments
        self._substitute(
            event.log, given["point"], given["period"], (given["importWh"], 0), Quality.DEFAULTED
        )

    def substitute_booked(self, event: Event) -> None:
        given = event.arguments
        energies = given["importWh"], given["exportWh"]
        self._substitute(event.log, given["point"], given["period"], energies, Quality.SUBSTITUTED)

    def _substitute(
        self, log: Log, point: int, period: int, energies: tuple[int, int], quality: Quality
    ) -> None:
        """Registers count on from those before."""
        self._page.flush()
        before = self._register(point, period - 1)
        import_register = (before.import_register if before else 0) + energies[0]
        export_register = (before.export_register if before else 0) + energies[1]
        registers = import_register % REGISTER_RANGE, export_register % REGISTER_RANGE
        self._add_register(log, point, period, *registers, quality)
        self._add_energy(log, point, period, *energies, quality)
        self._page.flush()

    def meter_exchanged(self, event: Event) -> None:
        """The period's energy is what both meters counted in it."""
        given = event.arguments
        point, period, exchange = given["point"], given["period"], given["exchange"]
        self._page.flush()
        known, before = self._register(point, period), self._register(point, period - 1)
        registers = exchange["importRegister"] % REGISTER_RANGE, exchange["exportRegister"] % REGISTER_RANGE
        self._add_register(event.log, point, period, *registers, Quality.APART)
        # After substitutes the difference is shared over their periods: DifferenceShared says how.
        if known is None and before is not None:
            new = registers[0] - exchange["newImport"], registers[1] - exchange["newExport"]
            import_wh = (exchange["oldImport"] - before.import_register + new[0]) % REGISTER_RANGE
            export_wh = (exchange["oldExport"] - before.export_register + new[1]) % REGISTER_RANGE
            self._add_energy(event.log, point, period, import_wh, export_wh, Quality.APART)
        self._page.flush()

    def reading_corrected(self, event: Event) -> None:
        """A boundary moves: both periods that meet there change, by as much."""
        given = event.arguments
        point, period = given["point"], given["period"]
        self._page.flush()
        before = self._register(point, period)
        registers = given["importRegister"] % REGISTER_RANGE, given["exportRegister"] % REGISTER_RANGE
        is_base = before.quality == Quality.BASE
        quality = Quality.BASE if is_base else Quality.CORRECTED
        self._add_register(event.log, point, period, *registers, quality)
        # A corrected substitute's energy comes by DifferenceShared.
        if before.quality not in SUBSTITUTES:
            moved = registers[0] - before.import_register, registers[1] - before.export_register
            if not is_base:
                self._move_energy(event.log, point, period, moved)
            self._move_energy(event.log, point, period + 1, (-moved[0], -moved[1]))
        self._page.flush()

    def _move_energy(self, log: Log, point: int, period: int, more: tuple[int, int]) -> None:
        energies = metering.energies.c
        query = (
            select(energies.import_wh, energies.export_wh, energies.quality)
            .where(energies.point == point, energies.period == period)
            .order_by(energies.block_number.desc(), energies.log_index.desc(), energies.part.desc())
        )
        known = self._page.connection.execute(query.limit(1)).one_or_none()
        if known is None or known.quality in SUBSTITUTES:
            return
        import_wh = (known.import_wh + more[0]) % REGISTER_RANGE
        export_wh = (known.export_wh + more[1]) % REGISTER_RANGE
        self._add_energy(log, point, period, import_wh, export_wh, Quality.CORRECTED)

    def difference_shared(self, event: Event) -> None:
        given = event.arguments
        self._add_energy(
            event.log,
            given["point"],
            given["period"],
            given["importWh"],
            given["exportWh"],
            Quality.ESTIMATED,
        )

    def reading_disputed(self, event: Event) -> None:
        given = event.arguments
        row = {"point": given["point"], "period": given["period"], "disputed": int(given["disputed"])}
        self._page.add(metering.disputes, event.log, **row)

    def _register(self, point: int, period: int) -> Any:
        registers = metering.registers.c
        query = (
            select(registers.import_register, registers.export_register, registers.quality)
            .where(registers.point == point, registers.period == period)
            .order_by(registers.block_number.desc(), registers.log_index.desc(), registers.part.desc())
        )
        return self._page.connection.execute(query.limit(1)).one_or_none()

    def _point(self, point: int) -> Any:
        if point not in self._points:
            query = select(chain.points).where(chain.points.c.point == point)
            self._points[point] = self._page.connection.execute(query).one()
        return self._points[point]

    def _add_register(
        self, log: Log, point: int, period: int, import_register: int, export_register: int, quality: int
    ) -> None:
        self._page.add(
            metering.registers,
            log,
            point=point,
            period=period,
            import_register=import_register,
            export_register=export_register,
            quality=quality,
        )

    def _add_energy(
        self, log: Log, point: int, period: int, import_wh: int, export_wh: int, quality: int
    ) -> None:
        place = self._point(point)
        self._page.add(
            metering.energies,
            log,
            point=point,
            account=place.account,
            carrier=place.carrier,
            period=period,
            import_wh=import_wh,
            export_wh=export_wh,
            quality=quality,
        )
        data = {"point": point, "period": period, "quality": Quality(quality).name.lower()}
        amounts = energy("import", import_wh) | energy("export", export_wh)
        self._page.say(log, "reading", {**data, **amounts}, place.account)
