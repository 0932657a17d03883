# SPDX-License-Identifier: MIT
"""What both of our processes do around their work: settings, logs, an error's sentence and exit status."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from wattbook.errors import WattbookError
from wattbook.logs import configure_logs, get_logger
from wattbook.processes import end_with_parent
from wattbook.settings import read_settings


def run_process(
    cls: type[Any],
    process: str,
    run: Callable[[Any], Awaitable[None]],
    argv: Sequence[str] | None = None,
) -> None:
    """Reads the settings, runs, ends the process with the error's own status."""
    try:
        settings = read_settings(cls, process, argv)
        configure_logs(process, settings.log_level)
        end_with_parent()
        asyncio.run(_awaited(run, settings))
    except WattbookError as error:
        get_logger().error("ended", code=error.code)
        sys.stderr.write(f"{error}\n")
        sys.exit(int(error.exit_status))


async def _awaited(run: Callable[[Any], Awaitable[None]], settings: Any) -> None:
    await run(settings)
