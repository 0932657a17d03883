# SPDX-License-Identifier: MIT
"""Positions, settled against final readings to the cash unit (Settlement, design section 7)."""

from collections.abc import Iterable

from wattbook import ids
from wattbook.calendar import Calendar
from wattbook.ids import Market
from wattbook.model.energy import Energy
from wattbook.model.positions import AreaPeriod, Kept, Key, Page, Patience, Position
from wattbook.model.readings import Readings
from wattbook.model.records import Fill
from wattbook.model.refusal import Refused
from wattbook.model.registry import Registry
from wattbook.model.vault import Payment, Pot, Vault

VENUE = "Settlement"


class Settlement:
    """Σ cash over members, backstops and fee accounts of a (carrier, period) is 0, debts included."""

    def __init__(self, calendar: Calendar, vault: Vault, registry: Registry) -> None:
        self.calendar = calendar
        self.vault = vault
        self.registry = registry
        self.readings = Readings(calendar, registry, self.has_settled)
        self.positions: dict[Key, Position] = {}
        self.areas: dict[Key, AreaPeriod] = {}
        self.open_markets: dict[tuple[int, int], int] = {}
        self.net_bought_wh: dict[tuple[int, int], int] = {}
        self.kept: dict[Key, Kept] = {}

    def pot_of(self, market: Market) -> Pot:
        """Escrow, locks and guarantees of one (carrier, period), whatever the area; a place in the ring."""
        return Pot(VENUE, market.carrier << 32 | market.period % self.calendar.ring_periods)

    def position(self, account: int, carrier: int, period: int) -> Position:
        """An account's position, empty at first."""
        return self.positions.setdefault((account, carrier, period), Position())

    def area(self, area: int, carrier: int, period: int) -> AreaPeriod:
        """An area's sums, empty at first."""
        return self.areas.setdefault((area, carrier, period), AreaPeriod())

    def has_settled(self, account: int, carrier: int, period: int) -> bool:
        """Whether the account's money of the period is settled."""
        position = self.positions.get((account, carrier, period))
        return position is not None and position.settled

    # --- venues ------------------------------------------------------------------------------------------

    def open_market(self, market: Market) -> None:
        """A venue's first order of a market."""
        key = market.carrier, market.period
        self.open_markets[key] = self.open_markets.get(key, 0) + 1

    def open_area(self, market: Market) -> None:
        """Reserves an area's guarantee, once; `require_guarantee` came before."""
        area = self.area(*market)
        if area.guarantee is None:
            amount = self.registry.terms_of(market).guarantee()
            self.vault.lock_guarantee(ids.backstop_of(market.area), self.pot_of(market), amount)
            area.guarantee = area.fund = amount

    def require_guarantee(self, market: Market) -> None:
        """Refuses a first order whose guarantee the area's backstop can't put up."""
        backstop = ids.backstop_of(market.area)
        is_due = self.area(*market).guarantee is None
        needed, available = self.registry.terms_of(market).guarantee(), self.vault.holding(backstop).balance
        if is_due and needed > available:
            raise Refused("InsufficientBalance", account=backstop, available=available, needed=needed)

    def close_market(self, market: Market) -> None:
        """Nothing is open any more in a venue's market."""
        self.open_markets[market.carrier, market.period] -= 1

    def book_fills(self, market: Market, fills: Iterable[Fill], fees: int) -> None:
        """Turns fills into positions in their owners' areas; their money has come into the pot."""
        self.area(*market).fees += fees
        for fill in fills:
            self.position(fill.account, market.carrier, market.period).add(fill)
            home = Market(fill.account >> 16, market.carrier, market.period)
            self.area(*home).late += max(fill.account + 1 - self.members(*home).stop, 0)

    def members(self, area: int, carrier: int, period: int) -> range:
        """Accounts of an area that take part in a (carrier, period)."""
        members = self.registry.members_at(area, period)
        state = self.areas.get((area, carrier, period))
        return range(members.start, members.stop + (state.late if state else 0))

    # --- settling ----------------------------------------------------------------------------------------

    def settle(
        self, market: Market, accounts: Iterable[int], now: int, patience: Patience = Patience.WAIT
    ) -> list[int]:
        """Settles members of the market's area; returns those that did. Raises Refused.

        Who has no final readings, or whose surplus an unguaranteed period's backstop can't pay, waits alone.
        """
        if now < self.calendar.ends_at(market.period):
            raise Refused("PeriodNotOver", period=market.period)
        self._require_claimed(market)
        members = self.members(*market)
        means = self.vault.holding(ids.backstop_of(market.area)).balance
        page = Page(patience, means, now)
        for account in accounts:
            if account in members and not self.has_settled(account, market.carrier, market.period):
                self._settle_one(market, account, page)
        self._close_page(market, page, len(members))
        return page.settled

    def set_aside(self, market: Market, accounts: Iterable[int], now: int) -> list[int]:
        """As `settle`, once corrections are over; nobody waits for a dispute or money. Raises Refused."""
        opens = self.calendar.corrections_until_at(market.period)
        if now < opens:
            raise Refused("TooEarly", opens=opens)
        lapsed = now >= self.calendar.hand_out_until_at(market.period)
        return self.settle(market, accounts, now, Patience.NONE if lapsed else Patience.MISSING)

    def _require_claimed(self, market: Market) -> None:
        count = self.open_markets.get((market.carrier, market.period), 0)
        if count:
            raise Refused("ClaimsOpen", carrier=market.carrier, period=market.period, count=count)

    def _settle_one(self, market: Market, account: int, page: Page) -> None:
        """Settles one account, unless it has to wait."""
        key, area = (account, market.carrier, market.period), self.area(*market)
        metered, is_final = self.readings.metered_now(*key, page.now)
        position, terms = self.position(*key), self.registry.terms_of(market)
        value = terms.imbalance_value(metered.net - position.contracted_wh)
        is_covered = area.guarantee is not None or value <= max(page.means + page.fund, 0)
        if not (is_final and is_covered):
            if self._waits(page, key):
                return
            self.kept[key] = Kept(metered if is_covered else _balanced(position), metered)
            value = value if is_covered else 0
        position.settled, position.metered = True, metered
        area.backstop_cash -= value
        area.pool_wh += position.delivered_wh
        self._add_net_bought(market, position)
        page.settled.append(account)
        page.fund += self._pay(market, account, page, position.received + value)

    def _waits(self, page: Page, key: Key) -> bool:
        if page.patience == Patience.MISSING:
            return self.readings.is_missing(*key)
        return page.patience == Patience.WAIT

    def _pay(self, market: Market, account: int, page: Page, due: int) -> int:
        """Pays what is due, returns the lock; what is short comes from the lock, the balance, then as debt.

        Returns what the backstop's part of the pot gains.
        """
        position = self.position(account, market.carrier, market.period)
        receipts, short = max(due, 0), max(-due, 0)
        from_lock = min(short, position.locked)
        returned, short = position.locked - from_lock, short - from_lock
        taken = self.vault.charge(account, self.pot_of(market), short) if short else 0
        page.payments.append(Payment(account, receipts, returned))
        return position.received + position.locked - (receipts + returned - taken)

    def _add_net_bought(self, market: Market, position: Position) -> None:
        key = market.carrier, market.period
        self.net_bought_wh[key] = self.net_bought_wh.get(key, 0) + max(-position.contracted_wh, 0)

    def _close_page(self, market: Market, page: Page, members: int) -> None:
        """The backstop takes what is its own with the last account; without a guarantee, after every page."""
        area, pot, backstop = self.area(*market), self.pot_of(market), ids.backstop_of(market.area)
        area.settled += len(page.settled)
        area.fund += page.fund
        if area.guarantee is None or area.settled == members:
            fund, area.fund = area.fund, 0
            if fund < 0:
                self.vault.charge(backstop, pot, -fund)
            else:
                page.payments.append(Payment(backstop, 0, fund))
        self.vault.pay_many(pot, page.payments)

    def is_settled(self, carrier: int, period: int) -> bool:
        """Whether every member of every area with terms has settled."""
        return all(
            self.has_settled(account, carrier, period)
            for area in self.registry.first_periods
            if self.registry.has_terms(Market(area, carrier, period))
            for account in self.members(area, carrier, period)
        )

    # --- by anyone ---------------------------------------------------------------------------------------

    def book_default(self, account: int, carrier: int, period: int, now: int) -> None:
        """From the substitute deadline on: books an account's missing readings. Raises Refused."""
        opens = self.calendar.default_from(period)
        if now < opens:
            raise Refused("TooEarly", opens=opens)
        self._require_claimed(Market(account >> 16, carrier, period))
        if self.has_settled(account, carrier, period):
            raise Refused("AlreadySettled", account=account, period=period)
        net_bought = max(-self.position(account, carrier, period).contracted_wh, 0)
        self.readings.book_default(account, carrier, period, net_bought)

    def lower_lock(self, account: int, carrier: int, period: int, now: int) -> int:
        """From delivery start on: lowers a lock to what the position can still cost; returns the rest."""
        opens = self.calendar.starts_at(period)
        if now < opens:
            raise Refused("TooEarly", opens=opens)
        position = self.position(account, carrier, period)
        if position.settled:
            raise Refused("AlreadySettled", account=account, period=period)
        market = Market(account >> 16, carrier, period)
        short = max(position.contracted_wh, 0) * self.registry.terms_of(market).retail_ticks
        returned = position.locked - min(position.locked, max(0, short - position.received))
        position.locked -= returned
        self.vault.release(account, self.pot_of(market), returned)
        return returned

    def pay_fees(self, market: Market) -> int:
        """Pays a market area's fees to its fee account once all has settled. Raises Refused."""
        if not self.is_settled(market.carrier, market.period):
            raise Refused("NotEveryoneSettled", carrier=market.carrier, period=market.period)
        area = self.area(*market)
        if area.fees_paid:
            raise Refused("AlreadyPaid", market=market)
        paid, area.fees, area.fees_paid = area.fees, 0, True
        self.vault.release(ids.fee_account_of(market.area), self.pot_of(market), paid)
        return paid


def _balanced(position: Position) -> Energy:
    """Energies without any imbalance."""
    contracted = position.contracted_wh
    return Energy(0, contracted) if contracted >= 0 else Energy(-contracted, 0)
