# SPDX-License-Identifier: MIT
"""What the routes work with: built once at the entry point, handed to each by FastAPI."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends, Request
from sqlalchemy import Connection, Engine

from api.acceptor import Acceptor
from api.database import reading
from api.errors import RelayClosed
from api.hot import HotReads
from api.metrics import Metrics
from api.relay.queue import Queue
from api.relay.sessions import Sessions
from api.schemas.status import Demo
from api.settings import ApiSettings
from api.stream import Hub
from wattbook.calendar import Calendar
from wattbook.chain.contracts import Contracts
from wattbook.clock import Clock
from wattbook.typeddata import Domain


@dataclass(frozen=True)
class Context:
    settings: ApiSettings
    clock: Clock
    contracts: Contracts
    chain_engine: Engine
    queue: Queue
    sessions: Sessions
    hot: HotReads
    hub: Hub
    metrics: Metrics
    acceptor_or_none: Acceptor | None
    read_demo: Callable[[], Demo | None]
    domain: Domain = field(init=False)

    def __post_init__(self) -> None:
        domain = Domain(self.contracts.deployment.chain_id, self.venue)
        object.__setattr__(self, "domain", domain)

    @property
    def calendar(self) -> Calendar:
        return self.contracts.deployment.calendar

    @property
    def venue(self) -> str:
        """The order book's address."""
        return self.contracts.address("OrderBook")

    @property
    def acceptor(self) -> Acceptor:
        """Raises RelayClosed where no receipt key is set."""
        if self.acceptor_or_none is None:
            raise RelayClosed()
        return self.acceptor_or_none

    def now(self) -> int:
        return self.clock.now()

    @contextmanager
    def index(self) -> Iterator[Connection]:
        """A read of chain.db, of one moment. Raises IndexBehind while there are no tables."""
        with reading(self.chain_engine) as connection:
            yield connection


def context_of(request: Request) -> Context:
    return cast(Context, request.app.state.context)


Ctx = Annotated[Context, Depends(context_of)]
