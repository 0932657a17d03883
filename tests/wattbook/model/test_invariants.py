# SPDX-License-Identifier: MIT
"""The invariants of design section 11 on the model, over random days of two connected areas.

Each `invariant_N_…` is the section's. Number 9 is tests/contracts/test_against_model.py, 10 is about gas.
"""

import os
from collections import Counter

from hypothesis import settings
from hypothesis.stateful import invariant, precondition, rule

from tests.wattbook.model.random_days import (
    ABROAD,
    CAPACITY,
    FOREVER,
    RandomDays,
    meters,
    names,
    tried,
)
from tests.wattbook.model.scenario import AREA, CARRIER, FIRST
from wattbook.model.book import Book
from wattbook.model.energy import NOTHING
from wattbook.model.order_book import VENUE, pot_of
from wattbook.model.oversight import Way
from wattbook.orders import Kind


class Days(RandomDays):
    """What holds after every step; during a halt, what still can be done."""

    @invariant()
    def invariant_1_balances_and_pots_are_the_tokens(self) -> None:
        vault = self.model.vault
        assert vault.entrusted() == self.tokens
        assert (
            min(min(vault.pots.values(), default=0), *(one.balance for one in vault.accounts.values())) >= 0
        )

    @invariant()
    def invariant_2_locks_are_what_orders_can_cost(self) -> None:
        needed = sum(_locked_in(book) for market, book in self.model.order_book.books.items())
        assert needed == sum(amount for pot, amount in self.model.vault.pots.items() if pot.venue == VENUE)

    @invariant()
    def invariant_3_no_book_is_crossed(self) -> None:
        for _, book in self.books():
            bid, offer = book.best(offers=False), book.best(offers=True)
            assert bid is None or offer is None or bid < offer

    @invariant()
    def invariant_4_bought_is_sold_in_every_market(self) -> None:
        for _, book in self.books():
            bought = sum(record.bought_wh for record in book.records.values())
            sold = sum(record.sold_wh for record in book.records.values())
            for ref, entry in book.entries():
                filled_wh = book.levels[ref.tick].filled_wh(ref.index)
                bought, sold = bought + filled_wh * (not entry.is_offer), sold + filled_wh * entry.is_offer
            assert bought == sold

    @invariant()
    def invariant_5_certificates_are_at_most_what_was_deliverable(self) -> None:
        settlement, certificates = self.model.settlement, self.model.certificates
        for market, minted in certificates.minted.items():
            mine = [one for one in self.play.accounts.values() if one >> 16 == market.area]
            positions = [settlement.position(one, market.carrier, market.period) for one in mine]
            assert minted <= sum(one.deliverable_wh for one in positions)

    @invariant()
    def invariant_5_retired_is_minted_and_imported(self) -> None:
        certificates = self.model.certificates
        minted, owned, retired = Counter[int](), Counter[int](), Counter[int]()
        for market, energy_wh in certificates.minted.items():
            minted[market.period] += energy_wh
        for (_, market), energy_wh in certificates.owned.items():
            assert energy_wh >= 0
            owned[market.period] += energy_wh
        for (account, carrier, period), energy_wh in certificates.retired.items():
            retired[period] += energy_wh
            metered, _ = self.model.readings.metered_now(account, carrier, period, FOREVER)
            assert energy_wh <= metered.import_wh
        for period, energy_wh in minted.items():
            assert retired[period] == energy_wh - owned[period] <= energy_wh

    @invariant()
    def invariant_6_energies_and_residuals_are_the_register_difference(self) -> None:
        """Up to a run of substitutes whose end isn't known; a difference not shared yet counts as a whole."""
        readings = self.model.readings
        for point in self.model.registry.points:
            run = readings.substitutes.runs.get(point.number)
            unshared = readings.substitutes.closed.get(point.number)
            last = (run.first if run else self.play.period) - 1
            total = unshared.difference if unshared else NOTHING
            for period in range(FIRST, last + 1):
                if unshared and unshared.first <= period <= unshared.last:
                    continue
                energy = readings.energy(point, period)
                assert energy is not None
                total = total.plus(energy)
                total = total.plus(readings.substitutes.residuals.get((point.number, period), NOTHING))
            begin, end = (readings.lanes[point.number, one].registers for one in (FIRST - 1, last))
            assert total == end.since(begin)

    @invariant()
    def invariant_7_what_is_settled_changes_only_by_a_correction(self) -> None:
        for key, noted in self.settled_with.items():
            assert noted == self._settled(key)

    @invariant()
    def capacity_is_what_foreign_orders_hold(self) -> None:
        for source, target in ((AREA, ABROAD), (ABROAD, AREA)):
            reserved = self.model.oversight.reserved[Way(source, target, CARRIER, self.play.period)]
            assert 0 <= reserved <= CAPACITY
            held = sum(_held_abroad(book, source, target) for market, book in self.books())
            assert reserved == held

    @precondition(lambda self: self.books())
    @rule(name=names, readings=meters)
    def invariant_8_a_halt_stops_no_exit(self, name: str, readings: dict[str, tuple[int, int]]) -> None:
        """Nobody enters; cancel, withdraw, claim, release and settle go on, until everything is out."""
        play, vault, orders = self.play, self.model.vault, self.model.order_book
        for area in play.areas:
            vault.close_pot(pot_of(play.market_of(area)), FOREVER)
        assert tried(lambda: play.order(name, "bid", 200, 10, Kind.IMMEDIATE_OR_CANCEL)) is None
        for market, book in self.books():
            for ref, entry in list(book.entries())[::2]:
                if book.is_live(ref):
                    assert orders.cancel(market, ref, vault.holding(entry.account).owner) > 0
        account = play.accounts[name]
        unowed = vault.holding(account).unowed
        vault.withdraw(account, name, unowed)
        self.tokens -= unowed
        period = play.period
        self.settle(readings, lower=True, void=False, missing={})
        assert all(self.model.settlement.has_settled(one, CARRIER, period) for one in play.accounts.values())
        assert not sum(amount for pot, amount in vault.pots.items() if pot.venue == VENUE)
        for area in play.areas:
            vault.close_pot(pot_of(play.market_of(area)), 0)


def _locked_in(book: Book) -> int:
    """The worst that everything in a book can cost: rests by their limits, fills as they are."""
    locked = sum(record.paid + record.locked for record in book.records.values())
    for ref, entry in book.entries():
        charges = book.charges_of(entry.account)
        locked += entry.energy_wh * charges.rest_locks(entry.is_offer, ref.tick)
    return locked


def _held_abroad(book: Book, source: int, target: int) -> int:
    """Energy of foreign accounts that would flow from `source` to `target`: resting, or traded."""

    def flows(account: int, is_offer: bool) -> bool:
        home = account >> 16
        return home != book.area and (source, target) == (
            (home, book.area) if is_offer else (book.area, home)
        )

    held = sum(entry.energy_wh for _, entry in book.entries() if flows(entry.account, entry.is_offer))
    for account, record in book.records.items():
        held += record.sold_wh * flows(account, True) + record.bought_wh * flows(account, False)
    return held


Days.TestCase.settings = settings(
    max_examples=1_000 if os.environ.get("LONG") else 60, stateful_step_count=40, deadline=None
)
TestEveryDayKeepsTheInvariants = Days.TestCase
