# SPDX-License-Identifier: MIT
"""One chain for all tests of the API; each begins where the members have their money."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.api.house import House, make_template, opened
from tests.api.stage import START, Stage, lay
from tests.contracts.live_chain import LiveChain, anvil
from wattbook.logs import configure_logs


@pytest.fixture(scope="session", autouse=True)
def _logs() -> None:
    # As a process does: structlog's own way of showing an exception takes half a minute.
    configure_logs("tests", "warning")


@pytest.fixture(scope="session")
def chain() -> Iterator[LiveChain]:
    with anvil(START) as live:
        yield live


@pytest.fixture(scope="session")
def laid(chain: LiveChain) -> Stage:
    return lay(chain)


@pytest.fixture
def stage(laid: Stage) -> Iterator[Stage]:
    snapshot = laid.chain.snapshot()
    yield laid
    laid.chain.revert(snapshot)


@pytest.fixture(scope="session")
def template(laid: Stage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    asyncio.run(make_template(laid, folder))
    return folder


@pytest.fixture
async def house(stage: Stage, template: Path, tmp_path: Path) -> AsyncIterator[House]:
    async with opened(stage, template, tmp_path) as house:
        yield house
