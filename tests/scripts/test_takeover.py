# SPDX-License-Identifier: MIT
"""A new order book takes over: seven days' notice, then both side by side while the old one drains."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import plan
from scripts.administer import Step
from scripts.takeover import drain, take_over
from tests.api.mining import miner
from tests.api.stage import CALENDAR, CHAIN_ID, MEMBERS, OPERATOR, PERIOD, START, Stage, account_of, lay
from tests.contracts.live_chain import LiveChain, Reverted, anvil
from wattbook.cli.session import Chain, with_chain
from wattbook.deployments import load_deployment
from wattbook.keys import demo_key

pytestmark = [pytest.mark.slow, pytest.mark.chain, pytest.mark.timeout(300)]
NOTICE = 7 * 86_400


class Takeover:
    """Two deployment files of one community; `stage` trades in the old book, `in_new` in the new one."""

    def __init__(self, chain: LiveChain, folder: Path) -> None:
        self.chain = chain
        self.stage: Stage = lay(chain)
        self.old = self.stage.save(folder)
        self.new = folder / "next.json"
        self._books = [chain.at["OrderBook"]]
        role = next(r for r, names in plan.RESTRICTED["PaymentVault"].items() if "grantVenue" in names)
        self.stage.operate("Administration", "grantRole", role, chain.people[OPERATOR], NOTICE)

    def step(self, draining: bool = False) -> list[Step]:
        """`wattbook deploy --takeover next`, or `--drain`, while blocks are made."""
        key = demo_key(OPERATOR, CHAIN_ID)

        async def work(chain: Chain) -> list[Step]:
            if draining:
                return await drain(chain, key, self.old)
            return await take_over(chain, key, self.old, self.new)

        with miner(self.chain):
            return with_chain(self.old, self.chain.url, work)

    def use_new(self) -> None:
        self.chain.at["OrderBook"] = load_deployment(self.new).address("OrderBook")

    def use_old(self) -> None:
        self.chain.at["OrderBook"] = load_deployment(self.old).address("OrderBook")

    def walk(self, second: int) -> None:
        self.chain.go_to(second)
        self.chain.mine()


@pytest.fixture
def takeover(tmp_path: Path) -> Iterator[Takeover]:
    with anvil(START) as chain:
        yield Takeover(chain, tmp_path)


def test_a_new_book_takes_over_while_the_old_one_drains(takeover: Takeover):
    stage, chain = takeover.stage, takeover.chain
    steps = takeover.step()
    assert [step.done for step in steps] == [False] * 3
    assert all(step.at is not None and step.at >= chain.now + NOTICE - 60 for step in steps)
    takeover.use_new()
    with pytest.raises(Reverted, match="NotVenue"):
        stage.place("Ana", "offer", 1_000, 1_900)

    # Meanwhile the old book goes on.
    takeover.use_old()
    stage.place("Ana", "offer", 1_000, 1_900)

    takeover.walk(chain.now + NOTICE)
    assert [step.done for step in takeover.step()] == [True] * 3
    assert takeover.step() == []

    # A period in both books: a trade and a rest in the old one, then the old one closes, at once.
    stage.period = chain.now // PERIOD + 4
    money = chain.read("PaymentVault", "totals")[0]
    stage.place("Ana", "offer", 1_000, 1_900)
    stage.place("Ben", "bid", 600, 2_200)
    assert [step.done for step in takeover.step(draining=True)] == [True] * 3
    assert load_deployment(takeover.old).draining
    with pytest.raises(Reverted):
        stage.place("Cem", "bid", 100, 2_200)
    takeover.use_new()
    stage.place("Cem", "offer", 800, 1_800)
    stage.place("Dan", "bid", 500, 2_200)

    # Every exit of the old book stays open: Ana's rest of 400 Wh goes back.
    takeover.use_old()
    locked = chain.read("PaymentVault", "balanceOf", account_of("Ana"))
    stage.cancel("Ana", 1_950 << 16)
    assert chain.read("PaymentVault", "balanceOf", account_of("Ana")) > locked

    claim_in_both_books(takeover)
    assert chain.read("PaymentVault", "totals")[0] == money


def claim_in_both_books(takeover: Takeover) -> None:
    """After delivery, for the one settlement: Ana sold in the old book, Dan bought in the new one."""
    stage, chain = takeover.stage, takeover.chain
    chain.go_to(CALENDAR.starts_at(stage.period))
    accounts = [account_of(name) for name in MEMBERS]
    stage.anyone("OrderBook", "claim", stage.market, [1_950 << 16], accounts)
    takeover.use_new()
    stage.anyone("OrderBook", "claim", stage.market, [1_850 << 16], accounts)
    assert chain.read("Settlement", "openMarkets", 0, stage.period) == 0
    position = chain.read("Settlement", "position", account_of("Ana"), 0, stage.period)
    assert position["soldWh"] == 600
    assert chain.read("Settlement", "position", account_of("Dan"), 0, stage.period)["boughtWh"] == 500
