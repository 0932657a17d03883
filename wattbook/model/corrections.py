# SPDX-License-Identifier: MIT
"""What changes after an account has settled: only the difference is settled (Settlement, design section 7).

The backstop pays or gets it, outside the period's pot, so that no other account is touched.
"""

from wattbook import ids
from wattbook.ids import Market
from wattbook.model.energy import Energy, Residual
from wattbook.model.positions import Kept, Key
from wattbook.model.refusal import Refused
from wattbook.model.settlement import Settlement
from wattbook.model.vault import Payment, Pot

RESIDUALS = 1 << 95


class Corrections:
    """By anyone, again and again; what a backstop can't pay waits alone."""

    def __init__(self, settlement: Settlement) -> None:
        self.settlement = settlement
        self.residuals: list[Residual | None] = []  # numbered from 1; None: settled

    # --- from the readings -------------------------------------------------------------------------------

    def note(self, account: int, carrier: int, period: int, now: int) -> None:
        """Before an energy of the account changes: keeps what it was settled with, if it has settled."""
        key = account, carrier, period
        if not self.settlement.has_settled(*key):
            return
        metered = self.settlement.position(*key).metered
        kept = self.settlement.kept.setdefault(key, Kept(metered, metered))
        if not self._is_over(period, now):
            kept.is_open = True

    def book_residual(self, residual: Residual) -> int:
        """Its number."""
        self.residuals.append(residual)
        return len(self.residuals)

    # --- by anyone ---------------------------------------------------------------------------------------

    def settle(self, account: int, carrier: int, period: int, now: int) -> bool:
        """Settles the difference to what is metered now; False if that waits for money. Raises Refused."""
        key = account, carrier, period
        kept, readings = self.settlement.kept.get(key), self.settlement.readings
        if kept is None:
            raise Refused("NothingToCorrect", account=account, period=period)
        metered, is_final = readings.metered_now(*key, now)
        if not is_final and not self._is_over(period, now):
            raise Refused("ReadingsNotFinal", account=account, period=period)
        if kept.is_open:
            self._certify(key, metered)
            kept.is_open = False
        if is_final:
            kept.known = metered
        return kept.known == kept.settled or self._settle_known(key, kept)

    def settle_residual(self, number: int) -> None:
        """Export at the lowest feed-in of the gap, import at the highest retail. Raises Refused."""
        residual = self.residuals[number - 1] if 1 <= number <= len(self.residuals) else None
        if residual is None:
            raise Refused("NothingToSettle", residual=number)
        due = self._due_for(residual)
        means = self._means_of(residual.account)
        if due > means:
            raise Refused("ResidualUnfunded", residual=number, needed=due, available=means)
        self.residuals[number - 1] = None
        self._pay(residual.account, Pot("Settlement", RESIDUALS), due)

    def open_count(self, carrier: int, period: int) -> int:
        """Corrections that certificates don't count yet."""
        return sum(kept.is_open for key, kept in self.settlement.kept.items() if key[1:] == (carrier, period))

    # --- steps -------------------------------------------------------------------------------------------

    def _certify(self, key: Key, energy: Energy) -> None:
        """Certificates count what is known by now."""
        account, carrier, period = key
        position = self.settlement.position(*key)
        before = position.delivered_wh
        position.metered = energy
        self.settlement.area(account >> 16, carrier, period).pool_wh += position.delivered_wh - before

    def _settle_known(self, key: Key, kept: Kept) -> bool:
        account, carrier, period = key
        due = self._value_of(key, kept.known) - self._value_of(key, kept.settled)
        if due > self._means_of(account):
            return False
        kept.settled = kept.known
        self.settlement.area(account >> 16, carrier, period).backstop_cash -= due
        self._pay(account, self.settlement.pot_of(Market(account >> 16, carrier, period)), due)
        return True

    def _value_of(self, key: Key, energy: Energy) -> int:
        account, carrier, period = key
        imbalance = energy.net - self.settlement.position(*key).contracted_wh
        terms = self.settlement.registry.terms_of(Market(account >> 16, carrier, period))
        return terms.imbalance_value(imbalance)

    def _pay(self, account: int, pot: Pot, due: int) -> None:
        """Between the account and its backstop; what the account's balance lacks is owed."""
        vault, backstop = self.settlement.vault, ids.backstop_of(account >> 16)
        if due > 0:
            vault.charge(backstop, pot, due)
            vault.pay_many(pot, [Payment(account, due, 0)])
        elif due < 0:
            taken = vault.charge(account, pot, -due)
            vault.pay_many(pot, [Payment(backstop, 0, taken)])

    def _due_for(self, residual: Residual) -> int:
        area, periods = residual.account >> 16, range(residual.first, residual.last + 1)
        terms = [self.settlement.registry.terms_of(Market(area, residual.carrier, one)) for one in periods]
        earned = residual.energy.export_wh * min(one.feed_in_ticks for one in terms)
        return earned - residual.energy.import_wh * max(one.retail_ticks for one in terms)

    def _means_of(self, account: int) -> int:
        return self.settlement.vault.holding(ids.backstop_of(account >> 16)).balance

    def _is_over(self, period: int, now: int) -> bool:
        return now >= self.settlement.calendar.corrections_until_at(period)
