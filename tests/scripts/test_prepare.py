# SPDX-License-Identifier: MIT
"""`wattbook deploy --prepare`: the ring's words are written once, whoever calls how often."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.prepare import PAGE_GAS, Prices, pages, prepare
from tests.api.mining import miner
from tests.api.stage import AREA, CALENDAR, CARRIER, CHAIN_ID, RELAY, START, Stage, lay
from tests.contracts.live_chain import LiveChain, anvil
from wattbook.cli.session import with_chain
from wattbook.keys import demo_key


def test_pages_cover_the_ring_once_for_each_contract():
    found = list(pages(1_024, AREA, CARRIER, Prices(800, 3_200)))
    for contract in ("Settlement", "OrderBook"):
        places: list[int] = []
        for page in found:
            area, carrier, first, count, *_ = page.arguments
            if page.contract == contract:
                assert (area, carrier) == (AREA, CARRIER)
                places += range(first, first + count)
        assert places == list(range(1_024))


def test_prices_of_one_leaf_and_of_all_are_counted():
    assert Prices(240, 479).leaves == 1
    assert Prices(0, 57_599).leaves == 240
    (page, *_) = (page for page in pages(4, AREA, CARRIER, Prices(0, 57_599)) if page.contract == "OrderBook")
    assert page.arguments[3] == 3


class Town:
    def __init__(self, chain: LiveChain, folder: Path) -> None:
        self.chain = chain
        self.stage: Stage = lay(chain)
        self.file = self.stage.save(folder)
        self.said: list[str] = []

    def prepare(self) -> int:
        """By the relay's key, while blocks are made: it needs no role."""
        key = demo_key(RELAY, CHAIN_ID)
        with miner(self.chain):
            return with_chain(self.file, self.chain.url, lambda chain: prepare(chain, key, self.said.append))

    def gas_of_an_order(self) -> int:
        before = self.chain.rpc("eth_getBlockByNumber", "latest", False)["number"]
        self.stage.place("Ana", "offer", 1_000, 1_900, rest_remainder=True)
        block = self.chain.rpc("eth_getBlockByNumber", "latest", False)
        assert block["number"] != before
        return int(block["gasUsed"], 16)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with anvil(START) as chain:
        yield Town(chain, tmp_path)


@pytest.mark.slow
@pytest.mark.chain
@pytest.mark.timeout(300)
def test_a_prepared_deployment_opens_markets_for_less_and_preparing_again_writes_nothing(town: Town):
    snapshot = town.chain.rpc("evm_snapshot")
    now, unprepared = town.chain.now, town.gas_of_an_order()
    town.chain.rpc("evm_revert", snapshot)
    town.chain.now = now
    first = town.prepare()
    assert len(town.said) == len(list(pages(CALENDAR.ring_periods, AREA, CARRIER, Prices(800, 3_200))))
    assert town.said[0].startswith(
        f"1 of {len(town.said)}: Settlement, area {AREA}, electricity, places 0 to 63"
    )
    assert first < PAGE_GAS * len(town.said)
    assert town.prepare() * 4 < first
    # The book's pot is new as well in both.
    assert town.gas_of_an_order() <= unprepared - 6 * 17_100
