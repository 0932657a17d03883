# SPDX-License-Identifier: MIT
"""One simulated meter: its true registers at an instant, and the words in which it shows them."""

from fractions import Fraction
from math import floor

from oracle.simulator.curve import Curve
from oracle.simulator.maps import MAPS, RegisterMap, Shown
from oracle.simulator.plan import Plan, PlannedMeter


class SimulatedMeter:
    """`words` maps addresses to what a reader gets; `set_instant` renews it."""

    def __init__(self, meter: PlannedMeter, plan: Plan) -> None:
        self.planned = meter
        self.map: RegisterMap = MAPS[meter.device]
        times = (plan.first_period, plan.period_seconds)
        imported, exported = zip(*meter.energy, strict=True)
        self.imported = Curve(imported, *times, f"{plan.seed}/{meter.point}/import")
        self.exported = Curve(exported, *times, f"{plan.seed}/{meter.point}/export")
        self.words: dict[int, int] = {}
        self.set_instant(plan.first_period * plan.period_seconds)

    def set_instant(self, now: int) -> None:
        """Shows the energy counted at UTC second `now`: a meter counts whole Wh, and only full ones."""
        shown = Shown(
            import_wh=self._counted(self.planned.start_import_wh, self.imported.at(now)),
            export_wh=self._counted(self.planned.start_export_wh, self.exported.at(now)),
            serial=self.planned.serial,
            scale_factor=self.planned.scale_factor,
            sunspec_base=self.planned.sunspec_base,
            power_w=int(self.imported.power_w(now) - self.exported.power_w(now)),
        )
        self.words = {
            start + i: word for start, words in self.map.blocks(shown) for i, word in enumerate(words)
        }

    @staticmethod
    def _counted(start: int, passed: Fraction) -> int:
        return start + floor(passed)
