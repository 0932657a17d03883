# SPDX-License-Identifier: MIT
"""The keeper as a process: settings, node, key, then one step a tick until it is told to stop."""

import asyncio
import contextlib
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from wattbook import logs
from wattbook.chain.client import ChainClient
from wattbook.chain.contracts import Contracts
from wattbook.chain.journal import Journal
from wattbook.chain.profiles import load_profile
from wattbook.chain.sender import Sender
from wattbook.clock import open_clock
from wattbook.deployments import load_deployment, require_chain
from wattbook.errors import ChainUnreachable, WattbookError
from wattbook.keeper.keeper import Keeper
from wattbook.keys import Key, demo_key, open_keystore, read_password
from wattbook.processes import announce_ready, end_with_parent
from wattbook.settings import read_settings, setting

log = logs.get_logger()


@dataclass(frozen=True)
class KeeperSettings:
    deployment: Path = setting(help="deployment file")
    rpc: str | None = setting(help="RPC address of the node; the chain profile's by default", default=None)
    keystore: Path | None = setting(help="encrypted keystore of the key that pays for gas", default=None)
    password_file: Path | None = setting(help="file with the keystore's password", default=None)
    demo_key: int | None = setting(help="key of the published test mnemonic, local chains only", default=None)
    journal: Path = setting(help="the sender's journal", default=Path("keeper.db"))
    clock: str = setting(help="system, or the address of a stepped clock", default="system")
    every: float = setting(help="seconds between steps", default=15.0)


async def main() -> int:
    """Exit status of the process."""
    logs.configure_logs("keeper")
    end_with_parent()
    try:
        await run(read_settings(KeeperSettings, "keeper"))
    except WattbookError as error:
        sys.stderr.write(f"wattbook: {error}\n")
        return error.exit_status
    return 0


async def run(settings: KeeperSettings) -> None:
    """Keeps until SIGTERM or SIGINT."""
    deployment = load_deployment(settings.deployment)
    profile = load_profile(deployment.chain)
    clock = await open_clock(settings.clock, "keeper")
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, lambda: asyncio.ensure_future(clock.close()))
    async with ChainClient.of(profile, clock, settings.rpc) as client:
        await require_chain(client, deployment)
        sender = await Sender.open(
            client,
            open_key(settings, deployment.chain_id),
            Journal(settings.journal),
            profile.fees,
            profile.confirmations,
            block_gas_limit=profile.block_gas_limit,
        )
        keeper = Keeper(Contracts(deployment, client), client, sender)
        announce_ready(address=sender.address)
        async with contextlib.aclosing(clock.ticks(settings.every)) as ticks:
            async for now in ticks:
                await step(keeper, now)


async def step(keeper: Keeper, now: int) -> None:
    """One step; a node that doesn't answer is tried again with the next."""
    try:
        await keeper.step(now)
    except ChainUnreachable as error:
        log.warning("chain unreachable", error=str(error))


def open_key(settings: KeeperSettings, chain_id: int) -> Key:
    if settings.keystore is not None:
        password = read_password(settings.password_file, "WATTBOOK_KEEPER_PASSWORD")
        return open_keystore(settings.keystore, password)
    return demo_key(settings.demo_key or 0, chain_id)
