# SPDX-License-Identifier: MIT
"""`make deploy CHAIN=geth-clique`: contracts lie where the file says, and a second run changes nothing."""

import asyncio
import json

import pytest

from scripts import people, plan
from tests.clique.deployed import Deployed
from wattbook.chain.client import ChainClient
from wattbook.clock import SystemClock
from wattbook.deployments import require_chain
from wattbook.keys import DEMO_CHAIN_IDS

pytestmark = [pytest.mark.chain, pytest.mark.slow, pytest.mark.timeout(300)]


async def test_the_deployment_file_is_true_and_names_the_chain(deployed: Deployed):
    found = deployed.deployment
    assert (found.chain, found.chain_id, found.name) == ("geth-clique", 13_371, "neighbourhood")
    assert set(found.contracts) == {*plan.CONTRACTS, *plan.EXTENSIONS.values()}
    async with ChainClient.of(deployed.network.profile, SystemClock(), deployed.network.url) as client:
        await require_chain(client, found)


async def test_a_second_run_changes_nothing(deployed: Deployed):
    operator = deployed.key(people.OPERATOR).address
    text = deployed.file.read_text()
    async with ChainClient.of(deployed.network.profile, SystemClock(), deployed.network.url) as client:
        sent = await client.transaction_count(operator)
        assert await asyncio.to_thread(deployed.deploy, "--once") == 0
        assert await client.transaction_count(operator) == sent
    assert deployed.file.read_text() == text


def test_the_published_keys_hold_no_role_here(deployed: Deployed):
    assert deployed.network.profile.chain_id not in DEMO_CHAIN_IDS
    assert len({deployed.key(person).address for person in range(len(people.NAMES))}) == len(people.NAMES)


def test_the_check_finds_it_as_planned(deployed: Deployed, capsys: pytest.CaptureFixture[str]):
    assert deployed.deploy("--check") == 0
    assert json.loads(capsys.readouterr().out)["differences"] == []
