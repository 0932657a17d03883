# SPDX-License-Identifier: MIT
"""As direct_book.py: settlement, corrections, certificates (design section 7)."""

from direct_book import Trading, World


def cash_of(world: World, account: str, period: int, import_wh: int, export_wh: int) -> tuple[int, int]:
    """(imbalance, cash): received − paid, fees included, and the imbalance at feed-in or retail."""
    traded = world.traded.get((account, period), Trading())
    terms = world.terms(world.home[account], period)
    imbalance = (export_wh - import_wh) - (traded.sold_wh - traded.bought_wh)
    price = terms["feedIn"] if imbalance >= 0 else terms["retail"]
    return imbalance, traded.received - traded.paid + imbalance * price


def settle(world: World, account: str, period: int, import_wh: int, export_wh: int) -> int:
    """Pays an account. Locks and costs have left its balance before; receipts repay its debt first."""
    traded = world.traded.get((account, period), Trading())
    _, cash = cash_of(world, account, period, import_wh, export_wh)
    due = cash + traded.paid
    area = world.home[account]
    earned = world.backstop.get((area, period), 0)
    world.backstop[area, period] = earned - (due - traded.received)
    if due >= 0:
        _receive(world, account, due)
        world.balance[account] += traded.locked
    else:
        world.balance[account] += traded.locked - min(-due, traded.locked)
        _owe(world, account, max(-due - traded.locked, 0))
    return cash


def correct(world: World, account: str, period: int, before: tuple[int, int], now: tuple[int, int]) -> int:
    """Settles the difference that other energies make."""
    _, cash = cash_of(world, account, period, *now)
    cash -= cash_of(world, account, period, *before)[1]
    area = world.home[account]
    world.backstop[area, period] -= cash
    if cash >= 0:
        _receive(world, account, cash)
    else:
        _owe(world, account, -cash)
    return cash


def _receive(world: World, account: str, cash: int) -> None:
    repaid = min(cash, world.debt.get(account, 0))
    world.debt[account] = world.debt.get(account, 0) - repaid
    world.balance[account] += cash - repaid


def _owe(world: World, account: str, cash: int) -> None:
    taken = min(cash, world.balance[account])
    world.balance[account] -= taken
    world.debt[account] = world.debt.get(account, 0) + cash - taken


def certificates(
    world: World, period: int, metered: dict[str, tuple[int, int]]
) -> list[tuple[str, str, int]]:
    """(account, area of the seller's market, Wh): what each gets of every area's pool, and its own rest."""
    contracted, deliverable = {}, {}
    for account, (import_wh, export_wh) in metered.items():
        traded = world.traded.get((account, period), Trading())
        contracted[account] = traded.sold_wh - traded.bought_wh
        deliverable[account] = max(0, export_wh - import_wh)
    areas = sorted(set(world.home.values()))
    pool = dict.fromkeys(areas, 0)
    for account, sold_wh in contracted.items():
        if sold_wh > 0:
            pool[world.home[account]] += min(sold_wh, deliverable[account])
    bought = {account: -sold_wh for account, sold_wh in contracted.items() if sold_wh < 0}
    minted = []
    for account in metered:
        own = deliverable[account] - min(max(contracted[account], 0), deliverable[account])
        for area in areas:
            share = pool[area] * bought.get(account, 0) // (sum(bought.values()) or 1)
            share += own if area == world.home[account] else 0
            if share:
                minted.append((account, area, share))
    return minted


# --- default charges -------------------------------------------------------------------------------------


def default_charges(
    sold_wh: int, bought_wh: int, metered_wh: int, agreements: list[dict[str, int]]
) -> tuple[int, list[int], list[int]]:
    """(shortfall, its share of each agreement in Wh, what each costs the seller)."""
    contracted = sold_wh - bought_wh
    shortfall = min(max(contracted - metered_wh, 0), contracted) if contracted > 0 else 0
    parts = [shortfall * each["energyWh"] // sold_wh for each in agreements]
    charges = [part * each["chargeTicks"] for part, each in zip(parts, agreements, strict=True)]
    return shortfall, parts, charges
