# SPDX-License-Identifier: MIT
"""The design's rules, calculated the slow and direct way, from its text alone: orders.

It knows nothing of the contracts' layouts nor of `wattbook.model`: a book is a list of orders that is
searched from end to end, a refused order is tried on a copy. Energies are Wh, prices ticks, money cash units.
Only what make_day.py needs: one carrier, and every order in one trading window. direct_money.py and
direct_readings.py go on from there.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

LIMIT, IMMEDIATE, FILL_OR_KILL, POST_ONLY = 0, 1, 2, 3
SMALLEST_WH = 10
HIGHEST_TICKS = 57_599


class Refused(Exception):
    """An order or a cancellation that the rules don't let in."""


@dataclass
class Resting:
    """An order in a book. `number` counts those that came to rest at its price, from 0."""

    account: str
    is_offer: bool
    tick: int
    number: int
    limit: int
    left_wh: int
    fee: int
    lock_a_wh: int


@dataclass
class Trading:
    """What an account has traded in one period, in all markets."""

    sold_wh: int = 0
    bought_wh: int = 0
    received: int = 0
    paid: int = 0
    locked: int = 0


@dataclass
class World:
    """`terms(area, period)` → retail, feedIn, levyBuy, levySell; `fee` and `capacity` by (from, to)."""

    home: dict[str, str]
    terms: Any
    fee: dict[tuple[str, str], int]
    capacity: dict[tuple[str, str], int]
    balance: dict[str, int]
    books: dict[tuple[str, int], list[Resting]] = field(default_factory=dict)
    rested: dict[tuple[str, int, int], int] = field(default_factory=dict)  # (area, period, tick) → how many
    reserved: dict[tuple[str, str, int], int] = field(default_factory=dict)
    traded: dict[tuple[str, int], Trading] = field(default_factory=dict)
    fees: dict[tuple[str, int], int] = field(default_factory=dict)
    debt: dict[str, int] = field(default_factory=dict)
    backstop: dict[tuple[str, int], int] = field(default_factory=dict)  # what imbalance brought it


# --- orders ----------------------------------------------------------------------------------------------


def place(world: World, area: str, period: int, order: dict[str, Any]) -> dict[str, Any]:
    """Enters an order of `account`: what it traded, where its rest is. A refused one changes nothing."""
    trial = deepcopy(_part(world, area, period))
    try:
        done = _place(trial, area, period, order)
    except Refused as refusal:
        return {"refused": str(refusal)}
    _put_back(world, trial, area, period)
    return done


def _part(world: World, area: str, period: int) -> World:
    """The world with nothing of the markets that an order of this one can't touch."""
    return World(
        world.home,
        world.terms,
        world.fee,
        world.capacity,
        world.balance,
        {(area, period): world.books.get((area, period), [])},
        {key: value for key, value in world.rested.items() if key[:2] == (area, period)},
        {key: value for key, value in world.reserved.items() if key[2] == period},
        {key: value for key, value in world.traded.items() if key[1] == period},
        {key: value for key, value in world.fees.items() if key[1] == period},
    )


def _put_back(world: World, part: World, area: str, period: int) -> None:
    world.balance = part.balance
    for name in ("books", "rested", "reserved", "traded", "fees"):
        getattr(world, name).update(getattr(part, name))


def _place(world: World, area: str, period: int, order: dict[str, Any]) -> dict[str, Any]:
    account, is_offer, limit = order["account"], order["isOffer"], order["limit"]
    terms, home = world.terms(area, period), world.home[account]
    fee = terms["levySell"] if is_offer else terms["levyBuy"]
    if home != area:
        fee += world.fee[home, area]
    retail = world.terms(home, period)["retail"]
    tick = _entered_at(is_offer, limit, fee, retail)
    if fee > order["maxFee"]:
        raise Refused("FeeTooHigh")
    book = world.books[area, period]
    for mine in [one for one in book if one.account == account and one.is_offer != is_offer]:
        if mine.tick >= tick if is_offer else mine.tick <= tick:
            _take_out(world, area, period, mine)
    left_wh, value = order["energyWh"], 0
    _reserve(world, area, period, home, is_offer, left_wh)
    if order["kind"] == POST_ONLY and _best(book, is_offer, tick) is not None:
        raise Refused("WouldTrade")
    while left_wh and (other := _best(book, is_offer, tick)) is not None:
        energy_wh = min(left_wh, other.left_wh)
        left_wh, value = left_wh - energy_wh, value + energy_wh * other.tick
        _fill_resting(world, area, period, other, energy_wh)
    if order["kind"] == FILL_OR_KILL and left_wh:
        raise Refused("NotFilled")
    traded_wh = order["energyWh"] - left_wh
    lock_a_wh = max(retail - limit, 0) if is_offer else limit
    _fill_taking(world, area, period, order, traded_wh, value, fee, lock_a_wh)
    rest = None
    if order["kind"] in (LIMIT, POST_ONLY) and left_wh >= SMALLEST_WH:
        number = world.rested.get((area, period, tick), 0)
        world.rested[area, period, tick] = number + 1
        rest = Resting(account, is_offer, tick, number, limit, left_wh, fee, lock_a_wh)
        book.append(rest)
        _lock(world, account, left_wh * lock_a_wh)
    else:
        _reserve(world, area, period, home, is_offer, -left_wh)
    return {
        "tradedWh": traded_wh,
        "value": value,
        "restWh": rest.left_wh if rest else 0,
        "tick": tick if rest else 0,
        "number": rest.number if rest else 0,
    }


