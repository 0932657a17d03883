# SPDX-License-Identifier: MIT
"""What the oracle knows of a metering point: polls, and from them the registers at period ends."""

from dataclasses import dataclass, field

from oracle.validate.flags import Flag
from wattbook.typeddata import Quality

MWS_PER_WH = 3_600_000  # mW·s


@dataclass(frozen=True, slots=True)
class Poll:
    """One answered read of a meter at UTC second `at`.

    `import_wh` and `export_wh` go on over a wrapped register: what the register shows plus `*_carry_wh`.
    `raw` is what came over the wire, `resolution_wh` the coarser of the two registers' steps. Of a coarse
    register `*_ahead_mws` is what flowed beyond what it shows, in mW·s; `power_mw` above 0 is import.
    """

    point: int
    at: int
    import_wh: int
    export_wh: int
    resolution_wh: int = 1
    flags: Flag = Flag.NONE
    raw: bytes = b""
    import_carry_wh: int = 0
    export_carry_wh: int = 0
    scale_factor: int | None = None
    identity: str = ""
    import_ahead_mws: int = 0
    export_ahead_mws: int = 0
    power_mw: int | None = None

    @property
    def usable(self) -> bool:
        """Whether no flag says that the registers can't be believed."""
        return not self.flags & Flag.REJECTING


@dataclass(frozen=True, slots=True)
class Boundary:
    """A point's registers at the end of `period`, and the instants of the two polls they come from."""

    point: int
    period: int
    import_wh: int
    export_wh: int
    quality: Quality
    polled_before: int = field(compare=False, default=0)
    polled_after: int = field(compare=False, default=0)
