# SPDX-License-Identifier: MIT
"""What the oracle knows of a metering point: polls, and from them the registers at period ends."""

from dataclasses import dataclass, field

from oracle.validate.flags import Flag
from wattbook.typeddata import Quality


@dataclass(frozen=True, slots=True)
class Poll:
    """One answered read of a meter at UTC second `at`.

    `import_wh` and `export_wh` go on over a wrapped register: what the register shows plus `*_carry_wh`.
    `raw` is what came over the wire, `resolution_wh` the coarser of the two registers' steps.
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
