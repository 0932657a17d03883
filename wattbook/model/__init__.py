# SPDX-License-Identifier: MIT
"""The reference model: what the contracts must come to, in plain integers, without a chain.

    community.py     all of it together
    order_book.py    books with their money: windows, locks, claims      ← OrderBook
    book.py          one market: price, then time priority
    entered.py       what an order does, found out before it is done
    level.py         one price level; the indexer derives makers' fills with it
    records.py       an account in a market
    charges.py       what an account pays in a market
    vault.py         balances, debts, pots                               ← PaymentVault
    registry.py      members, points                                     ← Registry
    terms.py         frozen terms of an area
    oversight.py     connections, caps, voids, suspensions               ← GridOversight
    energy.py        import and export, registers
    readings.py      registers, energies, defaults                       ← MeterReadings
    edits.py         substitutes, corrections, disputes of readings      ← MeterReadings
    substitutes.py   defaulted runs, and their shares of a known difference
    sharing.py       exact splits of an energy
    agreements.py    default charges of agreements                      (not in the contracts yet)
    positions.py     what Settlement keeps of accounts and areas
    settlement.py    what a period comes to in money                     ← Settlement
    corrections.py   what changes after an account has settled           ← Settlement
    certificates.py  who gets which, transfers, retirement               ← EnergyToken

A rule that says no raises `Refused` with the name of the contracts' error.
"""

from wattbook.model.community import Community
from wattbook.model.refusal import Refused
from wattbook.model.terms import Terms

__all__ = ["Community", "Refused", "Terms"]
