# SPDX-License-Identifier: MIT
"""The keeper on a live chain, from the last trade to the certificates; and as a process."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.api.stage import (
    AREA,
    AUTHORITY,
    BACKSTOP,
    CALENDAR,
    CARRIER,
    MEMBERS,
    START,
    Stage,
    account_of,
    key_of,
    lay,
)
from tests.contracts.live_chain import Reverted, anvil
from wattbook.chain.client import ChainClient
from wattbook.chain.contracts import Contracts
from wattbook.chain.fees import Fees
from wattbook.chain.journal import Journal
from wattbook.chain.sender import Sender
from wattbook.clock import SystemClock
from wattbook.clock_server import Conductor
from wattbook.keeper.keeper import Keeper
from wattbook.keys import demo_key, sign_digest
from wattbook.orders import pack_order
from wattbook.processes import Supervisor
from wattbook.typeddata import Admission, Domain

pytestmark = pytest.mark.chain

KEEPER_KEY = 9 + len(MEMBERS)
PRICE = 2_000_000_000
# Import and export of each member's point; Ana sells, Ben buys.
ENERGIES = [(0, 1_200), (900, 0), (0, 0), (10, 0), (0, 0), (0, 5)]


@pytest.fixture(scope="session")
def laid() -> Iterator[Stage]:
    with anvil(START) as chain:
        yield lay(chain)


@pytest.fixture
def stage(laid: Stage) -> Iterator[Stage]:
    """The first period is traded."""
    snapshot = laid.chain.snapshot()
    laid.place("Ana", "offer", 1_000, 1_900)
    laid.place("Ben", "bid", 1_000, 2_200)
    yield laid
    laid.chain.revert(snapshot)


class Watched:
    """`step(second)` lets the keeper act at an instant and puts what it sent into a block."""

    def __init__(self, stage: Stage, keeper: Keeper) -> None:
        self.stage = stage
        self.keeper = keeper

    async def step(self, second: int) -> int:
        """How many calls it made."""
        self._mine(second)
        calls = await self.keeper.step(self.stage.chain.now)
        self._mine(second + 1)
        return calls

    def _mine(self, second: int) -> None:
        chain = self.stage.chain
        chain.now = max(chain.now + 1, second)
        chain.rpc("evm_mine", {"timestamp": chain.now})


async def a_keeper(stage: Stage, client: ChainClient, journal: Path) -> Watched:
    key = demo_key(KEEPER_KEY, 31_337)
    sender = await Sender.open(client, key, Journal(journal), Fees("legacy", PRICE))
    return Watched(stage, Keeper(Contracts(stage.deployment, client), client, sender))


@pytest.fixture
async def watched(stage: Stage, tmp_path: Path) -> AsyncIterator[Watched]:
    async with ChainClient(stage.chain.url, SystemClock()) as client:
        yield await a_keeper(stage, client, tmp_path / "keeper.db")


def meter(stage: Stage, energies: list[tuple[int, int]]) -> None:
    stage.read_meters(stage.period - 1, [(1_000, 1_000)] * len(energies), quality=1)
    stage.read_meters(stage.period, [(1_000 + bought, 1_000 + sold) for bought, sold in energies])


async def test_a_traded_period_is_claimed_settled_and_handed_out_each_once(
    stage: Stage, watched: Watched
) -> None:
    chain, period, market = stage.chain, stage.period, stage.market
    assert await watched.step(CALENDAR.starts_at(period) - 10) == 0
    assert await watched.step(CALENDAR.starts_at(period)) == 1
    assert chain.read("OrderBook", "marketOf", market)["closed"]
    assert await watched.step(CALENDAR.starts_at(period) + 10) == 0
    chain.go_to(CALENDAR.ends_at(period))
    meter(stage, ENERGIES)
    assert await watched.step(CALENDAR.final_at(period) - 10) == 0
    assert await watched.step(CALENDAR.final_at(period)) == 1
    assert chain.read("Settlement", "isSettled", CARRIER, period)
    assert all(settled(stage, name) for name in MEMBERS)
    # 100 and 50 ticks of levy for 1,000 Wh.
    fee_account = AREA << 16 | 2
    assert chain.read("PaymentVault", "balanceOf", fee_account) == 0
    assert await watched.step(CALENDAR.final_at(period) + 10) == 1
    assert chain.read("PaymentVault", "balanceOf", fee_account) == 150_000
    assert await watched.step(CALENDAR.final_at(period) + 20) == 0
    due = CALENDAR.corrections_until_at(period)
    await rest(watched, due - 60)
    assert certificates(stage, "Ana") == 0
    await rest(watched, due)
    # What Ana sold goes with the energy to Ben; what was fed in beyond that stays its maker's.
    assert [certificates(stage, name) for name in ("Ana", "Ben", "Fay")] == [200, 1_000, 5]
    assert await watched.step(due + 60) == 0


async def rest(watched: Watched, second: int) -> None:
    """Steps until nothing is left to do: later periods, which nobody reads, get their defaults meanwhile."""
    while await watched.step(second):
        assert watched.stage.chain.now < second + 60


def certificates(stage: Stage, name: str) -> int:
    return int(stage.chain.read("EnergyToken", "balanceOf", key_of(name).address, stage.market))


def settled(stage: Stage, name: str) -> bool:
    return bool(stage.chain.read("Settlement", "hasSettled", account_of(name), CARRIER, stage.period))


async def test_another_keeper_finds_nothing_left_to_do(
    stage: Stage, watched: Watched, tmp_path: Path
) -> None:
    assert await watched.step(CALENDAR.starts_at(stage.period)) == 1
    async with ChainClient(stage.chain.url, SystemClock()) as client:
        other = await a_keeper(stage, client, tmp_path / "other.db")
        assert await other.step(CALENDAR.starts_at(stage.period) + 10) == 0


async def test_missing_readings_are_replaced_by_the_default_when_that_is_due(
    stage: Stage, watched: Watched
) -> None:
    period = stage.period
    assert await watched.step(CALENDAR.starts_at(period)) == 1
    assert await watched.step(CALENDAR.final_at(period)) == 0
    due = CALENDAR.default_from(period)
    assert await watched.step(due) == len(MEMBERS)
    assert await watched.step(due + 10) == 1
    assert all(settled(stage, name) for name in MEMBERS)
    assert stage.chain.read("MeterReadings", "reading", 1, period)["quality"] == 5


async def settle(stage: Stage, watched: Watched) -> None:
    """The traded period, and its fees."""
    assert await watched.step(CALENDAR.starts_at(stage.period)) == 1
    stage.chain.go_to(CALENDAR.ends_at(stage.period))
    meter(stage, ENERGIES)
    assert await watched.step(CALENDAR.final_at(stage.period)) == 1
    assert await watched.step(CALENDAR.final_at(stage.period) + 10) == 1


async def test_a_correction_waits_for_its_backstop_and_costs_no_calls_meanwhile(
    stage: Stage, watched: Watched
) -> None:
    chain, backstop, owner = stage.chain, AREA << 16 | 1, stage.chain.people[BACKSTOP]
    await settle(stage, watched)
    tokens = chain.read("PaymentVault", "withdrawable", backstop) // 10
    chain.send(owner, "PaymentVault", "withdraw", backstop, tokens, owner)
    # 100 Wh more of Ana's export, at 800 ticks.
    stage.operate("MeterReadings", "correct", 1, stage.period, 1_000, 2_300, "swapped")
    before = chain.read("PaymentVault", "balanceOf", account_of("Ana"))
    second = CALENDAR.final_at(stage.period) + 60
    assert await watched.step(second) == 1
    assert await watched.step(second + 10) == 0
    assert not chain.read("Settlement", "openCorrections", CARRIER, stage.period)
    chain.send(owner, "PaymentVault", "deposit", backstop, tokens)
    assert await watched.step(second + 20) == 1
    assert chain.read("PaymentVault", "balanceOf", account_of("Ana")) == before + 100 * 800
    assert await watched.step(second + 30) == 0


async def test_a_suspension_is_ended_when_its_time_is_over(stage: Stage, watched: Watched) -> None:
    ana, until = account_of("Ana"), stage.chain.now + 100
    stage.operate("GridOversight", "suspend", ana, until, "a meter with a magnet")
    assert await watched.step(until - 10) == 0
    assert await watched.step(until) == 1
    assert stage.chain.read("PaymentVault", "rightsOf", ana) == (True, True)
    assert await watched.step(until + 10) == 0


async def test_the_book_is_told_of_a_void_market_and_takes_no_more_orders(
    stage: Stage, watched: Watched
) -> None:
    chain = stage.chain
    stage.operate("GridOversight", "voidMarket", chain.at["OrderBook"], stage.market, "measured wrongly")
    stage.operate("GridOversight", "voidMarket", chain.at["Settlement"], stage.market, "another venue's")
    assert await watched.step(chain.now + 10) == 1
    with pytest.raises(Reverted, match="MarketVoided"):
        stage.place("Ana", "offer", 100, 1_900)
    assert await watched.step(chain.now + 20) == 0


async def test_who_was_admitted_late_and_traded_is_settled_too(stage: Stage, watched: Watched) -> None:
    """Admitted when the period was open already, so that Registry doesn't count the account in it."""
    chain, person = stage.chain, key_of("stranger").address
    late = account_of(MEMBERS[-1]) + 1
    fields = (person, AREA, True, True, 77, chain.now + 3_600)
    digest = Admission(*fields).digest(Domain(31_337, chain.at["Registry"]))
    stage.anyone("Registry", "admit", fields, sign_digest(demo_key(AUTHORITY, 31_337), digest))
    stage.operate("TestEuro", "mint", person, 1_000_000)
    chain.send(person, "TestEuro", "approve", chain.at["PaymentVault"], 1_000_000)
    chain.send(person, "PaymentVault", "deposit", late, 1_000_000)
    stage.place("Ana", "offer", 100, 1_900)
    bid = pack_order(stage.order("Ben", "bid", 100, 2_200, account=late))
    chain.send(person, "OrderBook", "placeOrder", bid, [], 100)
    await settle(stage, watched)
    assert chain.read("Registry", "membersAt", AREA, stage.period) == len(MEMBERS)
    assert chain.read("Settlement", "hasSettled", late, CARRIER, stage.period)
    assert chain.read("Settlement", "isSettled", CARRIER, stage.period)


