# SPDX-License-Identifier: MIT
"""Two deployments beside each other on one chain: neither's index, orders or check know of the other's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import people
from tests.api.tables import contents, index_anew
from tests.scripts.anvil_town import Town, read_json, town
from wattbook.chain.client import ChainClient
from wattbook.chain.contracts import Contracts
from wattbook.chain.profiles import load_profile
from wattbook.clock import SystemClock
from wattbook.errors import Exit
from wattbook.ids import backstop_of
from wattbook.typeddata import Cancellation, Domain

pytestmark = [pytest.mark.slow, pytest.mark.chain, pytest.mark.timeout(300)]
FIRST, SECOND = "deployment", "hillside"
DEPOSIT = 1_000_000


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("two")) as it:
        first = (it.folder / f"{FIRST}.json").read_text()
        assert it.run("--once", "--name", SECOND) == 0
        assert (it.folder / f"{FIRST}.json").read_text() == first
        yield it


def test_they_share_the_chain_and_nothing_else(place: Town):
    first, second = place.deployment(FIRST), place.deployment(SECOND)
    assert (first.name, second.name) == ("neighbourhood", SECOND)
    assert first.chain_id == second.chain_id
    assert not {c.address for c in first.contracts.values()} & {c.address for c in second.contracts.values()}


@pytest.mark.parametrize("options", [[], ["--name", SECOND]], ids=[FIRST, SECOND])
def test_each_is_as_planned(place: Town, capsys: pytest.CaptureFixture[str], options: list[str]):
    capsys.readouterr()
    assert place.run("--check", "--json", *options) == Exit.OK
    assert read_json(capsys.readouterr().out)["differences"] == []


def test_a_role_in_one_is_none_in_the_other(place: Town, capsys: pytest.CaptureFixture[str]):
    with place.undone():
        place.send(0, "Administration", "grantRole", 1, place.people[20], 0, of=SECOND)
        capsys.readouterr()
        assert place.run("--check", "--json") == Exit.OK
        assert place.run("--check", "--json", "--name", SECOND) == Exit.CHECK_FAILED


async def test_each_index_holds_its_own_deployments_money(place: Town, tmp_path: Path):
    for name, count in ((FIRST, 1), (SECOND, 3)):
        vault = place.address("PaymentVault", name)
        place.send(people.BACKSTOP, "TestEuro", "mint", place.people[people.BACKSTOP], 10 * DEPOSIT, of=name)
        place.send(people.BACKSTOP, "TestEuro", "approve", vault, 10 * DEPOSIT, of=name)
        for _ in range(count):
            place.send(people.BACKSTOP, "PaymentVault", "deposit", backstop_of(0), DEPOSIT, of=name)
    assert await deposits(place, FIRST, tmp_path) == 1
    assert await deposits(place, SECOND, tmp_path) == 3


async def deposits(place: Town, name: str, folder: Path) -> int:
    """How many the index of a deployment knows."""
    deployment = place.deployment(name)
    async with ChainClient.of(load_profile("anvil"), SystemClock(), place.url) as client:
        (folder / name).mkdir()
        engine = await index_anew(Contracts(deployment, client), folder / name)
    moves = contents(engine)["moves"]
    engine.dispose()
    return len(moves)


def test_what_is_signed_for_one_is_not_valid_in_the_other(place: Town):
    cancellation = Cancellation(16, 0, 0, 1_000, 1_900, 0, 0)
    digests = {
        cancellation.digest(Domain(31_337, place.address(contract, name)))
        for contract in ("OrderBook", "MeterReadings", "Registry")
        for name in (FIRST, SECOND)
    }
    assert len(digests) == 6
