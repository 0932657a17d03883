# SPDX-License-Identifier: MIT
"""The relay's process: settings, then one step a tick of the clock."""

from collections.abc import Sequence

from api.database import open_database, upgrade
from api.keys import open_key
from api.processes import open_chain, run_process
from api.reads.own import OwnOrders
from api.relay.batches import Batches
from api.relay.queue import Queue
from api.relay.relay import Relay
from api.settings import RelaySettings
from wattbook import logs
from wattbook.chain.contracts import Contracts
from wattbook.chain.journal import Journal
from wattbook.chain.profiles import load_profile
from wattbook.chain.sender import Sender
from wattbook.clock import open_clock
from wattbook.errors import ChainError
from wattbook.processes import announce_ready
from wattbook.settings import read_settings

log = logs.get_logger()


def main(argv: Sequence[str] | None = None) -> int:
    """Runs until told to stop; answers the exit status."""
    return run_process("relay", lambda: run(read_settings(RelaySettings, "relay", argv)))


async def run(settings: RelaySettings) -> None:
    """Relays until the clock is closed."""
    logs.configure_logs("relay", settings.log_level)
    clock = await open_clock(settings.clock, "relay")
    async with open_chain(settings.chain, settings.rpc, settings.deployment, clock) as contracts:
        relay = await open_relay(settings, contracts)
        announce_ready()
        async for now in clock.ticks(settings.every):
            try:
                await relay.step(now)
            except ChainError as error:
                log.warning("the chain can't be used", code=error.code, reason=str(error))


async def open_relay(settings: RelaySettings, contracts: Contracts) -> Relay:
    """The relay on its databases, key and journal."""
    profile = load_profile(settings.chain)
    engine = open_database(settings.database, durable=True)
    upgrade(engine, "relay")
    chain_id = contracts.deployment.chain_id
    key = open_key(settings.private_key, settings.keystore, settings.password_file, chain_id)
    sender = await Sender.open(
        contracts.client,
        key,
        Journal(settings.journal),
        profile.fees,
        profile.confirmations if settings.confirmations is None else settings.confirmations,
        block_gas_limit=profile.block_gas_limit,
    )
    queue = Queue(engine)
    batches = Batches(
        queue,
        OwnOrders(open_database(settings.chain_database, writes=False)),
        contracts.abi("OrderBook"),
        contracts.refusals,
        contracts.deployment.calendar,
        settings.batch,
        settings.max_touches,
        settings.gas_each,
        profile.block_gas_limit,
    )
    return Relay(queue, batches, sender, contracts)
