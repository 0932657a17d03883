# SPDX-License-Identifier: MIT
"""The API's process: settings, context, one uvicorn server on a socket that is bound before."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator, Sequence

import uvicorn
from sqlalchemy import Engine

from api.acceptor import Acceptor
from api.app import create_app
from api.context import Context
from api.database import open_database, upgrade
from api.hot import HotReads
from api.keys import open_key
from api.metrics import Metrics
from api.processes import open_chain, run_process
from api.relay.intake import Intake
from api.relay.queue import Queue
from api.relay.sessions import Sessions
from api.schemas.status import Demo
from api.settings import ApiSettings
from api.stream import Hub
from wattbook import logs
from wattbook.chain.contracts import Contracts
from wattbook.clock import Clock, open_clock
from wattbook.errors import PortTaken, SettingInvalid
from wattbook.processes import announce_ready
from wattbook.settings import read_settings
from wattbook.typeddata import Domain


def main(argv: Sequence[str] | None = None) -> int:
    """Runs until told to stop; answers the exit status."""
    return run_process("api", lambda: run(read_settings(ApiSettings, "api", argv)))


async def run(settings: ApiSettings) -> None:
    """Serves until cancelled."""
    logs.configure_logs("api", settings.log_level)
    clock = await open_clock(settings.clock, "api")
    async with open_chain(settings.chain, settings.rpc, settings.deployment, clock) as contracts:
        context = build_context(settings, clock, contracts)
        with bound_socket(settings.host, settings.port) as listener:
            await serve(context, listener)


def build_context(settings: ApiSettings, clock: Clock, contracts: Contracts) -> Context:
    """Everything that the routes need; brings relay.db to its schema."""
    _read_demo(settings)  # a wrong file is refused here, not at the first visit
    engine = open_database(settings.database, durable=True)
    upgrade(engine, "relay")
    index = open_database(settings.chain_database, writes=False)
    return Context(
        settings=settings,
        clock=clock,
        contracts=contracts,
        chain_engine=index,
        queue=Queue(engine),
        sessions=Sessions(engine),
        hot=HotReads(index),
        hub=Hub(index, clock, settings.poll, settings.streams),
        metrics=Metrics(),
        acceptor_or_none=_acceptor(settings, clock, contracts, engine),
        read_demo=lambda: _read_demo(settings),
    )


def _acceptor(settings: ApiSettings, clock: Clock, contracts: Contracts, engine: Engine) -> Acceptor | None:
    """None where no key for receipts is set: then the relay takes nothing."""
    if not settings.receipt_key and settings.receipt_keystore is None:
        return None
    chain_id = contracts.deployment.chain_id
    key = open_key(settings.receipt_key, settings.receipt_keystore, settings.password_file, chain_id)
    domain = Domain(chain_id, contracts.address("OrderBook"))
    used = contracts.refusals.by_name("NonceUsed")
    return Acceptor(Intake(engine, key, domain, settings.waiting_limit, used), clock.now)


def _read_demo(settings: ApiSettings) -> Demo | None:
    """Read each time it is asked for: the demo names its accounts once they are open."""
    if settings.demo_notes is None:
        return None
    try:
        return Demo.model_validate_json(settings.demo_notes.read_bytes())
    except (OSError, ValueError):
        text, expected = str(settings.demo_notes), "a JSON file with note and accounts"
        raise SettingInvalid(name="demo_notes", source="the settings", text=text, expected=expected) from None


@contextlib.contextmanager
def bound_socket(host: str, port: int) -> Iterator[socket.socket]:
    """A listening socket. Raises PortTaken."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            raise PortTaken(port=port, host=host) from None
        listener.listen(1024)
        yield listener


class _Server(uvicorn.Server):
    """Leaves signals to the process, and says when it is ready."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or []:
            announce_ready(port=listener.getsockname()[1])


async def serve(context: Context, listener: socket.socket) -> None:
    """One server until cancelled; then what is being answered is finished first."""
    config = uvicorn.Config(
        create_app(context),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise
