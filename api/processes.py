# SPDX-License-Identifier: MIT
"""What the three processes have in common: the chain they start with, and how they end."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import uvloop

from wattbook import logs
from wattbook.chain.client import ChainClient
from wattbook.chain.contracts import Contracts
from wattbook.chain.profiles import load_profile
from wattbook.clock import Clock
from wattbook.deployments import load_deployment, require_chain
from wattbook.errors import WattbookError
from wattbook.processes import end_with_parent

log = logs.get_logger()


@contextlib.asynccontextmanager
async def open_chain(
    profile: str, rpc: str | None, deployment: Path, clock: Clock
) -> AsyncIterator[Contracts]:
    """The deployment's contracts on their chain. Raises DeploymentErrors, ChainErrors."""
    found = load_deployment(deployment)
    async with ChainClient.of(load_profile(profile), clock, rpc) as client:
        await require_chain(client, found)
        yield Contracts(found, client)


def run_process(name: str, start: Callable[[], Coroutine[Any, Any, None]]) -> int:
    """Runs a process's work until SIGTERM or SIGINT; answers its exit status, after one clear sentence."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_until_told(start))
    except WattbookError as error:
        sys.stderr.write(f"{name}: {error}\n")
        return error.exit_status
    return 0


async def _until_told(start: Callable[[], Coroutine[Any, Any, None]]) -> None:
    end_with_parent()
    work = asyncio.ensure_future(start())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, work.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await work
