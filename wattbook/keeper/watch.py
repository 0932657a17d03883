# SPDX-License-Identifier: MIT
"""What the chain says about markets and periods that still have something to do."""

from collections import defaultdict
from collections.abc import Iterator

from wattbook import ids
from wattbook.chain.abi import Event
from wattbook.chain.blocks import Header
from wattbook.chain.contracts import Contracts
from wattbook.keeper import waiting
from wattbook.keeper.duties import AreaState, MemberState, OpenMarket
from wattbook.metered import unpack_metered
from wattbook.orders import unpack_placed

Key = tuple[int, int, int]  # area, carrier, period

EVENTS = (
    "OrderPlaced",
    "ParticipantAdmitted",
    "TermsScheduled",
    "RegisterKnownAgain",
    "FeesPaid",
    "MarketVoided",
    *waiting.EVENTS,
)


class Watch:
    """Follows the events since the deployment; asks the contracts for the rest."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._calendar = contracts.deployment.calendar
        self._next = contracts.deployment.deployed_at_block
        self._refs: dict[int, list[int]] = defaultdict(list)
        self._accounts: dict[int, dict[int, None]] = defaultdict(dict)
        self._carriers: set[tuple[int, int]] = set()
        self._paid: dict[tuple[int, int, int], int] = {}  # block in which the fees were paid
        self._first_period: int | None = None
        self._settled: set[Key] = set()
        self._finished: set[Key] = set()
        self._voids: dict[int, bool] = {}  # markets of the book; whether the book was told
        self.waiting = waiting.Waiting(contracts)
        self.unshared: dict[int, None] = {}  # points whose register is known again

    async def follow(self, head: Header) -> None:
        """Reads the events up to `head`. A reorganisation only makes it ask for what isn't there any more."""
        self._paid = {key: block for key, block in self._paid.items() if block < self._next}
        for event in await self._contracts.events(self._next, head.number, names=EVENTS):
            self._note(event)
        self._next = max(self._next, head.number - 10)

    def _note(self, event: Event) -> None:
        fields = event.arguments
        if event.name == "OrderPlaced":
            placed = unpack_placed(fields["placed"])
            self._accounts[placed.market][placed.account] = None
            self._begin(ids.unpack_market(placed.market).period)
            if placed.ref is not None and placed.ref not in self._refs[placed.market]:
                self._refs[placed.market].append(placed.ref)
        elif event.name == "ParticipantAdmitted":
            self._begin(fields["firstPeriod"])
        elif event.name == "TermsScheduled":
            self._carriers.add((fields["area"], fields["carrier"]))
        elif event.name == "FeesPaid":
            self._paid[fields["area"], fields["carrier"], fields["period"]] = event.log.block_number
        elif event.name == "RegisterKnownAgain":
            self.unshared[fields["point"]] = None
        elif event.name == "MarketVoided":
            if fields["venue"] == self._contracts.address("OrderBook"):
                self._voids.setdefault(fields["market"], False)
        else:
            self.waiting.note(event)

    def _begin(self, period: int) -> None:
        """Nothing was before the first member's first period, or the first that somebody traded."""
        self._first_period = min(self._first_period or period, period)

    def voids(self) -> list[int]:
        """Void markets of which the book has an order, each once."""
        untold = [market for market, told in self._voids.items() if not told and market in self._accounts]
        self._voids.update(dict.fromkeys(untold, True))
        return untold

    async def open_markets(self, now: int, head: Header) -> list[OpenMarket]:
        """Markets whose delivery has started and that have open parts; forgets the closed ones."""
        started = [m for m in self._accounts if now >= self._calendar.starts_at(ids.unpack_market(m).period)]
        reads = [("OrderBook", "marketOf", (market,)) for market in started]
        views = await self._contracts.read_many(reads, head) if reads else []
        found = []
        for market, view in zip(started, views, strict=True):
            if view["closed"]:
                del self._accounts[market]
                self._refs.pop(market, None)
            else:
                found.append(await self._open_market(market, head))
        return found

    async def _open_market(self, market: int, head: Header) -> OpenMarket:
        refs, accounts = self._refs[market], list(self._accounts[market])
        reads = [("OrderBook", "entry", (market, ref)) for ref in refs]
        reads += [("OrderBook", "record", (market, account)) for account in accounts]
        views = await self._contracts.read_many(reads, head)
        entries, records = views[: len(refs)], views[len(refs) :]
        return OpenMarket(
            market,
            [ref for ref, entry in zip(refs, entries, strict=True) if entry["account"]],
            [
                a
                for a, record in zip(accounts, records, strict=True)
                if record["boughtWh"] or record["soldWh"]
            ],
        )

    async def areas(self, now: int, head: Header) -> list[AreaState]:
        """Every area and carrier in every period whose readings may be final and that isn't finished."""
        wanted = [key for key in self._final(now) if not self._may_rest(key, now)]
        return [state for key in wanted if (state := await self._area(*key, now, head)) is not None]

    def _may_rest(self, key: Key, now: int) -> bool:
        """Finished for good, or settled and waiting for the end of corrections."""
        waiting = key in self._settled and now < self._calendar.corrections_until_at(key[2])
        return waiting or key in self._finished

    def _final(self, now: int) -> Iterator[Key]:
        if self._first_period is None:
            return
        newest = self._calendar.period_of(now - self._calendar.final_after) - 1
        oldest = max(self._first_period, newest - self._calendar.ring_periods + 1)
        for period in range(oldest, newest + 1):
            yield from ((area, carrier, period) for area, carrier in sorted(self._carriers))

    async def _area(self, area: int, carrier: int, period: int, now: int, head: Header) -> AreaState | None:
        view, claims_open, done = await self._contracts.read_many(
            [
                ("Settlement", "areaOf", (area, carrier, period)),
                ("Settlement", "openMarkets", (carrier, period)),
                ("Settlement", "isSettled", (carrier, period)),
            ],
            head,
        )
        # More than take part from that period on: who was admitted later, but traded, takes part too.
        members = await self._members(area, carrier, period, view["members"], head)
        fees = 0 if (area, carrier, period) in self._paid else view["fees"]
        state = AreaState(area, carrier, period, claims_open, fees, done, members)
        if state.done and not state.fees:
            self._settled.add((area, carrier, period))
        if self._is_finished(state, now):
            self._finished.add((area, carrier, period))
            return None
        return state

    async def _members(
        self, area: int, carrier: int, period: int, count: int, head: Header
    ) -> tuple[MemberState, ...]:
        if not count:
            return ()
        first = ids.FIRST_MEMBER_INDEX
        accounts = [ids.pack_account(area, first + i) for i in range(count)]
        [metered, *positions] = await self._contracts.read_many(
            [("MeterReadings", "metered", (area, carrier, period, first, count))]
            + [("Settlement", "position", (account, carrier, period)) for account in accounts],
            head,
        )
        return tuple(
            MemberState(account, unpack_metered(word).final, position["settled"], position["handedOut"])
            for account, word, position in zip(accounts, metered, positions, strict=True)
        )

    def _is_finished(self, state: AreaState, now: int) -> bool:
        if not state.done or state.fees:
            return False
        handed_out = all(member.handed_out for member in state.members)
        return handed_out or now >= self._calendar.hand_out_until_at(state.period)
