# SPDX-License-Identifier: MIT
"""The contracts on Anvil and the reference model do the same random steps and come to the same, to the unit.

Two neighbouring periods of two areas are traded, delivered, metered, settled and certified, with all that may
go wrong in between: refusals have to be the same too, with their facts.

    STEPS=10000 SEED=7 pytest tests/contracts/test_against_model.py

plays that many steps, reproducibly, and tells how far it is on standard error. What was played is noted in
out/fuzz/against-model.json, so that the same command, stopped, goes on where it was; LONG=1 plays 200,000.
"""

import copy
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.contracts.live_chain import anvil
from tests.contracts.live_community import LiveCommunity
from tests.contracts.live_setup import START
from tests.contracts.random_delivery import RandomDelivery

NOTED = Path(__file__).parents[2] / "out" / "fuzz" / "against-model.json"
STEPS_A_GAME = 25
GAMES_A_ROUND = 8
SHORT, LONG = 2_000, 200_000


def wanted_steps() -> int:
    if "STEPS" in os.environ:
        return int(os.environ["STEPS"])
    return LONG if os.environ.get("LONG") else SHORT


class Progress:
    """Steps played with one seed, kept in a file unless the run is short."""

    def __init__(self, chosen: int, wanted: int) -> None:
        self.seed, self.wanted = chosen, wanted
        self.is_kept = wanted > SHORT
        self.played = 0
        if self.is_kept and NOTED.exists():
            noted = json.loads(NOTED.read_text("utf-8"))
            if noted["seed"] == chosen and noted["played"] < wanted:
                self.played = noted["played"]

    def add(self, steps: int) -> None:
        self.played += steps
        if not self.is_kept:
            return
        NOTED.parent.mkdir(parents=True, exist_ok=True)
        NOTED.write_text(json.dumps({"seed": self.seed, "played": self.played}), "utf-8")
        print(f"against the model: {self.played} of {self.wanted} steps", file=sys.stderr, flush=True)


@pytest.fixture(scope="module")
def live() -> Iterator[LiveCommunity]:
    with anvil(START) as chain:
        yield LiveCommunity(chain)


def play_round(number: int) -> int:
    """Some games, drawn from `number`; each ends with the life of both periods. Returns the steps."""
    before = RandomDelivery.live.steps
    shape = settings(
        max_examples=GAMES_A_ROUND,
        stateful_step_count=STEPS_A_GAME,
        deadline=None,
        database=None,
        # Shrinking takes minutes, and the seeds tell as much.
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(number)(RandomDelivery), settings=shape)
    return RandomDelivery.live.steps - before


@pytest.mark.timeout(0)
def test_contracts_and_model_come_to_the_same(live: LiveCommunity) -> None:
    RandomDelivery.live = live
    RandomDelivery.pristine = copy.deepcopy(live.model)
    RandomDelivery.first_period = live.period
    RandomDelivery.snapshot = live.chain.snapshot()
    progress = Progress(int(os.environ.get("SEED", "0")), wanted_steps())
    while progress.played < progress.wanted:
        progress.add(play_round(progress.seed * 1_000_003 + progress.played))
