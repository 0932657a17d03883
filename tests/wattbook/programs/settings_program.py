# SPDX-License-Identifier: MIT
"""A process with settings, for the tests: prints them."""

import sys
from dataclasses import dataclass
from pathlib import Path

from wattbook.errors import WattbookError
from wattbook.settings import read_settings, setting


@dataclass(frozen=True)
class ProgramSettings:
    rpc: str = setting(help="address of the node, 100 % of it")
    batch: int = setting(default=100)
    every: float = setting(default=1.5)
    dry: bool = setting(default=False)
    journal: Path = setting(default=Path("j.db"))
    hosts: tuple[str, ...] = setting(default=())
    keystore: Path | None = setting(default=None)
    password: str = setting(default="", secret=True)


if __name__ == "__main__":
    try:
        sys.stdout.write(repr(read_settings(ProgramSettings, "program")))
    except WattbookError as error:
        sys.stderr.write(str(error))
        sys.exit(error.exit_status)
