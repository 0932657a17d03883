# SPDX-License-Identifier: MIT
"""`wattbook order …`: place and cancel orders with one's own key, straight on the chain."""

from typing import Annotated, Any

import typer

from wattbook import ids
from wattbook.cli.choices import (
    CarrierName,
    CarrierOption,
    OwnAccount,
    PeriodOption,
    SideName,
    WantedPeriod,
    carrier_of,
    period_in,
)
from wattbook.cli.options import reads, signs
from wattbook.cli.session import Chain, Session, SigningChain, SigningSession, owner_of
from wattbook.errors import CancelUnclear
from wattbook.orders import Kind, Order, Side, pack_order, unpack_placed
from wattbook.units import format_cash, parse_order_energy, parse_price

MAX_TOUCHES = 200
ANY_FEE = 0xFFFF
# Orders that one call cancels: it stays below a command's gas.
CANCELS = 32

app = typer.Typer(help="Place and cancel orders with your own key.", no_args_is_help=True)


@app.command()
@signs
async def place(
    session: SigningSession,
    side: SideName,
    kwh: Annotated[str, typer.Argument(help="Energy in kWh, such as 1.5")],
    price: Annotated[str, typer.Argument(help="Your limit per kWh, fees included, such as 0.21")],
    account: OwnAccount,
    period: PeriodOption = None,
    carrier: CarrierOption = CarrierName.electricity,
    immediate: Annotated[
        bool, typer.Option("--immediate", help="Trade at once or not at all; nothing rests.")
    ] = False,
) -> None:
    """Buys or sells energy of one delivery period; by default the next."""
    energy_wh, price_ticks = parse_order_energy(kwh), parse_price(price)
    async with session.signing() as chain:
        wanted = await period_in(chain, period)
        order = Order(
            account=account,
            area=ids.unpack_account(account).area,
            carrier=carrier_of(carrier),
            period=wanted,
            side=Side.OFFER if side is SideName.sell else Side.BID,
            kind=Kind.IMMEDIATE_OR_CANCEL if immediate else Kind.LIMIT,
            rest_remainder=False,
            price_ticks=price_ticks,
            energy_wh=energy_wh,
            max_fee_ticks=ANY_FEE,
            nonce=0,
            valid_until=0,
        )
        own = await own_opposite(chain, order)
        done = await chain.send("OrderBook", "placeOrder", pack_order(order), own, MAX_TOUCHES)
        became = await outcome(chain, order, done["block"])
    session.show({"account": account, "period": wanted, **done, **became}, "order")


@app.command()
@signs
async def cancel(
    session: SigningSession,
    period: WantedPeriod,
    ref: Annotated[
        int | None, typer.Argument(help="Where the order rests: `order place` and `order list` say it.")
    ] = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="All that rests of --account in the market, in as many calls as needed."),
    ] = False,
    account: Annotated[int | None, typer.Option(help="Your account, with --all.")] = None,
    area: Annotated[
        int | None, typer.Option("--area", help="The grid area; with --all, your account's own by default.")
    ] = None,
    carrier: CarrierOption = CarrierName.electricity,
) -> None:
    """Cancels what still rests of an order, or of all orders of an account in a market."""
    if everything != (ref is None) or everything != (account is not None):
        raise CancelUnclear()
    async with session.signing() as chain:
        wanted = await period_in(chain, period)
        home = 0 if account is None else ids.unpack_account(account).area
        market = ids.pack_market(home if area is None else area, carrier_of(carrier), wanted)
        if account is None:
            done = await chain.send("OrderBook", "cancelOrder", market, ref)
        else:
            done = await cancel_all(chain, account, market)
    session.show(done, "cancelled")


@app.command("cancel-up-to")
@signs
async def cancel_up_to(
    session: SigningSession,
    nonce: Annotated[int, typer.Argument(help="Signed orders up to this nonce can't be placed any more.")],
    account: OwnAccount,
) -> None:
    """Cancels signed orders that are not placed yet, in all venues at once."""
    async with session.signing() as chain:
        session.show(await chain.send("PaymentVault", "cancelUpTo", account, nonce), "cancelled")


@app.command("list")
@reads
async def list_orders(
    session: Session,
    account: OwnAccount,
    period: PeriodOption = None,
    carrier: CarrierOption = CarrierName.electricity,
) -> None:
    """The account's orders that rest in one market."""
    async with session.chain() as chain:
        await owner_of(chain, account)
        wanted = await period_in(chain, period)
        market = ids.pack_market(ids.unpack_account(account).area, carrier_of(carrier), wanted)
        found = await own_entries(chain, account, market)
    session.show([describe(ref, entry) for ref, entry in found], "resting orders")


async def own_entries(chain: Chain, account: int, market: int) -> list[tuple[int, dict[str, Any]]]:
    """(ref, entry) of the account's entries that aren't collected, by rising ref."""
    events = await chain.contracts.history("OrderBook", "OrderPlaced")
    placed = [unpack_placed(event.arguments["placed"]) for event in events]
    mine = [it for it in placed if (it.account, it.market) == (account, market)]
    refs = sorted({it.ref for it in mine if it.ref is not None})
    entries = await chain.contracts.read_many([("OrderBook", "entry", (market, ref)) for ref in refs])
    return [(ref, entry) for ref, entry in zip(refs, entries, strict=True) if entry["account"] == account]


async def cancel_all(chain: SigningChain, account: int, market: int) -> dict[str, Any]:
    """Page by page; what is filled meanwhile is passed over. Nothing is sent if nothing rests."""
    await owner_of(chain, account)
    live = [ref for ref, entry in await own_entries(chain, account, market) if entry["live"]]
    pages = [live[first : first + CANCELS] for first in range(0, len(live), CANCELS)]
    done = [await chain.send("OrderBook", "cancelAll", account, market, page) for page in pages]
    return {
        "refs": live,
        "transactions": [each["transaction"] for each in done],
        "gasUsed": sum(each["gasUsed"] for each in done),
    }


async def own_opposite(chain: Chain, order: Order) -> list[int]:
    """Own entries of the other side: the book cancels those that the order would meet."""
    market = ids.pack_market(order.area, order.carrier, order.period)
    entries = await own_entries(chain, order.account, market)
    return [ref for ref, entry in entries if entry["isOffer"] != (order.side is Side.OFFER)]


async def outcome(chain: Chain, order: Order, block: int) -> dict[str, Any]:
    """What became of the order in its block: traded energy and value, and where the rest lies."""
    traded_wh, value = 0, 0
    for event in await chain.contracts.events(block, block, ["OrderBook"]):
        fields = event.arguments
        if event.name == "LevelTaken":
            traded_wh, value = traded_wh + fields["energyWh"], value + fields["energyWh"] * fields["tick"]
        elif event.name == "OrderPlaced":
            placed = unpack_placed(fields["placed"])
            if placed.word == pack_order(order):
                rest = {"restWh": placed.rest_wh, "ref": placed.ref}
                return {"tradedWh": traded_wh, "value": format_cash(value), **rest}
            traded_wh, value = 0, 0
    return {}


def describe(ref: int, entry: dict[str, Any]) -> dict[str, Any]:
    side = "sell" if entry["isOffer"] else "buy"
    return {
        "ref": ref,
        "side": side,
        "energyWh": entry["energyWh"],
        "filledWh": entry["filledWh"],
        "live": entry["live"],
    }
