# SPDX-License-Identifier: MIT
"""Orders to sign, with the nonce and the fee that the server chooses; and order words read."""

from api.amounts import energy, money, price
from api.context import Context
from api.errors import MarketUnknown, OrderWordMalformed, RequestInvalid
from api.reads.terms import Schedule, network_fee
from api.schemas.order import OrderWish
from wattbook.errors import IdOutOfRange
from wattbook.ids import unpack_account, unpack_market
from wattbook.orders import Kind, Order, Side, unpack_order
from wattbook.units import check_order_energy, check_price, parse_order_energy, parse_price

KINDS = {
    "limit": Kind.LIMIT,
    "immediateOrCancel": Kind.IMMEDIATE_OR_CANCEL,
    "fillOrKill": Kind.FILL_OR_KILL,
    "postOnly": Kind.POST_ONLY,
}
SIDES = {"bid": Side.BID, "offer": Side.OFFER}


async def next_nonce(ctx: Context, account: int) -> int:
    """Above what the chain has seen and what waits in the relay."""
    on_chain = await ctx.contracts.read("PaymentVault", "nextNonce", account)
    waiting = ctx.queue.highest_nonce(account)
    return max(int(on_chain), 0 if waiting is None else waiting + 1)


def build_order(ctx: Context, wish: OrderWish, nonce: int) -> tuple[Order, dict[str, object]]:
    """The order and its summary. Raises MarketUnknown and what amounts raise."""
    place = unpack_market(wish.market)
    home = unpack_account(wish.account).area
    with ctx.index() as connection:
        schedule = Schedule(connection)
        terms, own = schedule.at(*place), schedule.at(home, place.carrier, place.period)
        network = network_fee(connection, home, wish.market)
    if terms is None or own is None:
        raise MarketUnknown(market=wish.market)
    side = SIDES[wish.side]
    fee = network + (terms.levy_sell_ticks if side == Side.OFFER else terms.levy_buy_ticks)
    gate = ctx.calendar.gate_at(place.period)
    order = Order(
        account=wish.account,
        area=place.area,
        carrier=place.carrier,
        period=place.period,
        side=side,
        kind=KINDS[wish.kind],
        rest_remainder=False,
        price_ticks=_wished_price(wish),
        energy_wh=_wished_energy(wish),
        max_fee_ticks=fee,
        nonce=nonce,
        valid_until=gate if wish.valid_until is None else wish.valid_until,
    )
    return order, _summary(order, fee, own.retail_ticks)


def _summary(order: Order, fee: int, retail: int) -> dict[str, object]:
    limit = order.price_ticks
    each = max(retail - limit, 0) if order.is_offer else limit
    return {
        "side": "offer" if order.is_offer else "bid",
        **energy("energy", order.energy_wh),
        **price("limit", limit),
        **price("fee", fee),
        **price("book_price", limit + fee if order.is_offer else max(limit - fee, 0)),
        **money("lock", order.energy_wh * each),
        "nonce": order.nonce,
        "valid_until": order.valid_until,
    }


def _wished_energy(wish: OrderWish) -> int:
    kwh, wh = _one_of("energyKwh", wish.energy_kwh, "energyWh", wish.energy_wh)
    return parse_order_energy(kwh) if kwh is not None else check_order_energy(whole(wh, "energyWh"))


def _wished_price(wish: OrderWish) -> int:
    per_kwh, ticks = _one_of("pricePerKwh", wish.price_per_kwh, "priceTicks", wish.price_ticks)
    return parse_price(per_kwh) if per_kwh is not None else check_price(whole(ticks, "priceTicks"))


def _one_of(a: str, first: str | None, b: str, second: str | None) -> tuple[str | None, str | None]:
    if (first is None) == (second is None):
        raise RequestInvalid(reason=f"give either {a} or {b}")
    return first, second


def whole(text: str | None, name: str) -> int:
    """Decimal digits as an integer. Raises RequestInvalid."""
    if text is None or not text.isdecimal() or not text.isascii() or len(text) > 30:
        raise RequestInvalid(reason=f"{name} is a whole number, written as text")
    return int(text)


def read_order(word: str) -> Order:
    """An order word that names accounts and markets that can be. Raises OrderWordMalformed."""
    try:
        order = unpack_order(int(word, 16))
        unpack_account(order.account)
    except IdOutOfRange:
        raise OrderWordMalformed() from None
    if order.kind not in KINDS.values():
        raise OrderWordMalformed()
    check_order_energy(order.energy_wh)
    check_price(order.price_ticks)
    return order
