# SPDX-License-Identifier: MIT
"""Markets, their books and their trades. No account is named here."""

from typing import Literal

from pydantic import Field

from api.schemas.base import Body, Kwh, MarketId, Period, PerKwh, Seconds, Ticks, Wh

MarketState = Literal["upcoming", "open", "gateClosed", "delivering", "metering", "settled", "void"]
Side = Literal["bid", "offer"]


class Quote(Body):
    """Best prices and what was traded."""

    best_bid_ticks: Ticks | None
    best_bid_per_kwh: PerKwh | None
    best_offer_ticks: Ticks | None
    best_offer_per_kwh: PerKwh | None
    last_price_ticks: Ticks | None
    last_price_per_kwh: PerKwh | None
    volume_wh: Wh
    volume_kwh: Kwh


class Market(Quote):
    """A market: its times, its frozen terms and its book's top."""

    market: MarketId
    area: int
    carrier: int
    period: Period
    state: MarketState
    opened: bool
    halted: bool
    opens_at: Seconds
    gate_at: Seconds
    starts_at: Seconds
    ends_at: Seconds
    final_at: Seconds
    retail_ticks: Ticks
    retail_per_kwh: PerKwh
    feed_in_ticks: Ticks
    feed_in_per_kwh: PerKwh
    levy_buy_ticks: Ticks
    levy_buy_per_kwh: PerKwh
    levy_sell_ticks: Ticks
    levy_sell_per_kwh: PerKwh
    average_price_ticks: Ticks | None
    average_price_per_kwh: PerKwh | None
    trades: int


class Connection(Body):
    """Energy's way from one area to another.

    Sellers of `fromArea` and buyers of `toArea` reserve its capacity; accounts of `fromArea` pay the fee for
    what they trade in `toArea`.
    """

    from_area: int = Field(examples=[2])
    to_area: int = Field(examples=[1])
    carrier: int = Field(examples=[0])
    period: Period
    fee_ticks: Ticks = Field(examples=["200"])
    fee_per_kwh: PerKwh = Field(examples=["0.0200"])
    capacity_wh: Wh = Field(examples=["2000"])
    capacity_kwh: Kwh = Field(examples=["2.000"])
    free_wh: Wh = Field(description="what no order has reserved yet", examples=["1700"])
    free_kwh: Kwh = Field(examples=["1.700"])


class TickerRow(Quote):
    market: MarketId
    period: Period
    state: MarketState
    starts_at: Seconds
    gate_at: Seconds


class Ticker(Body):
    """Open markets, earliest first."""

    at: Seconds
    block: int
    markets: list[TickerRow]


class Level(Body):
    price_ticks: Ticks
    price_per_kwh: PerKwh
    energy_wh: Wh
    energy_kwh: Kwh
    orders: int


class Depth(Body):
    """Live energy a price, best first."""

    market: MarketId
    block: int
    bids: list[Level]
    offers: list[Level]


class Trade(Body):
    trade: str
    market: MarketId
    price_ticks: Ticks
    price_per_kwh: PerKwh
    energy_wh: Wh
    energy_kwh: Kwh
    taker_side: Side
    at: Seconds
    block: int


class Candle(Body):
    at: Seconds
    open_ticks: Ticks
    open_per_kwh: PerKwh
    high_ticks: Ticks
    high_per_kwh: PerKwh
    low_ticks: Ticks
    low_per_kwh: PerKwh
    close_ticks: Ticks
    close_per_kwh: PerKwh
    volume_wh: Wh
    volume_kwh: Kwh


class Candles(Body):
    """Prices of one market by time; buckets without trades are left out."""

    market: MarketId
    bucket_seconds: int
    items: list[Candle]


class DayPeriod(Body):
    market: MarketId
    period: Period
    starts_at: Seconds
    volume_wh: Wh
    volume_kwh: Kwh
    trades: int
    average_price_ticks: Ticks | None
    average_price_per_kwh: PerKwh | None
    low_ticks: Ticks | None
    low_per_kwh: PerKwh | None
    high_ticks: Ticks | None
    high_per_kwh: PerKwh | None
    retail_ticks: Ticks
    retail_per_kwh: PerKwh
    feed_in_ticks: Ticks
    feed_in_per_kwh: PerKwh


class Day(Body):
    """One UTC day, a period a row."""

    day: str
    area: int
    carrier: int
    items: list[DayPeriod]


class CommunityPeriod(Body):
    """Totals of a grid area; null where fewer than five members would be in them."""

    period: Period
    starts_at: Seconds
    members: int
    import_wh: Wh | None
    import_kwh: Kwh | None
    export_wh: Wh | None
    export_kwh: Kwh | None
    traded_wh: Wh | None
    traded_kwh: Kwh | None
    final: bool
