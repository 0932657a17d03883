# SPDX-License-Identifier: MIT
"""What both of our processes do around their work: settings, logs, an error's sentence and exit status."""

import asyncio
import importlib
import sys
from collections.abc import Sequence
from typing import Any

from wattbook.errors import WattbookError
from wattbook.logs import configure_logs, get_logger
from wattbook.processes import end_with_parent
from wattbook.settings import read_settings


def run_process(cls: type[Any], process: str, module: str, argv: Sequence[str] | None = None) -> None:
    """Reads the settings, runs the module's `run(settings)`, ends the process with the error's own status.

    The module is imported after the settings: what is wrong with those is said at once.
    """
    try:
        settings = read_settings(cls, process, argv)
        configure_logs(process, settings.log_level)
        end_with_parent()
        asyncio.run(importlib.import_module(module).run(settings))
    except WattbookError as error:
        get_logger().error("ended", code=error.code)
        sys.stderr.write(f"{error}\n")
        sys.exit(int(error.exit_status))
