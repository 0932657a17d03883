# SPDX-License-Identifier: MIT
"""The members' agents: each knows its member's forecast and trades it in two rounds.

In the opening round of a period an agent offers or asks most of its forecast at a patient price. Just before
the gate it takes back what still rests, and in the closing round trades what is missing at a price that
nearly always finds a match. A few agents have habits, so that a day shows everything a book knows: bargain
hunters whose bids find no match, and members who change their mind and meet their own opposite order. Agents
act one after another in a drawn order; every draw comes from the run's seed, so a run repeats to the byte.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.demo.trader import ApiRefused, Trader
from wattbook import ids
from wattbook.units import MIN_ORDER_WH

OPENING_SHARE = 70  # per cent of the forecast
FORECAST_ERROR = 4  # per cent, either way
HABIT_EVERY = 4  # periods
LIVE = ("resting",)


@dataclass(frozen=True)
class Tariff:
    retail: int
    feed_in: int

    def between(self, low: int, high: int, draw: random.Random) -> int:
        """A price between two points of the way from feed-in to retail, in per mille."""
        return self.feed_in + (self.retail - self.feed_in) * draw.randint(low, high) // 1000


@dataclass(eq=False)
class Agent:
    """One member's agent. `nets` are the member's own export − import by period, in Wh."""

    name: str
    trader: Trader
    nets: dict[int, int]
    tariff: Tariff
    seed: str
    area: int = 0

    def __post_init__(self) -> None:
        self.draw = random.Random(f"{self.seed}:{self.name}:prices")

    async def open(self, period: int) -> None:
        """The opening round: most of the forecast at a patient price."""
        forecast = self._forecast(period)
        energy = abs(forecast) * OPENING_SHARE // 100
        if energy < MIN_ORDER_WH:
            return
        if forecast > 0:
            await self._place(period, "offer", energy, self.tariff.between(350, 600, self.draw))
        else:
            await self._place(period, "bid", energy, self.tariff.between(300, 550, self.draw))

    async def take_back(self, period: int) -> None:
        """Cancels what rests, so that nothing fills while the closing round counts what is missing."""
        market = self._market(period)
        for order in await self.trader.orders(market):
            if order["state"] in LIVE:
                await self.trader.cancel(market, order["ref"])

    async def close(self, period: int) -> None:
        """The closing round: trades what the forecast still lacks."""
        orders = await self.trader.orders(self._market(period))
        missing = self._forecast(period) - self._contracted(orders)
        if abs(missing) < MIN_ORDER_WH:
            return
        if missing > 0:
            await self._place(period, "offer", missing, self.tariff.between(60, 160, self.draw))
        else:
            await self._place(period, "bid", -missing, self.tariff.between(800, 900, self.draw))

    async def hunt_bargain(self, period: int) -> None:
        """A bid so low that no offer of the day meets it: it rests until the gate and goes back."""
        await self._place(period, "bid", 200, self.tariff.feed_in // 2)

    async def offer_dear(self, period: int) -> None:
        """An offer that nobody takes …"""
        await self._place(period, "offer", 120, self.tariff.between(920, 920, self.draw))

    async def change_mind(self, period: int) -> None:
        """… and the same member's bid above it, which cancels the offer instead of trading with it."""
        await self._place(period, "bid", 60, self.tariff.retail)

    async def _place(self, period: int, side: str, energy_wh: int, price_ticks: int) -> None:
        try:
            await self.trader.place(self._market(period), side, energy_wh, price_ticks)
        except ApiRefused as refused:
            # A member short of money, or late, simply doesn't trade; anything else is a fault of the demo.
            if refused.problem not in ("insufficient-balance", "gate-closed"):
                raise

    def _forecast(self, period: int) -> int:
        """The member's net in Wh with the period's forecast error, the same whenever it is asked."""
        error = random.Random(f"{self.seed}:{self.name}:{period}").randint(-FORECAST_ERROR, FORECAST_ERROR)
        return self.nets.get(period, 0) * (100 + error) // 100

    def _market(self, period: int) -> int:
        return ids.pack_market(self.area, 0, period)

    def _contracted(self, orders: Sequence[dict[str, object]]) -> int:
        """Sold − bought so far, in Wh."""
        return sum(int(str(o["filledWh"])) * (1 if o["side"] == "offer" else -1) for o in orders)


class Neighbourhood:
    """All agents, and who has which habit."""

    def __init__(self, agents: Sequence[Agent], periods: range, draw: random.Random) -> None:
        self._agents = list(agents)
        self._periods = periods
        self._draw = draw
        self._hunter, self._waverer = draw.sample(self._agents, 2)

    def reopen(self, periods: range) -> None:
        """From now on these periods are traded."""
        self._periods = periods

    async def opening_round(self, period: int) -> None:
        if period not in self._periods:
            return
        for agent in self._in_drawn_order():
            if self._habit_due(period) and agent is self._waverer:
                await agent.offer_dear(period)
            elif self._habit_due(period) and agent is self._hunter:
                await agent.hunt_bargain(period)
            else:
                await agent.open(period)

    async def taking_back(self, period: int) -> None:
        for agent in self._without_habits(period):
            await agent.take_back(period)

    async def closing_round(self, period: int) -> None:
        if period in self._periods and self._habit_due(period):
            await self._waverer.change_mind(period)
        for agent in self._without_habits(period):
            await agent.close(period)

    def _without_habits(self, period: int) -> list[Agent]:
        """The agents that trade their forecast in this period, in drawn order."""
        if period not in self._periods:
            return []
        habits = (self._hunter, self._waverer) if self._habit_due(period) else ()
        return [agent for agent in self._in_drawn_order() if agent not in habits]

    def _habit_due(self, period: int) -> bool:
        return (period - self._periods.start) % HABIT_EVERY == 0

    def _in_drawn_order(self) -> list[Agent]:
        order = list(self._agents)
        self._draw.shuffle(order)
        return order