def _entered_at(is_offer: bool, limit: int, fee: int, retail: int) -> int:
    """The fee is part of the owner's limit before sorting."""
    if is_offer:
        if limit + fee > HIGHEST_TICKS:
            raise Refused("PriceOutOfRange")
        return limit + fee
    if limit > retail:
        raise Refused("PriceAboveRetail")
    if fee > limit:
        raise Refused("FeeAbovePrice")
    return limit - fee


def _best(book: list[Resting], is_offer: bool, tick: int) -> Resting | None:
    """The opposite order that an order at `tick` meets first: best price, then oldest."""
    found = None
    for one in book:
        reaches = one.is_offer != is_offer and (one.tick >= tick if is_offer else one.tick <= tick)
        if not reaches or not one.left_wh:
            continue
        if found is None or (one.tick > found.tick if is_offer else one.tick < found.tick):
            found = one
    return found


def _fill_resting(world: World, area: str, period: int, one: Resting, energy_wh: int) -> None:
    """A resting order trades at its own price; what it had locked becomes its position's."""
    one.left_wh -= energy_wh
    mine = world.traded.setdefault((one.account, period), Trading())
    if one.is_offer:
        mine.sold_wh += energy_wh
        mine.received += energy_wh * (one.tick - one.fee)
        mine.locked += energy_wh * one.lock_a_wh
    else:
        mine.bought_wh += energy_wh
        mine.paid += energy_wh * (one.tick + one.fee)
    world.fees[area, period] = world.fees.get((area, period), 0) + energy_wh * one.fee


def _fill_taking(
    world: World,
    area: str,
    period: int,
    order: dict[str, Any],
    energy_wh: int,
    value: int,
    fee: int,
    lock_a_wh: int,
) -> None:
    mine = world.traded.setdefault((order["account"], period), Trading())
    if order["isOffer"]:
        mine.sold_wh += energy_wh
        mine.received += value - energy_wh * fee
        mine.locked += energy_wh * lock_a_wh
        _lock(world, order["account"], energy_wh * lock_a_wh)
    else:
        mine.bought_wh += energy_wh
        mine.paid += value + energy_wh * fee
        _lock(world, order["account"], value + energy_wh * fee)
    world.fees[area, period] = world.fees.get((area, period), 0) + energy_wh * fee


def _lock(world: World, account: str, cash: int) -> None:
    if cash > world.balance[account]:
        raise Refused("InsufficientBalance")
    world.balance[account] -= cash


def _reserve(world: World, area: str, period: int, home: str, is_offer: bool, energy_wh: int) -> None:
    """An order of another area's account takes capacity in the direction of flow, all of it at entry."""
    if home == area:
        return
    way = (home, area) if is_offer else (area, home)
    wanted = world.reserved.get((*way, period), 0) + energy_wh
    if wanted > world.capacity[way]:
        raise Refused("CapacityExceeded")
    world.reserved[*way, period] = wanted


def _take_out(world: World, area: str, period: int, one: Resting) -> None:
    """A rest goes back to its owner; what it traded stays."""
    _reserve(world, area, period, world.home[one.account], one.is_offer, -one.left_wh)
    world.balance[one.account] += one.left_wh * one.lock_a_wh
    world.books[area, period].remove(one)


def cancel(world: World, area: str, period: int, tick: int, number: int) -> dict[str, Any]:
    """Cancels what rests there; returns its Wh."""
    for one in world.books.get((area, period), []):
        if (one.tick, one.number) == (tick, number) and one.left_wh:
            _take_out(world, area, period, one)
            return {"restWh": one.left_wh}
    return {"refused": "OrderNotLive"}


def close_books(world: World) -> None:
    """From the gate on unfilled rests return to their owners."""
    for (area, period), book in world.books.items():
        for one in list(book):
            _take_out(world, area, period, one)
