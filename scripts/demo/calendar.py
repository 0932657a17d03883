# SPDX-License-Identifier: MIT
"""The demo's own times, short enough that one day shows a whole life, and its tariff."""

from datetime import UTC, datetime

from rich.table import Table

from scripts.request import AreaTerms
from wattbook.calendar import Calendar
from wattbook.units import CASH_UNITS_PER_CURRENCY

CALENDAR = Calendar(
    period_seconds=900,
    opens_before=2 * 3600,
    gate_before=300,
    final_after=1800,
    substitutes_until=3600,
    corrections_until=2 * 3600,
    hand_out_until=2 * 3600 + 2 * 24 * 3600,
    ring_periods=1024,
)
TERMS = AreaTerms(
    area=0,
    carrier=0,
    retail_ticks=3200,
    feed_in_ticks=800,
    levy_buy_ticks=100,
    levy_sell_ticks=50,
    export_capacity_wh=100_000,
    inbound_capacity_wh=0,
    debt_limit=100 * CASH_UNITS_PER_CURRENCY,
)
MIDDAY = 48  # quarter hours
# Members register in the last period before trading opens for the day's first one.
SETTING_UP_SECONDS = 899


def first_period(day_start: int, periods: int) -> int:
    """The first of `periods` quarter hours of the day: midnight for a whole day, else around noon."""
    return CALENDAR.period_of(day_start) + MIDDAY - periods // 2


def genesis(first: int) -> int:
    """UTC second of the first block: everybody who registers now takes part from `first` on."""
    return CALENDAR.starts_at(first) - CALENDAR.opens_before - SETTING_UP_SECONDS


def times_table() -> Table:
    """What the demo does sooner than the defaults."""
    table = Table(title="This demo's times", title_justify="left", show_header=False)
    for what, when in (
        ("trading opens", "2 h before a period"),
        ("the gate closes", "5 min before it"),
        ("a reading is final", "30 min after it"),
        ("missing readings are replaced", "1 h after it"),
        ("corrections end, certificates are handed out", "2 h after it"),
    ):
        table.add_row(what, when)
    return table


def clock_time(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp, UTC).strftime("%H:%M")
