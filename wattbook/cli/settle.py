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
from wattbook.cli.session import (
    DEFAULT_DEPLOYMENT,
    AsJson,
    Chain,
    DemoKey,
    Deployment,
    KeyChoice,
    Keystore,
    PasswordFile,
    Rpc,
    show,
    with_chain,
)
from wattbook.keeper.keeper import Keeper
from wattbook.logs import configure_logs


def settle(
    follow: Annotated[bool, typer.Option("--follow", help="Go on until Ctrl-C.")] = False,
    every: Annotated[float, typer.Option(help="Seconds between looks, with --follow.")] = 15.0,
    journal: Annotated[Path, typer.Option(help="What was sent already.")] = Path("out/keeper.db"),
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    demo_key: DemoKey = None,
    deployment: Deployment = DEFAULT_DEPLOYMENT,
    rpc: Rpc = None,
    as_json: AsJson = False,
) -> None:
    """Makes the calls that anyone may make: claims, settlement, fees, certificates."""

    configure_logs("keeper")

    async def work(chain: Chain) -> int:
        key = KeyChoice(keystore, password_file, demo_key).open(chain.deployment.chain_id)
        profile = load_profile(chain.deployment.chain)
        journal.parent.mkdir(parents=True, exist_ok=True)
        sender = await Sender.open(chain.client, key, Journal(journal), profile.fees, profile.confirmations)
        keeper = Keeper(chain.contracts, chain.client, sender)
        clock = chain.client.clock
        if not follow:
            return await keeper.step((await chain.client.head()).timestamp)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(
                number, lambda: asyncio.ensure_future(clock.close())
            )
        calls = 0
        async for now in clock.ticks(every):
            calls += await keeper.step(now)
        return calls

    show({"calls": with_chain(deployment, rpc, work)}, as_json, "settled")
