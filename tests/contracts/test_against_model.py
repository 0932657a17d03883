# SPDX-License-Identifier: MIT
"""The contracts on Anvil and the reference model do the same random steps and come to the same, to the unit.

Two neighbouring periods are traded, delivered, metered, settled and certified, with all that may go wrong in
between: refusals have to be the same too. LONG=1 plays ten times as many.
"""

import copy
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.contracts.live_chain import anvil
from tests.contracts.live_community import LiveCommunity
from tests.contracts.live_setup import START
from tests.contracts.random_delivery import RandomDelivery


@pytest.fixture(scope="module")
def live() -> Iterator[LiveCommunity]:
    with anvil(START) as chain:
        yield LiveCommunity(chain)


def test_contracts_and_model_come_to_the_same(live: LiveCommunity) -> None:
    RandomDelivery.live = live
    RandomDelivery.pristine = copy.deepcopy(live.model)
    RandomDelivery.snapshot = live.chain.snapshot()
    run_state_machine_as_test(
        RandomDelivery,
        settings=settings(
            max_examples=200 if os.environ.get("LONG") else 15,
            stateful_step_count=25,
            deadline=None,
            database=None,
            # Shrinking takes minutes, and the seeds tell as much.
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
