# SPDX-License-Identifier: MIT
"""The demo from first process to last: set the stage, play the day, look at the outcome, stay open."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
from rich.console import Console

from scripts import people
from scripts.demo import faults
from scripts.demo.admit import Admitted, Admitter
from scripts.demo.agents import Agent, Neighbourhood, Tariff
from scripts.demo.calendar import CALENDAR, TERMS, first_period, genesis, times_table
from scripts.demo.checking import run_checks, show_findings
from scripts.demo.community import Community, draw_community, live_periods
from scripts.demo.day import Day, Score
from scripts.demo.killer import Killer, draw_plan
from scripts.demo.options import Options
from scripts.demo.outcome import collect, print_outcome, summary
from scripts.demo.progress import DayProgress
from scripts.demo.report import write_report
from scripts.demo.stage import Files, Stage
from scripts.demo.trader import Trader, ask_patiently
from scripts.demo.visit import stay_open
from wattbook.chain.client import ChainClient
from wattbook.chain.contracts import Contracts
from wattbook.chain.journal import Journal
from wattbook.chain.sender import Sender
from wattbook.clock import SystemClock
from wattbook.clock_server import Conductor
from wattbook.deployments import load_deployment
from wattbook.errors import Exit
from wattbook.keys import demo_key
from wattbook.processes import Supervisor, claim_port
from wattbook.typeddata.domain import Domain

WORKERS = ("simulator", "oracle", "relay", "keeper", "indexer", "api")


async def run(options: Options, console: Console) -> int:
    """Exit status: 0, or 7 if a check failed."""
    files = Files(options.out)
    for port in (options.port, options.chain_port):
        claim_port(port)  # before an earlier run's files go
    files.prepare()
    community = draw_community(options.seed)
    first = first_period(community.day_start, options.periods)
    periods = range(first, first + options.periods)
    with Supervisor(files.logs) as supervisor:
        async with Conductor(genesis(first)) as conductor:
            stage = Stage(options, files, supervisor, conductor.url)
            demo = Demo(options, console, files, stage, conductor, community, periods)
            async with demo.client():
                return await demo.play()


@dataclass
class Open:
    """What is there once the contracts are."""

    client: ChainClient
    contracts: Contracts
    http: httpx.AsyncClient
    page: str


class Demo:
    def __init__(
        self,
        options: Options,
        console: Console,
        files: Files,
        stage: Stage,
        conductor: Conductor,
        community: Community,
        periods: range,
    ) -> None:
        self._options = options
        self._console = console
        self._files = files
        self._stage = stage
        self._conductor = conductor
        self._community = community
        self._periods = periods
        self._clock = SystemClock()
        self._open: Open

    @contextlib.asynccontextmanager
    async def client(self) -> AsyncIterator[None]:
        """Chain, contracts and page."""
        with self._console.status("Starting the chain and deploying the contracts …"):
            chain = self._stage.start_chain(self._conductor.now)
            async with ChainClient.of(self._stage.profile, self._clock, chain.url) as client:
                # Deployment takes a second a block, so that it takes the same time everywhere.
                await client.rpc.request("anvil_setBlockTimestampInterval", 1)
                self._stage.write_keys()
                await asyncio.to_thread(self._stage.deploy)
                contracts = Contracts(load_deployment(self._files.deployment), client)
                self._files.write(self._files.notes, self._community.notes([]))
                page = await self._stage.start_page()
                async with httpx.AsyncClient(base_url=page, timeout=30, trust_env=False) as http:
                    self._open = Open(client, contracts, http, page)
                    yield

    async def play(self) -> int:
        self._console.print(f"The page is up: [bold]{self._open.page}[/]")
        self._console.print(times_table())
        with self._console.status("Admitting the members …"):
            admitted = await self._admit()
            traders = await self._start_everything(admitted)
        day = self._conduct(traders)
        with DayProgress(self._console, self._open.http, self._periods) as progress:
            await day.run(progress.after_period)
        if kills := day.kills():
            self._console.print(f"{len(kills)} kills: {', '.join(kills)}")
        status = await self._conclude(traders)
        if not self._options.once:
            await day.reopen(live_periods(self._periods))
            await stay_open(day, self._console, self._open.page, self._conductor.now)
        return status

    # --- setting the stage ---

    async def _admit(self) -> list[Admitted]:
        operator = demo_key(people.OPERATOR, self._stage.profile.chain_id)
        journal = Journal(self._files.admit_journal)
        sender = await Sender.open(self._open.client, operator, journal, self._stage.profile.fees)
        admitter = Admitter(self._open.contracts, sender, self._clock)
        await admitter.fund_vault(TERMS.area)
        return [
            await admitter.admit(member.wish(), TERMS.area, number, gateway=1)
            for number, member in enumerate(self._community.members, start=1)
        ]

    async def _start_everything(self, admitted: list[Admitted]) -> dict[str, Trader]:
        """From here on the chain makes a block only when the conductor says so."""
        await self._open.client.rpc.request("evm_setAutomine", False)
        await self._open.client.rpc.request("anvil_removeBlockTimestampInterval")
        files, community = self._files, self._community
        files.write(files.meters, community.meters(admitted, self._periods))
        meters = await self._stage.start_meters()
        files.write(files.points, community.points_file(admitted, self._periods.start, meters))
        files.write(files.notes, community.notes(admitted))
        if self._options.fault == "decode":
            faults.write_wrong_scale(files.devices)
        await self._stage.start_workers()
        await self._conductor.wait_for(WORKERS)
        await self._index()
        files.write(files.run, self._stage.describe(self._open.page))
        return await self._sign_in(admitted)

    async def _index(self) -> None:
        await self._open.client.rpc.request("evm_mine")
        head = await self._open.client.head()
        await self._conductor.set_time(head.timestamp)
        await self._conductor.step("indexer", head.timestamp)

    async def _sign_in(self, admitted: list[Admitted]) -> dict[str, Trader]:
        book = self._open.contracts.address("OrderBook")
        domain = Domain(self._stage.profile.chain_id, book)
        traders = {}
        for member, its in zip(self._community.members, admitted, strict=True):
            key = demo_key(member.key_index, self._stage.profile.chain_id)
            trader = Trader(self._open.http, self._clock, key, its.account, domain)
            await trader.open_session()
            traders[member.name] = trader
        return traders

    def _conduct(self, traders: dict[str, Trader]) -> Day:
        tariff = Tariff(TERMS.retail_ticks, TERMS.feed_in_ticks)
        agents = [
            Agent(
                member.name, traders[member.name], member.nets(self._periods), tariff, str(self._options.seed)
            )
            for member in self._community.members
        ]
        draw = random.Random(f"{self._options.seed}:neighbourhood")
        neighbourhood = Neighbourhood(agents, self._periods, draw)
        score = Score(CALENDAR, self._periods)
        seed = self._options.kills
        plan = {} if seed is None else draw_plan(seed, score.instants())
        killer = Killer(self._stage.supervisor, plan, self._files.out)
        return Day(score, self._conductor, self._open.client, neighbourhood, killer)

    # --- looking at the outcome ---

    async def _conclude(self, traders: dict[str, Trader]) -> int:
        days = await collect(traders, self._periods, self._files.statements)
        self._console.print(summary(days))
        with self._console.status("Checking the day from outside …"):
            findings = run_checks(self._files, self._stage.rpc(), self._periods)
        show_findings(self._console, findings)
        markets = await self._markets()
        write_report(self._files.report, self._community.title(), self._facts(), markets, days, findings)
        self._console.print(f"Report: {self._files.report}\nStatements: {self._files.statements}/")
        if self._options.json:
            print_outcome(self._files, self._open.page, days, findings)
        return Exit.OK if all(finding["ok"] for finding in findings) else Exit.CHECK_FAILED

    async def _markets(self) -> list[dict[str, Any]]:
        """The day's markets as the API has them, earliest first."""
        first, last = self._periods.start, self._periods.stop - 1
        path = f"/v1/markets?area={TERMS.area}&carrier=0&from={first}&to={last}&limit=200"
        return list((await ask_patiently(self._open.http, self._clock, "GET", path)).json()["items"])

    def _facts(self) -> dict[str, str]:
        return {
            "day": self._community.describe(),
            "seed": str(self._options.seed),
            "periods": str(len(self._periods)),
            "tariff": "backstop sells at 32.00 ct/kWh and buys at 8.00 ct/kWh",
        }
