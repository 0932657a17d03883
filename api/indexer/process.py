# SPDX-License-Identifier: MIT
"""The indexer's process: settings, then one step a tick of the clock."""

from collections.abc import Sequence

from api.database import open_database
from api.indexer.follow import Follower, prepare
from api.processes import open_chain, run_process
from api.settings import IndexerSettings
from wattbook import logs
from wattbook.clock import open_clock
from wattbook.errors import ChainError
from wattbook.processes import announce_ready
from wattbook.settings import read_settings

log = logs.get_logger()


def main(argv: Sequence[str] | None = None) -> int:
    """Runs until told to stop; answers the exit status."""
    return run_process("indexer", lambda: run(read_settings(IndexerSettings, "indexer", argv)))


async def run(settings: IndexerSettings) -> None:
    """Follows the chain until the clock is closed."""
    logs.configure_logs("indexer", settings.log_level)
    clock = await open_clock(settings.clock, "indexer")
    engine = open_database(settings.database)
    async with open_chain(settings.chain, settings.rpc, settings.deployment, clock) as contracts:
        prepare(engine, contracts, settings.rebuild)
        follower = Follower(engine, contracts.client, contracts, settings.page)
        announce_ready()
        async for now in clock.ticks(settings.every):
            try:
                head = await follower.step()
            except ChainError as error:
                log.warning("the chain can't be read", code=error.code, reason=str(error))
            else:
                log.debug("caught up", block=head, now=now)
    engine.dispose()
