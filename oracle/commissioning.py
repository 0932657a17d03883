# SPDX-License-Identifier: MIT
"""The commissioning check of a meter: connect, read once, show what the gateway would believe."""

from dataclasses import asdict, dataclass
from typing import Any

from oracle.errors import MeterFault
from oracle.points import Point
from oracle.poll.bus import Bus
from oracle.poll.reader import Reader


@dataclass(frozen=True, slots=True)
class Finding:
    """What one meter said, or the sentence of what went wrong. None: the device has no such register."""

    point: int
    model: str
    address: str
    import_wh: int | None = None
    export_wh: int | None = None
    resolution_wh: int | None = None
    serial: str = ""
    fault: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def line(self) -> str:
        """One line for people."""
        head = f"point {self.point} ({self.model} at {self.address}):"
        if self.fault:
            return f"{head} {self.fault}"
        registers = f"import {_shown(self.import_wh)}, export {_shown(self.export_wh)}"
        serial = f", serial {self.serial}" if self.serial else ""
        return f"{head} {registers}, resolves {self.resolution_wh} Wh{serial}"


async def try_meter(point: Point, patience: float) -> Finding:
    """Never raises a MeterFault: it is the finding. `patience` in seconds, as a bus has it."""
    bus = Bus(point.host, point.port, patience)
    head = (point.point, point.device.model, f"{point.host}:{point.port}")
    try:
        answer = await Reader(point, bus).read()
    except MeterFault as fault:
        return Finding(*head, fault=str(fault))
    finally:
        bus.close()
    imported, exported = answer.decoded.imported, answer.decoded.exported
    return Finding(
        *head,
        import_wh=imported.wh if imported else None,
        export_wh=exported.wh if exported else None,
        resolution_wh=max((it.resolution_wh for it in (imported, exported) if it), default=None),
        serial=answer.identity,
    )


def _shown(wh: int | None) -> str:
    return "none" if wh is None else f"{wh} Wh"
