# SPDX-License-Identifier: MIT
"""One market's continuous book: price, then time priority (design section 6).

`enter` finds out what an order does, lets whoever holds the money refuse it, and only then does it.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Sequence

from wattbook.model.charges import Charges
from wattbook.model.entered import Entered, OwnSide, Removed, Take
from wattbook.model.level import MAX_ENTRIES, Entry, Level
from wattbook.model.records import MAX_OWN_ORDERS, Fill, Record
from wattbook.model.refusal import Refused
from wattbook.orders import OrderRef
from wattbook.typeddata.order import Kind
from wattbook.units import MIN_ORDER_WH

# Plain numbers: looking up a member of an enumeration costs more than the rule.
LIMIT, FILL_OR_KILL, POST_ONLY = int(Kind.LIMIT), int(Kind.FILL_OR_KILL), int(Kind.POST_ONLY)
RESTING = (LIMIT, POST_ONLY)


class Book:
    """Levels, records and the two sides' prices of one market: Wh, ticks, cash units.

    `home` is what accounts of the market's own area are charged, `abroad` what those of other areas are.
    """

    def __init__(self, area: int, home: Charges) -> None:
        self.area = area
        self.home = home
        self.abroad: dict[int, Charges] = {}
        self.levels: dict[int, Level] = {}
        self.records: dict[int, Record] = {}
        # Ticks with live energy, best last; offers negated, so that both lists rise.
        self.bids: list[int] = []
        self._offers: list[int] = []
        self.open_entries = 0
        # Ticks of open levels; one that a cancel emptied stays open until a page names it.
        self.open_levels: set[int] = set()

    def charges_of(self, account: int) -> Charges:
        """What an account is charged, once it has asked to trade."""
        area = account >> 16
        return self.home if area == self.area else self.abroad[area]

    # --- entering ----------------------------------------------------------------------------------------

    def enter(
        self,
        account: int,
        is_offer: bool,
        limit_ticks: int,
        energy_wh: int,
        kind: int = LIMIT,
        own: Sequence[OrderRef] = (),
        max_touches: int | None = None,
        pay: Callable[[Entered], None] | None = None,
    ) -> Entered:
        """Enters an order. If it is refused, here or by `pay`, which is asked first, nothing happens."""
        charges = self.home if account >> 16 == self.area else self.abroad[account >> 16]
        tick = charges.fold(is_offer, limit_ticks)
        record = self.records.get(account)
        if record is None:
            entered = Entered(Record(account), is_offer, tick)
        else:
            entered = Entered(record, is_offer, tick)
            if record.is_crossed_by(is_offer, tick):
                entered.mine = self._own_side(record, is_offer, tick, own)
        side, limit = (self.bids, tick) if is_offer else (self._offers, -tick)
        if side and side[-1] >= limit:
            self._look(entered, side, limit, energy_wh)
        rest_wh = energy_wh - entered.traded_wh
        if kind or max_touches is not None:
            self._require_kind(entered, kind, rest_wh, max_touches)
        if rest_wh >= MIN_ORDER_WH and kind in RESTING:
            entered.rest_wh = rest_wh
            entered.level = self.levels.get(tick)
        if record is not None:
            self._require_room(entered)
        elif entered.level is not None and len(entered.level) >= MAX_ENTRIES:
            raise Refused("LevelFull", tick=tick)
        if pay:
            self._price(entered, charges, limit_ticks)
            pay(entered)
        if entered.mine:
            self._clear_way(entered)
        if entered.takes:
            self._take(entered, side, charges)
        if entered.rest_wh:
            self._rest(entered)
        self.records[account] = entered.record
        return entered

    def _price(self, entered: Entered, charges: Charges, limit_ticks: int) -> None:
        """What the order locks, and what its own opposite entries return."""
        is_offer, traded_wh, rest_wh = entered.is_offer, entered.traded_wh, entered.rest_wh
        if is_offer:
            entered.locks = (traded_wh + rest_wh) * charges.offer_locks(limit_ticks)
        else:
            entered.locks = entered.value + traded_wh * charges.buy_fee_ticks + rest_wh * limit_ticks
        if entered.mine:
            leaving = self._leaving_wh(entered.mine).items()
            entered.returns = sum(wh * charges.rest_locks(not is_offer, tick) for tick, wh in leaving)

    def _look(self, entered: Entered, side: list[int], limit: int, left: int) -> None:
        """What an order takes of a side, best price first."""
        is_offer, levels = entered.is_offer, self.levels
        leaving = self._leaving_wh(entered.mine) if entered.mine else None
        takes: list[Take] = []
        value = traded = 0
        for price in reversed(side):
            if price < limit or not left:
                break
            tick = price if is_offer else -price
            taken = levels[tick].total_wh
            if leaving:
                taken -= leaving.get(tick, 0)
            if taken > left:
                taken = left
            if taken:
                takes.append((tick, taken))
                value += taken * tick
                traded += taken
                left -= taken
        entered.takes, entered.value, entered.traded_wh = takes, value, traded

    def _clear_way(self, entered: Entered) -> None:
        """Own opposite entries leave."""
        if entered.mine:
            entered.removed = [self.take_out(ref) for ref in entered.mine.leaving]
            for ref in entered.mine.leaving:
                self.close_if_empty(ref.tick)
            entered.record.set_best(not entered.is_offer, entered.mine.nearest)

    def _take(self, entered: Entered, side: list[int], charges: Charges) -> None:
        levels, record, traded_wh = self.levels, entered.record, entered.traded_wh
        for tick, energy_wh in entered.takes:
            level = levels[tick]
            if energy_wh == level.total_wh:
                level.sweep()
                side.pop()
            else:
                level.take(energy_wh)
        if entered.is_offer:
            locked = traded_wh * charges.rest_locks(True, entered.tick)
            record.sell(traded_wh, entered.value - traded_wh * charges.sell_fee_ticks, locked)
        else:
            record.buy(traded_wh, entered.value + traded_wh * charges.buy_fee_ticks)

    def _rest(self, entered: Entered) -> None:
        tick, is_offer, record, level = entered.tick, entered.is_offer, entered.record, entered.level
        if level is None:
            level = self.levels[tick] = Level()
        if not level.total_wh:
            insort(*self._side(is_offer, tick))
            self.open_levels.add(tick)
        record.add_entry(is_offer, tick)
        self.open_entries += 1
        entered.index = level.rest(record.account, is_offer, entered.rest_wh)

    def _side(self, is_offer: bool, tick: int) -> tuple[list[int], int]:
        return (self._offers, -tick) if is_offer else (self.bids, tick)

    # --- bounds ------------------------------------------------------------------------------------------

    def _require_kind(self, entered: Entered, kind: int, left: int, max_touches: int | None) -> None:
        if kind == POST_ONLY and entered.takes:
            raise Refused("WouldTrade", tick=entered.takes[0][0])
        if max_touches is not None and self._touches(entered) > max_touches:
            raise Refused("TouchLimit", max_touches=max_touches)
        if kind == FILL_OR_KILL and left:
            raise Refused("NotFilled", wanted=entered.traded_wh + left, available=entered.traded_wh)

    def _touches(self, entered: Entered) -> int:
        """Levels taken, and entries passed in the last one if the order takes only a part of it."""
        if not entered.takes:
            return 0
        tick, energy_wh = entered.takes[-1]
        level, leaving = self.levels[tick], self._leaving_wh(entered.mine)
        if energy_wh == level.total_wh - leaving.get(tick, 0):
            return len(entered.takes)
        gone = [ref.index for ref in entered.mine.leaving if ref.tick == tick] if entered.mine else []
        return len(entered.takes) + level.after(energy_wh, gone) - level.head - (level.head in gone)

    def _require_room(self, entered: Entered) -> None:
        """Refuses what would not fit a record, before anything changes."""
        record, is_offer, leaving = entered.record, entered.is_offer, 0
        if entered.mine:
            leaving = len(entered.mine.leaving)
            collected = sum(self.levels[ref.tick].filled_wh(ref.index) for ref in entered.mine.leaving)
            record.require_room(collected, not is_offer)
        record.require_room(entered.traded_wh, is_offer)
        if entered.level is not None:
            entered.level.require_room(entered.tick)
        if entered.rest_wh and record.bids + record.offers - leaving >= MAX_OWN_ORDERS:
            raise Refused("TooManyOwnOrders", account=record.account)

    # --- own opposite orders -----------------------------------------------------------------------------

    def _own_side(self, record: Record, is_offer: bool, tick: int, own: Sequence[OrderRef]) -> OwnSide:
        """Sorts the listed entries; passes over others'. Raises Refused if one in the way may be missing."""
        leaving, staying = [], []
        for ref in _rising(own):
            if not self._is_own(ref, record.account, not is_offer):
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
        entry = self.levels[ref.tick].entry(ref.index)
        return entry.account == account and entry.is_offer == is_offer

    def _leaving_wh(self, mine: OwnSide | None) -> dict[int, int]:
        """Energy per tick that leaves before matching."""
        leaving: dict[int, int] = {}
        for ref in mine.leaving if mine else ():
            leaving[ref.tick] = leaving.get(ref.tick, 0) + self.levels[ref.tick].unfilled_wh(ref.index)
        return leaving

    # --- leaving -----------------------------------------------------------------------------------------

    def remove(self, ref: OrderRef) -> Removed:
        """Takes an entry out of the book: what it traded, and what its rest returns. Raises Refused."""
        entry, level = self.entry(ref), self.levels[ref.tick]
        charges = self.charges_of(entry.account)
        filled_wh, rest_wh = level.filled_wh(ref.index), level.unfilled_wh(ref.index)
        fill = Fill(entry.account)
        fill.add_resting(charges, entry.is_offer, ref.tick, filled_wh)
        level.cancel(ref.index)
        self.records[entry.account].drop_entry(entry.is_offer)
        self.open_entries -= 1
        if rest_wh and not level.total_wh:
            side, price = self._side(entry.is_offer, ref.tick)
            del side[bisect_left(side, price)]
        returned = rest_wh * charges.rest_locks(entry.is_offer, ref.tick)
        return Removed(ref, entry.is_offer, fill, rest_wh, returned)

    def take_out(self, ref: OrderRef) -> Removed:
        """As `remove`; the fill goes to its owner's record. Raises Refused."""
        entry, level = self.entry(ref), self.levels[ref.tick]
        record = self.records[entry.account]
        record.require_room(level.filled_wh(ref.index), entry.is_offer)
        removed = self.remove(ref)
        record.add(removed.fill)
        return removed

    def close_if_empty(self, tick: int) -> None:
        """A page comes by a level: it is open no longer if nothing is left to collect there."""
        if tick in self.open_levels and not any(self.levels[tick].energies):
            self.open_levels.discard(tick)

    def take_fill(self, account: int) -> Fill:
        """Empties an account's record and returns what it held."""
        record = self.records.get(account)
        return record.take_fill() if record else Fill(account)

    # --- views ----------------------------------------------------------------------------------------

    def is_filled(self, ref: OrderRef) -> bool:
        """Whether an uncollected entry is filled wholly."""
        return self.has(ref) and not self.levels[ref.tick].unfilled_wh(ref.index)

    def is_live(self, ref: OrderRef) -> bool:
        """Whether some of an entry still rests."""
        return self.has(ref) and self.levels[ref.tick].unfilled_wh(ref.index) > 0

    def account_at(self, ref: OrderRef) -> int | None:
        """Who rested there, even if it is gone; None if nobody ever did."""
        level = self.levels.get(ref.tick)
        return level.accounts[ref.index] if level is not None and ref.index < len(level) else None

    def has(self, ref: OrderRef) -> bool:
        """Whether an entry is there that counts: neither cancelled nor collected."""
        return ref.tick in self.levels and self.levels[ref.tick].has(ref.index)

    def entry(self, ref: OrderRef) -> Entry:
        """An entry that still counts. Raises Refused."""
        if not self.has(ref):
            raise Refused("OrderNotLive", ref=ref)
        return self.levels[ref.tick].entry(ref.index)

    def depth(self, offers: bool) -> list[Take]:
        """Live energy per price, best first."""
        side = [-price for price in self._offers] if offers else self.bids
        return [(tick, self.levels[tick].total_wh) for tick in reversed(side)]

    def best(self, offers: bool) -> int | None:
        """The best price of a side, if anything rests there."""
        side = self._offers if offers else self.bids
        return abs(side[-1]) if side else None

    def entries(self) -> Iterator[tuple[OrderRef, Entry]]:
        """All entries that count, by price, then age."""
        for tick in sorted(self.levels):
            level = self.levels[tick]
            for index, energy_wh in enumerate(level.energies):
                if energy_wh:
                    yield OrderRef(tick, index), level.entry(index)

    def entries_of(self, account: int, is_offer: bool | None = None) -> Iterator[OrderRef]:
        """Where an account has entries that count, of one side or both."""
        for ref, entry in self.entries():
            if entry.account == account and is_offer in (None, entry.is_offer):
                yield ref


def _rising(refs: Sequence[OrderRef]) -> Iterator[OrderRef]:
    """As far as they rise: so nobody counts an entry twice."""
    before: OrderRef | None = None
    for ref in refs:
        if before is not None and ref <= before:
            return
        yield ref
        before = ref
