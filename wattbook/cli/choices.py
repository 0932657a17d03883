# SPDX-License-Identifier: MIT
"""Arguments that several commands take, read into the integers used inside."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer
from eth_utils.address import is_address, to_checksum_address

from wattbook import ids
from wattbook.calendar import Calendar
from wattbook.cli.session import Chain
from wattbook.errors import AddressUnreadable, InputError


class CarrierName(StrEnum):
    electricity = "electricity"
    heat = "heat"
    gas = "gas"


class SideName(StrEnum):
    buy = "buy"
    sell = "sell"


Account = Annotated[int, typer.Option(help="The account.")]
OwnAccount = Annotated[int, typer.Option(help="Your account.")]
Area = Annotated[int, typer.Option("--area", help="The grid area.")]
CarrierOption = Annotated[CarrierName, typer.Option("--carrier", help="What is metered and traded.")]
PeriodOption = Annotated[
    str | None,
    typer.Option("--period", help="Delivery period: its index, or a UTC time in it (2026-07-16T12:15)."),
]
Point = Annotated[int, typer.Argument(help="The metering point.")]
WantedPeriod = Annotated[
    str, typer.Option("--period", help="Delivery period: its index, or a UTC time in it.")
]


class PeriodUnreadable(InputError):
    sentence = "{text!r} names no delivery period: give its index, or a UTC time such as 2026-07-16T12:15."


def address_of(text: str) -> str:
    """The checksummed address; `none` is the zero address. Raises AddressUnreadable."""
    if text == "none":
        return "0x" + 40 * "0"
    if not is_address(text):
        raise AddressUnreadable(text=text)
    return str(to_checksum_address(text))


def carrier_of(name: CarrierName) -> int:
    return int(ids.Carrier[name.upper()])


def named_period(text: str, calendar: Calendar) -> int:
    """By index or UTC time. Raises PeriodUnreadable."""
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise PeriodUnreadable(text=text) from None
    return calendar.period_of(int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()))


async def chain_time(chain: Chain) -> int:
    """The newest block's UTC second: what the contracts will go by."""
    return int((await chain.client.head()).timestamp)


async def period_in(chain: Chain, text: str | None) -> int:
    """The named period; without a name the next that takes orders. Raises PeriodUnreadable."""
    calendar = chain.deployment.calendar
    return (
        calendar.open_periods(await chain_time(chain)).start if text is None else named_period(text, calendar)
    )


async def ended_period_in(chain: Chain, text: str | None) -> int:
    """The named period; without a name the last that is over. Raises PeriodUnreadable."""
    calendar = chain.deployment.calendar
    return calendar.period_of(await chain_time(chain)) - 1 if text is None else named_period(text, calendar)


def when(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d %H:%M UTC")
