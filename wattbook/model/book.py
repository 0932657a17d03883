# SPDX-License-Identifier: MIT
"""One market's continuous book: price, then time priority (design section 6).

An order is first planned, which changes nothing, then applied: whoever holds the money can refuse in between.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence

from wattbook.model.level import Entry, Level
from wattbook.model.plan import OwnSide, Plan, Removed, Take
from wattbook.model.records import MAX_OWN_ORDERS, Fill, Record
from wattbook.model.refusal import Refused
from wattbook.model.terms import Terms
from wattbook.orders import OrderRef
from wattbook.typeddata.order import Kind
from wattbook.units import MIN_ORDER_WH


class Book:
    """Levels, records and the two sides' prices of one market: Wh, ticks, cash units."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.levels: dict[int, Level] = {}
        self.records: dict[int, Record] = {}
        # Ticks with live energy, best last.
        self.bids: list[int] = []
        self._offers: list[int] = []  # negated, so that both lists rise
        self.open_entries = 0

    # --- placing --------------------------------------------------------------------------------------

    def plan(
        self,
        account: int,
        is_offer: bool,
        limit_ticks: int,
        energy_wh: int,
        kind: int,
        own: Sequence[OrderRef] = (),
        max_touches: int | None = None,
    ) -> Plan:
        """What an order would do now, touching at most `max_touches` levels and entries. Raises Refused."""
        terms = self.terms
        tick = terms.fold(is_offer, limit_ticks)
        lock_ticks = terms.offer_locks(limit_ticks) if is_offer else limit_ticks
        record = self.records.get(account) or Record(account)
        plan = Plan(record, is_offer, tick, lock_ticks)
        if record.is_crossed_by(is_offer, tick):
            plan.own = self._own_side(record, is_offer, tick, own)
        left = self._match(plan, energy_wh)
        if left >= MIN_ORDER_WH and kind == Kind.LIMIT:
            plan.rest_wh = left
        if max_touches is not None and self._touches(plan) > max_touches:
            raise Refused("TouchLimit", max_touches=max_touches)
        self._require_room(plan)
        return plan

    def apply(self, plan: Plan) -> tuple[list[Removed], int | None]:
        """Does what was planned; returns what left and the rest's index at its tick. It can't fail."""
        record = plan.record
        self.records[record.fill.account] = record
        removed: list[Removed] = []
        if plan.own is not None:
            removed = [self.take_out(ref) for ref in plan.own.leaving]
            record.set_best(not plan.is_offer, plan.own.nearest)
        if plan.takes:
            self._take(plan, record.fill)
        return removed, self._rest(plan) if plan.rest_wh else None

    def _match(self, plan: Plan, left: int) -> int:
        """Adds the takes to the plan, best price first, and returns what is left."""
        side = self.bids if plan.is_offer else self._offers
        limit = plan.tick if plan.is_offer else -plan.tick
        if not side or side[-1] < limit:
            return left
        leaving = self._leaving_wh(plan.own) if plan.own else {}
        for price in reversed(side):
            if price < limit or not left:
                break
            tick = abs(price)
            available = self.levels[tick].total_wh
            if leaving:
                available -= leaving.get(tick, 0)
            if available:
                taken = min(available, left)
                plan.takes.append(Take(tick, taken))
                left -= taken
        return left

    def _touches(self, plan: Plan) -> int:
        """Levels taken, and entries passed in the last one if the order takes only a part of it."""
        if not plan.takes:
            return 0
        tick, energy_wh = plan.takes[-1]
        level = self.levels[tick]
        if energy_wh == level.total_wh - self._leaving_wh(plan.own).get(tick, 0):
            return len(plan.takes)
        leaving = [ref.index for ref in plan.own.leaving if ref.tick == tick] if plan.own else []
        start = level.head + (level.head in leaving)
        return len(plan.takes) + level.after(energy_wh, leaving)[0] - start

    def _require_room(self, plan: Plan) -> None:
        """Refuses what would not fit, before anything changes."""
        record, leaving = plan.record, plan.own.leaving if plan.own else ()
        if plan.takes:
            record.fill.require_room(plan.traded_wh, plan.is_offer)
        if leaving:
            collected = sum(self.levels[ref.tick].filled_wh(ref.index) for ref in leaving)
            record.fill.require_room(collected, not plan.is_offer)
        if plan.rest_wh:
            level = self.levels.get(plan.tick)
            if level is not None:
                level.require_room()
            if record.bids + record.offers - len(leaving) >= MAX_OWN_ORDERS:
                raise Refused("TooManyOwnOrders", account=record.fill.account)

    def _take(self, plan: Plan, fill: Fill) -> None:
        side = self.bids if plan.is_offer else self._offers
        terms = self.terms
        for tick, energy_wh in plan.takes:
            level = self.levels[tick]
            level.take(energy_wh)
            if not level.total_wh:
                side.pop()
            if plan.is_offer:
                fill.sell(energy_wh, energy_wh * terms.selling_earns(tick), energy_wh * plan.lock_ticks)
            else:
                fill.buy(energy_wh, energy_wh * terms.buying_costs(tick))

    def _rest(self, plan: Plan) -> int:
        tick, is_offer = plan.tick, plan.is_offer
        level = self.levels.get(tick)
        if level is None:
            level = self.levels[tick] = Level()
        if not level.total_wh:
            insort(*self._side(is_offer, tick))
        plan.record.add_entry(is_offer, tick)
        self.open_entries += 1
        return level.rest(plan.record.fill.account, is_offer, plan.rest_wh)

    def _side(self, is_offer: bool, tick: int) -> tuple[list[int], int]:
        return (self._offers, -tick) if is_offer else (self.bids, tick)

    # --- own opposite orders -----------------------------------------------------------------------------

    def _own_side(self, record: Record, is_offer: bool, tick: int, own: Sequence[OrderRef]) -> OwnSide:
        """Sorts the listed entries; passes over others'. Raises Refused if one in the way may be missing."""
        leaving, staying = [], []
        for ref in _rising(own):
            if not self._is_own(ref, record.fill.account, not is_offer):
                continue
            crosses = ref.tick >= tick if is_offer else ref.tick <= tick
            if crosses or not self.levels[ref.tick].unfilled_wh(ref.index):
                leaving.append(ref)
            else:
                staying.append(ref.tick)
        if len(leaving) + len(staying) == record.count(not is_offer):
            nearest = max(staying, default=0) if is_offer else min(staying, default=0xFFFF)
            return OwnSide(leaving, nearest)
        raise Refused("OwnOrderInTheWay", tick=record.best(not is_offer))

    def _is_own(self, ref: OrderRef, account: int, is_offer: bool) -> bool:
        if not self.has(ref):
            return False
        entry = self.levels[ref.tick].entries[ref.index]
        return entry.account == account and entry.is_offer == is_offer

    def returned_by(self, plan: Plan) -> int:
        """Cash units that come back from the own opposite entries that the plan cancels."""
        leaving = self._leaving_wh(plan.own).items()
        return sum(wh * self.terms.rest_locks(not plan.is_offer, tick) for tick, wh in leaving)

    def _leaving_wh(self, own: OwnSide | None) -> dict[int, int]:
        """Energy per tick that leaves before matching."""
        leaving: dict[int, int] = {}
        for ref in own.leaving if own else ():
            leaving[ref.tick] = leaving.get(ref.tick, 0) + self.levels[ref.tick].unfilled_wh(ref.index)
        return leaving

    # --- leaving -----------------------------------------------------------------------------------------

    def remove(self, ref: OrderRef) -> Removed:
        """Takes an entry out of the book: what it traded, and what its rest returns. Raises Refused."""
        entry, level = self.entry(ref), self.levels[ref.tick]
        filled_wh, rest_wh = level.filled_wh(ref.index), level.unfilled_wh(ref.index)
        fill = Fill(entry.account)
        fill.add_resting(self.terms, entry.is_offer, ref.tick, filled_wh)
        level.cancel(ref.index)
        self.records[entry.account].drop_entry(entry.is_offer)
        self.open_entries -= 1
        if rest_wh and not level.total_wh:
            side, price = self._side(entry.is_offer, ref.tick)
            del side[bisect_left(side, price)]
        returned = rest_wh * self.terms.rest_locks(entry.is_offer, ref.tick)
        return Removed(ref, entry.is_offer, fill, rest_wh, returned)

    def take_out(self, ref: OrderRef) -> Removed:
        """As `remove`; the fill goes to its owner's record. Raises Refused."""
        entry, level = self.entry(ref), self.levels[ref.tick]
        fill = self.records[entry.account].fill
        fill.require_room(level.filled_wh(ref.index), entry.is_offer)
        removed = self.remove(ref)
        fill.add(removed.fill)
        return removed

    def is_filled(self, ref: OrderRef) -> bool:
        """Whether an uncollected entry is filled wholly."""
        return self.has(ref) and not self.levels[ref.tick].unfilled_wh(ref.index)

    def is_live(self, ref: OrderRef) -> bool:
        """Whether some of an entry still rests."""
        return self.has(ref) and self.levels[ref.tick].unfilled_wh(ref.index) > 0

    def take_fill(self, account: int) -> Fill:
        """Empties an account's record and returns what it held."""
        record = self.records.get(account)
        if record is None:
            return Fill(account)
        fill, record.fill = record.fill, Fill(account)
        return fill

    # --- views ----------------------------------------------------------------------------------------

    def account_at(self, ref: OrderRef) -> int | None:
        """Who rested there, even if it is gone; None if nobody ever did."""
        level = self.levels.get(ref.tick)
        return level.entries[ref.index].account if level and ref.index < len(level.entries) else None

    def has(self, ref: OrderRef) -> bool:
        """Whether an entry is there that counts: neither cancelled nor collected."""
        return ref.tick in self.levels and self.levels[ref.tick].has(ref.index)

    def entry(self, ref: OrderRef) -> Entry:
        """An entry that still counts. Raises Refused."""
        if not self.has(ref):
            raise Refused("OrderNotLive", ref=ref)
        return self.levels[ref.tick].entries[ref.index]

    def depth(self, offers: bool) -> list[Take]:
        """Live energy per price, best first."""
        side = [-price for price in self._offers] if offers else self.bids
        return [Take(tick, self.levels[tick].total_wh) for tick in reversed(side)]

    def best(self, offers: bool) -> int | None:
        """The best price of a side, if anything rests there."""
        side = self._offers if offers else self.bids
        return abs(side[-1]) if side else None

    def entries(self) -> Iterator[tuple[OrderRef, Entry]]:
        """All entries that count, by price, then age."""
        for tick in sorted(self.levels):
            for index, entry in enumerate(self.levels[tick].entries):
                if not entry.gone:
                    yield OrderRef(tick, index), entry

    def entries_of(self, account: int, is_offer: bool | None = None) -> Iterable[OrderRef]:
        """Where an account has entries that count, of one side or both."""
        for ref, entry in self.entries():
            if entry.account == account and is_offer in (None, entry.is_offer):
                yield ref


def _rising(refs: Iterable[OrderRef]) -> Iterator[OrderRef]:
    """Without those that don't rise above their neighbour: so nobody counts an entry twice."""
    before: OrderRef | None = None
    for ref in refs:
        if before is None or ref > before:
            yield ref
        before = ref