async def test_a_register_known_again_too_late_is_shared_and_its_residual_paid(
    stage: Stage, watched: Watched
) -> None:
    """Nothing is read for nine periods: their defaults stand; the last register tells what was missed."""
    chain, first = stage.chain, stage.period
    last = first + 8
    assert await watched.step(CALENDAR.starts_at(first)) == 1
    stage.chain.go_to(CALENDAR.ends_at(first))
    stage.read_meters(first - 1, [(1_000, 1_000)] * len(MEMBERS), quality=1)
    await rest(watched, CALENDAR.default_from(last))
    stage.read_meters(last, [(3_000, 1_000)] * len(MEMBERS))
    await rest(watched, CALENDAR.default_from(last) + 60)
    booked = chain.read("Settlement", "residualCount")
    assert booked == len(MEMBERS)
    assert not any(chain.read("Settlement", "residualOf", each + 1)["account"] for each in range(booked))


async def test_the_process_steps_with_the_clock_and_ends_when_told(stage: Stage, tmp_path: Path) -> None:
    chain = stage.chain
    async with Conductor(chain.now) as conductor:
        argv = [sys.executable, "-m", "wattbook.keeper", "--deployment", str(stage.save(tmp_path))]
        argv += ["--rpc", chain.url, "--demo-key", str(KEEPER_KEY), "--clock", conductor.url_for("keeper")]
        argv += ["--journal", str(tmp_path / "keeper.db")]
        with Supervisor(tmp_path / "logs") as supervisor:
            child = await asyncio.to_thread(supervisor.start, "keeper", argv)
            assert child.facts["address"] == demo_key(KEEPER_KEY, 31_337).address
            await conductor.wait_for(["keeper"])
            chain.now = CALENDAR.starts_at(stage.period)
            chain.rpc("evm_mine", {"timestamp": chain.now})
            await conductor.set_time(chain.now)
            await conductor.step("keeper", chain.now)
            chain.mine()
            assert chain.read("OrderBook", "marketOf", stage.market)["closed"]
            assert await asyncio.to_thread(supervisor.stop_child, "keeper") == 0
