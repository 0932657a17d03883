# SPDX-License-Identifier: MIT
"""The truth, for whoever checks the rest: what really passed through each point, period by period.

JSON lines: {"point", "period", "importWh", "exportWh", "importRegisterWh", "exportRegisterWh",
"resolutionWh"}, the registers at the period's end. The first line of each point is its base, the end of the
period before its first. It is computed from the plan's whole Wh, never from what a meter shows.
"""

import json
from pathlib import Path
from typing import IO

from oracle.simulator.meter import SimulatedMeter


class Ledger:
    """Written anew from the first period on at every start; a line for each period that is over."""

    def __init__(
        self, path: Path, meters: list[SimulatedMeter], first_period: int, period_seconds: int
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._stream: IO[str] = path.open("w")
        self._meters = meters
        self._next = first_period - 1
        self._period_seconds = period_seconds

    def write_until(self, now: int) -> None:
        """All periods that have ended at UTC second `now`."""
        while (self._next + 1) * self._period_seconds <= now:
            for meter in self._meters:
                self._stream.write(json.dumps(_line(meter, self._next)) + "\n")
            self._next += 1
        self._stream.flush()

    def close(self) -> None:
        self._stream.close()


def _line(meter: SimulatedMeter, period: int) -> dict[str, int]:
    planned = meter.planned
    return {
        "point": planned.point,
        "period": period,
        "importWh": meter.imported.energy(period),
        "exportWh": meter.exported.energy(period),
        "importRegisterWh": planned.start_import_wh + meter.imported.until_start(period + 1),
        "exportRegisterWh": planned.start_export_wh + meter.exported.until_start(period + 1),
        "resolutionWh": planned.resolution_wh,
    }
