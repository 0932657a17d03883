# SPDX-License-Identifier: MIT
"""The whole model, put together as the contracts are."""

from wattbook import ids
from wattbook.calendar import Calendar
from wattbook.model.certificates import Certificates
from wattbook.model.corrections import Corrections
from wattbook.model.edits import Edits
from wattbook.model.order_book import OrderBook
from wattbook.model.oversight import Oversight
from wattbook.model.registry import Registry
from wattbook.model.settlement import Settlement
from wattbook.model.vault import Vault


class Community:
    """Vault, registry, readings, settlement, order book and certificates under one calendar."""

    def __init__(self, calendar: Calendar, cash_units_per_token_unit: int = 10) -> None:
        self.calendar = calendar
        self.vault = Vault(cash_units_per_token_unit)
        self.registry = Registry()
        self.settlement = Settlement(calendar, self.vault, self.registry)
        self.readings = self.settlement.readings
        self.oversight = Oversight(self.registry, self.vault)
        self.order_book = OrderBook(calendar, self.vault, self.oversight, self.settlement)
        self.corrections = Corrections(self.settlement)
        self.readings.connect(self.corrections.note, self.corrections.book_residual)
        self.edits = Edits(self.readings)
        self.certificates = Certificates(calendar, self.corrections)

    def open_area(self, area: int, backstop_owner: str, fee_owner: str) -> None:
        """Opens an area with its backstop's and its fee account."""
        self.registry.open_area(area)
        self.vault.open(ids.backstop_of(area), backstop_owner)
        self.vault.open(ids.fee_account_of(area), fee_owner)

    def admit(self, area: int, owner: str, first_period: int, buyer: bool = True, seller: bool = True) -> int:
        """A new member's account."""
        account = self.registry.admit(area, first_period)
        self.vault.open(account, owner, buyer, seller)
        return account
