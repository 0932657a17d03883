# SPDX-License-Identifier: MIT
"""The checks. Each compares two things that came by different ways."""

import csv
from collections import defaultdict
from pathlib import Path

from day import BACKSTOP, FEES, Day
from findings import Finding

Ledger = dict[tuple[int, int], tuple[int, int]]  # (point, period) → (import, export) in Wh


def metered_equals_ledger(day: Day, ledger: Ledger) -> Finding:
    it = Finding(
        "metered energy, each point and period",
        "MeterReadings.energyOf with the simulators' ledger, within the register's resolution",
    )
    for (point, period), true in ledger.items():
        known, *seen = day.energy.get((point, period), (False, 0, 0))
        allowed = tolerance(day.points[point].resolution_wh)
        near = known and all(abs(a - b) <= allowed for a, b in zip(seen, true, strict=True))
        it.expect(near, f"point {point}, period {period}: chain {seen}, ledger {list(true)}")
    return it


def metered_day_equals_ledger(day: Day, ledger: Ledger) -> Finding:
    it = Finding(
        "metered energy, each point over the whole day",
        "Σ MeterReadings.energyOf with Σ of the simulators' ledger: no drift",
    )
    for point, data in day.points.items():
        true = [sum(ledger[point, period][side] for period in day.periods) for side in (0, 1)]
        seen = [sum(day.energy[point, period][1 + side] for period in day.periods) for side in (0, 1)]
        allowed = tolerance(data.resolution_wh)
        near = all(abs(a - b) <= allowed for a, b in zip(seen, true, strict=True))
        it.expect(near, f"point {point}: chain {seen}, ledger {true}")
    return it


def tolerance(resolution_wh: int) -> int:
    """A register that resolves 1 Wh is exact; a coarser one may be off by less than a step."""
    return 0 if resolution_wh <= 1 else resolution_wh


def everyone_is_settled(day: Day) -> Finding:
    it = Finding(
        "settled = metered", "PageSettled's energy with Σ MeterReadings.energyOf over the account's points"
    )
    for account in day.members:
        for period in day.periods:
            settled = day.settled.get((account, period))
            seen = (settled.import_wh, settled.export_wh) if settled else "not settled"
            it.equal(f"account {account}, period {period}", seen, day.metered(account, period))
    return it


def bought_equals_sold(day: Day) -> Finding:
    it = Finding("bought = sold", "Σ bought with Σ sold of PositionsBooked, in each market")
    for period in day.periods:
        fills = [fill for (_, when), fill in day.fills.items() if when == period]
        it.equal(f"period {period}", sum(f.bought for f in fills), sum(f.sold for f in fills))
    return it


def each_cash_is_right(day: Day, balances: dict[int, int], debts: dict[int, int], unit: int) -> Finding:
    it = Finding(
        "cash of each member, backstop and fee account",
        "PaymentVault.balanceOf − debtOf with deposits + cash recomputed from fills, readings and terms",
    )
    expected = expected_cash(day)
    for account in balances:
        should = day.deposits[account] * unit + expected[account]
        it.equal(f"account {account}, cash units", balances[account] - debts[account], should)
    return it


def expected_cash(day: Day) -> dict[int, int]:
    """Cash of the whole day by account, backstop and fee account of each area included."""
    cash: dict[int, int] = defaultdict(int)
    for account in day.members:
        area = account >> 16 << 16
        for period in day.periods:
            own, imbalance = day.cash(account, period)
            fills, terms = day.fills[account, period], day.terms[account >> 16, period]
            cash[account] += own
            cash[area | BACKSTOP] -= imbalance
            cash[area | FEES] += fills.bought * terms.levy_buy + fills.sold * terms.levy_sell
    return cash


def cash_sums_to_zero(day: Day, balances: dict[int, int], unit: int) -> Finding:
    it = Finding(
        "cash sums to 0", "Σ PaymentVault.balanceOf with Σ deposits − withdrawals, over all accounts"
    )
    it.equal("cash units", sum(balances.values()), sum(day.deposits.values()) * unit)
    return it


def vault_covers_everything(day: Day, unit: int) -> Finding:
    it = Finding("the vault's tokens", "token.balanceOf(vault) with PaymentVault's balances and pots")
    vault = day.chain.addresses["PaymentVault"]
    held = day.chain.call("TestEuro", "balanceOf", vault) * unit
    entrusted, _ = day.chain.call("PaymentVault", "totals")
    it.expect(held >= entrusted, f"cash units: {held} held, {entrusted} entrusted")
    return it


def certificates_are_covered(day: Day) -> Finding:
    it = Finding(
        "certificates", "EnergyToken.totalSupply with Σ deliverable export, in each market; some were minted"
    )
    minted = 0
    for area in sorted({account >> 16 for account in day.members}):
        markets = [(area << 40 | period,) for period in day.periods]
        supplies = day.chain.calls("EnergyToken", "totalSupply", markets)
        for period, supply in zip(day.periods, supplies, strict=True):
            metered = [day.metered(account, period) for account in day.members if account >> 16 == area]
            deliverable = sum(max(0, exported - imported) for imported, exported in metered)
            it.expect(supply <= deliverable, f"period {period}: {supply} minted of {deliverable}")
            minted += supply
    it.expect(minted > 0, "no certificate was minted")
    return it


def statements_add_up(day: Day, folder: Path) -> Finding:
    it = Finding("statements", "each CSV row with the chain's figures, and its totals with its rows")
    for account in day.members:
        files = list(folder.glob(f"{account}-*.csv"))
        it.expect(len(files) == 1, f"account {account}: {len(files)} statements in {folder.name}")
        for path in files:
            with path.open(newline="") as lines:
                check_statement(day, account, list(csv.DictReader(lines)), it)
    return it


def check_statement(day: Day, account: int, lines: list[dict[str, str]], it: Finding) -> None:
    *rows, totals = lines
    it.equal(f"account {account}, rows", [int(row["period"]) for row in rows], day.periods)
    for row in rows:
        period = int(row["period"])
        fills, (imported, exported) = day.fills[account, period], day.metered(account, period)
        cash, imbalance = day.cash(account, period)
        should = {
            "importWh": imported,
            "exportWh": exported,
            "boughtWh": fills.bought,
            "soldWh": fills.sold,
            "imbalanceWh": exported - imported - fills.sold + fills.bought,
            "paidUnits": fills.paid,
            "receivedUnits": fills.received,
            "imbalanceUnits": imbalance,
            "cashUnits": cash,
        }
        for column, value in should.items():
            it.equal(f"account {account}, period {period}, {column}", row[column], str(value))
    for column in (
        "importWh",
        "exportWh",
        "boughtWh",
        "soldWh",
        "imbalanceWh",
        "cashUnits",
        "certificatesWh",
    ):
        total = sum(int(row[column]) for row in rows)
        it.equal(f"account {account}, total {column}", totals[column], str(total))
