# SPDX-License-Identifier: MIT
"""The simulator's settings, read once at the entry point."""

from dataclasses import dataclass
from pathlib import Path

from wattbook.settings import setting

PROCESS = "simulator"


@dataclass(frozen=True)
class SimulatorSettings:
    meters: Path = setting(help="the simulation file: meters and their energy")
    ledger: Path = setting(help="where to write what really passed, JSON lines")
    clock: str = setting(help="system, or a stepped clock's tcp://HOST:PORT?name=NAME", default="system")
    log_level: str = setting(help="debug, info, warning or error", default="info")
