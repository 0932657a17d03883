# SPDX-License-Identifier: MIT
"""The command on a live chain: a neighbourhood with money, and a miner that makes blocks."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from tests.api.mining import miner
from tests.api.stage import START, Stage, lay
from tests.contracts.live_chain import anvil
from wattbook.cli.main import main

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    """The command sends its log to a stderr that is the test's own."""
    yield
    structlog.reset_defaults()
    logging.basicConfig(handlers=[], force=True)


@pytest.fixture(scope="session")
def laid() -> Iterator[Stage]:
    with anvil(START) as chain:
        yield lay(chain)


@pytest.fixture
def stage(laid: Stage) -> Iterator[Stage]:
    snapshot = laid.chain.snapshot()
    with miner(laid.chain):
        yield laid
    laid.chain.revert(snapshot)


@pytest.fixture
def wattbook(stage: Stage, tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> Run:
    """wattbook("order", "list", …, json=True): exit status 0, and what it printed."""
    deployment = stage.save(tmp_path)

    def run(*words: object, status: int = 0, as_json: bool = True, by: int | None = None) -> Any:
        given = [*map(str, words), "--deployment", str(deployment), "--rpc", stage.chain.url]
        given += ["--json"] if as_json else []
        given += [] if by is None else ["--demo-key", str(by)]
        assert main(given) == status, capsys.readouterr()
        out = capsys.readouterr().out
        return json.loads(out) if as_json else out

    return run
