# SPDX-License-Identifier: MIT
"""Puts the parts together and runs them until the process is told to end."""

import asyncio
import contextlib
import signal

from oracle.chain import ChainLink, ChainSettings
from oracle.close import Closer
from oracle.devices import load_catalogue
from oracle.devices.catalogue import SHIPPED
from oracle.exchange import sign_exchanges
from oracle.gateway import Gateway
from oracle.journal import Database, open_database
from oracle.metrics import Metrics
from oracle.points import load_points
from oracle.poll import Poller
from oracle.settings import PASSWORD_VARIABLE, PROCESS, OracleSettings
from oracle.sign import BatchSigner
from wattbook.chain.client import ChainClient
from wattbook.chain.profiles import load_profile
from wattbook.clock import open_clock
from wattbook.deployments import load_deployment
from wattbook.errors import SettingInvalid
from wattbook.keys import open_keystore, read_password
from wattbook.processes import announce_ready
from wattbook.typeddata import Domain

SLOWEST_POLL_SECONDS = 15


async def run(settings: OracleSettings) -> None:
    """Until SIGTERM or the clock's end. Raises WattbookErrors before it is ready, hardly any after."""
    gateway = await build(settings)
    running = asyncio.create_task(gateway.run(settings.poll_seconds))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    announce_ready(port=gateway.metrics.port)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await running
    finally:
        await gateway.close()


async def build(settings: OracleSettings) -> Gateway:
    """A gateway, ready to run. Raises what any part finds wrong; nothing is left open then."""
    _require_quick_polls(settings.poll_seconds)
    deployment = load_deployment(settings.deployment)
    calendar = deployment.calendar
    catalogue = load_catalogue(settings.devices or SHIPPED)
    points = load_points(settings.points, catalogue, calendar.period_seconds)
    key = open_keystore(settings.keystore, read_password(settings.password_file, PASSWORD_VARIABLE))
    profile = load_profile(deployment.chain)
    domain = Domain(deployment.chain_id, deployment.address("MeterReadings"))
    signer = BatchSigner(key, domain, settings.gateway)
    async with contextlib.AsyncExitStack() as opened:
        clock = await open_clock(settings.clock, PROCESS)
        opened.push_async_callback(clock.close)
        database = open_database(settings.journal)
        opened.callback(database.close)
        models = {point.point: point.device.model for point in points}
        chain = ChainLink(
            ChainSettings(profile, deployment, key, settings.sender_journal, settings.chain_patience, models),
            ChainClient.of(profile, clock, settings.rpc),
            database,
            lambda: sign_all(signer, database),
        )
        opened.push_async_callback(chain.close)
        await chain.require()
        gateway = Gateway(
            clock=clock,
            poller=Poller(points, clock, calendar.period_seconds, settings.timeout_seconds),
            closer=Closer(points, calendar, database),
            database=database,
            chain=chain,
            metrics=Metrics(settings.metrics_port),
            drop_after_ack=settings.drop_after_ack,
        )
        opened.pop_all()
    return gateway


def sign_all(signer: BatchSigner, database: Database) -> int:
    """Journals what is due, signed: exchanges, then batches; how many readings these hold."""
    sign_exchanges(signer, database)
    return signer.sign_pending(database)


def _require_quick_polls(seconds: float) -> None:
    if not 0 < seconds <= SLOWEST_POLL_SECONDS:
        raise SettingInvalid(
            name="poll_seconds",
            source="the settings",
            text=str(seconds),
            expected="more than 0 and at most 15 s, so that two polls lie within 30 s of a boundary",
        )
