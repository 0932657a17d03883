# SPDX-License-Identifier: MIT
"""Amounts on the wire: strings, each as integer base units and as an exact decimal.

    energy("rest", 1500)  → {"rest_wh": "1500", "rest_kwh": "1.500"}
    price("limit", 1900)  → {"limit_ticks": "1900", "limit_per_kwh": "0.1900"}
    money("cash", -5)     → {"cash_units": "-5", "cash_currency": "-0.0000005"}

None stays None in both.
"""

from collections.abc import Callable

from wattbook.units import format_cash, format_energy, format_price

Amounts = dict[str, str | None]


def energy(name: str, wh: int | None) -> Amounts:
    """`name`_wh and `name`_kwh."""
    return _both(name, "wh", "kwh", wh, format_energy)


def price(name: str, ticks: int | None) -> Amounts:
    """`name`_ticks and `name`_per_kwh."""
    return _both(name, "ticks", "per_kwh", ticks, format_price)


def money(name: str, units: int | None) -> Amounts:
    """`name`_units and `name`_currency."""
    return _both(name, "units", "currency", units, format_cash)


def _both(name: str, unit: str, decimal: str, value: int | None, form: Callable[[int], str]) -> Amounts:
    if value is None:
        return {f"{name}_{unit}": None, f"{name}_{decimal}": None}
    return {f"{name}_{unit}": str(value), f"{name}_{decimal}": form(value)}
