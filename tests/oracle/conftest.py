# SPDX-License-Identifier: MIT
"""One chain for all tests of the whole way; each begins where the registrations ended."""

from collections.abc import Iterator

import pytest

from tests.contracts.live_chain import LiveChain, anvil
from tests.oracle.stage import START, Ground, lay_ground


@pytest.fixture(scope="session")
def chain() -> Iterator[LiveChain]:
    with anvil(START) as live:
        yield live


@pytest.fixture(scope="session")
def laid(chain: LiveChain) -> Ground:
    return lay_ground(chain)


@pytest.fixture
def ground(laid: Ground) -> Iterator[Ground]:
    snapshot = laid.chain.snapshot()
    yield laid
    laid.chain.revert(snapshot)


@pytest.fixture
def rpc(chain: LiveChain) -> str:
    return chain.url
