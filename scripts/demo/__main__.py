# SPDX-License-Identifier: MIT
"""`python -m scripts.demo`, `make demo`, `wattbook demo`: a neighbourhood trades for a day."""

import asyncio
import signal
import sys

from rich.console import Console

from scripts.demo.options import read_options
from scripts.demo.run import run
from wattbook.errors import WattbookError

INTERRUPTED = 130


def main() -> int:
    """Exit status: 0, 7 if a check failed, else the error's."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console(highlight=False)
    try:
        options = read_options()
        console.stderr = options.json  # standard output then holds the outcome alone
        return asyncio.run(run(options, console))
    except WattbookError as error:
        console.print(f"[red]wattbook:[/] {error}", soft_wrap=True)
        return error.exit_status
    except KeyboardInterrupt:
        console.print("Stopped. Nothing is left running.")
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
