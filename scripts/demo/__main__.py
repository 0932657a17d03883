# SPDX-License-Identifier: MIT
"""`python -m scripts.demo`, `make demo`, `wattbook demo`: a neighbourhood trades for a day."""

import asyncio
import signal
import sys

from rich.console import Console

from scripts.demo.options import Options, read_options
from scripts.demo.run import run
from wattbook.errors import WattbookError

INTERRUPTED = 130


def main() -> int:
    """Exit status: 0, 7 if a check failed, else the error's."""
    console = Console(highlight=False)
    try:
        options = read_options()
        console.stderr = options.json  # standard output then holds the outcome alone
        return asyncio.run(until_told(options, console))
    except WattbookError as error:
        console.print(f"[red]wattbook:[/] {error}", soft_wrap=True)
        return error.exit_status
    except (KeyboardInterrupt, asyncio.CancelledError):
        console.print("Stopped. Nothing is left running.")
        return INTERRUPTED


async def until_told(options: Options, console: Console) -> int:
    """The demo, ended in order by SIGTERM as by Ctrl-C."""
    playing = asyncio.ensure_future(run(options, console))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, playing.cancel)
    return await playing


if __name__ == "__main__":
    sys.exit(main())
