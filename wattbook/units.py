# SPDX-License-Identifier: MIT
"""Energy, price and money at the edges: exact text ↔ the integers used inside.

    energy  Wh           "1.5"    kWh             ↔ 1500
    price   ticks        "0.1900" currency a kWh  ↔ 1900    a tick is 0.0001 currency a kWh
    money   cash units   "1.2345" currency        ↔ 12_345_000   a cash unit is 1e-7 = 1 Wh × 1 tick

Whatever is finer than the unit is refused, unless the caller names a rounding of the decimal module
(`rounding=ROUND_FLOOR`). No float comes near: a float argument is a TypeError.
"""

import re
from decimal import Context, Decimal, localcontext

from wattbook.errors import AmountInexact, AmountNegative, AmountUnreadable, EnergyOutOfRange, PriceOutOfRange

MAX_PRICE_TICKS = 57_599
MIN_ORDER_WH = 10
MAX_ORDER_WH = 8_388_607
WH_PER_KWH = 1_000
TICKS_PER_CURRENCY = 10_000
CASH_DECIMALS = 7
CASH_UNITS_PER_CURRENCY = 10**CASH_DECIMALS

Amount = str | int | Decimal

# Longer numbers are nobody's amount; so the context below never has to round.
_LONGEST = 40
_EXACT = Context(prec=4 * _LONGEST)
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)


def _decimal(amount: Amount) -> Decimal:
    if isinstance(amount, bool) or not isinstance(amount, str | int | Decimal):
        raise TypeError(f"amounts are str, int or Decimal, never {type(amount).__name__}")
    text = str(amount).strip() if not isinstance(amount, Decimal) else _plain(amount)
    if len(text) > _LONGEST or not _PLAIN.fullmatch(text):
        raise AmountUnreadable(text=str(amount)[:_LONGEST])
    return Decimal(text)


def _plain(amount: Decimal) -> str:
    """A Decimal as plain digits; one whose digits would fill a page stays in its short form, then refused."""
    return f"{amount:f}" if amount.is_finite() and abs(amount.adjusted()) < _LONGEST else str(amount)


def _parse(amount: Amount, per_unit: int, unit: str, rounding: str | None) -> int:
    with localcontext(_EXACT):
        scaled = _decimal(amount) * per_unit
        whole = scaled.to_integral_value(rounding=rounding)
        if whole != scaled and rounding is None:
            raise AmountInexact(text=str(amount).strip(), unit=unit, step=f"{Decimal(1) / per_unit:f}")
        return int(whole)


def _format(value: int, per_unit: int, decimals: int) -> str:
    """Plain digits with all decimals of the unit, whatever the size."""
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(value), per_unit)
    return f"{sign}{whole}.{rest:0{decimals}d}"


def _not_negative(value: int, amount: Amount, unit: str) -> int:
    if value < 0:
        raise AmountNegative(text=str(amount), unit=unit)
    return value


def parse_energy(kwh: Amount, rounding: str | None = None) -> int:
    """kWh → Wh, 0 or more. Raises AmountUnreadable, AmountInexact, AmountNegative."""
    return _not_negative(_parse(kwh, WH_PER_KWH, "kWh", rounding), kwh, "kWh")


def format_energy(wh: int) -> str:
    """Wh → kWh with three decimals; also for signed differences."""
    return _format(wh, WH_PER_KWH, 3)


def parse_price(per_kwh: Amount, rounding: str | None = None) -> int:
    """Currency a kWh → ticks. Raises AmountUnreadable, AmountInexact, PriceOutOfRange."""
    return check_price(_parse(per_kwh, TICKS_PER_CURRENCY, "per kWh", rounding))


def format_price(ticks: int) -> str:
    """Ticks → currency a kWh with four decimals."""
    return _format(ticks, TICKS_PER_CURRENCY, 4)


def parse_cash(currency: Amount, rounding: str | None = None) -> int:
    """Currency → cash units, signed. Raises AmountUnreadable, AmountInexact."""
    return _parse(currency, CASH_UNITS_PER_CURRENCY, "currency", rounding)


def format_cash(cash_units: int) -> str:
    """Cash units → currency with all seven decimals, exact."""
    return _format(cash_units, CASH_UNITS_PER_CURRENCY, CASH_DECIMALS)


def format_cash_rounded(cash_units: int, decimals: int, rounding: str) -> str:
    """Cash units → currency for display, with fewer decimals and a named rounding."""
    with localcontext(_EXACT):
        value = Decimal(cash_units).scaleb(-7).quantize(Decimal(1).scaleb(-decimals), rounding=rounding)
        return f"{value:f}"


def check_price(ticks: int) -> int:
    """`ticks`, if a contract can hold it. Raises PriceOutOfRange."""
    if not 0 <= ticks <= MAX_PRICE_TICKS:
        raise PriceOutOfRange(ticks=ticks)
    return ticks


def check_order_energy(wh: int) -> int:
    """`wh`, if an order may ask for it. Raises EnergyOutOfRange."""
    if not MIN_ORDER_WH <= wh <= MAX_ORDER_WH:
        raise EnergyOutOfRange(wh=wh)
    return wh


def parse_order_energy(kwh: Amount) -> int:
    """kWh → Wh of an order. Raises what `parse_energy` raises, and EnergyOutOfRange."""
    return check_order_energy(_parse(kwh, WH_PER_KWH, "kWh", None))


def value_of(wh: int, ticks: int) -> int:
    """Cash units of an energy at a price: exact, no rounding in any trade."""
    return wh * ticks
