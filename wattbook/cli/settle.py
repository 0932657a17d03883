# SPDX-License-Identifier: MIT
"""`wattbook settle`: claims, settles and hands out whatever is due, for anyone; once, or for ever."""

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer

from wattbook.chain.journal import Journal
from wattbook.chain.profiles import load_profile
from wattbook.chain.sender import Sender
from wattbook.cli.options import signs
from wattbook.cli.session import SigningSession
from wattbook.clock import Clock
from wattbook.keeper.keeper import Keeper
from wattbook.logs import configure_logs


@signs
async def settle(
    session: SigningSession,
    follow: Annotated[bool, typer.Option("--follow", help="Go on until Ctrl-C.")] = False,
    every: Annotated[float, typer.Option(help="Seconds between looks, with --follow.")] = 15.0,
    journal: Annotated[Path, typer.Option(help="What was sent already.")] = Path("out/keeper.db"),
) -> None:
    """Makes the calls that anyone may make: claims, settlement, fees, certificates."""
    configure_logs("keeper")
    async with session.signing() as chain:
        profile = load_profile(chain.deployment.chain)
        journal.parent.mkdir(parents=True, exist_ok=True)
        sender = await Sender.open(
            chain.client, chain.key, Journal(journal), profile.fees, profile.confirmations
        )
        keeper = Keeper(chain.contracts, chain.client, sender)
        if follow:
            calls = await keep_settling(keeper, chain.client.clock, every)
        else:
            calls = await keeper.step((await chain.client.head()).timestamp)
    session.show({"calls": calls}, "settled")


async def keep_settling(keeper: Keeper, clock: Clock, every: float) -> int:
    """Until SIGTERM or Ctrl-C; answers the number of calls made."""
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, lambda: asyncio.ensure_future(clock.close()))
    calls = 0
    async for now in clock.ticks(every):
        calls += await keeper.step(now)
    return calls
