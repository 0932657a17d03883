# SPDX-License-Identifier: MIT
"""Checks a finished demo from outside: the node's RPC, addresses, ABI files, the simulators' ledger, the
statements.

Run as `python scripts/demo/check --rpc URL --addresses FILE --abi FOLDER --ledger FILE --statements FOLDER
--first PERIOD --last PERIOD`. It imports
nothing of Wattbook. Prints the findings as JSON; exit status 1 if any check fails.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import checks
import market
from day import BACKSTOP, FEES, Day
from evidence import Chain
from findings import Finding


def main() -> int:
    options = read_options()
    deployment = json.loads(options.addresses.read_text())
    addresses = {name: each["address"] for name, each in deployment["contracts"].items()}
    periods = range(options.first, options.last + 1)
    ledger = read_ledger(options.ledger, periods)
    chain = Chain(options.rpc, addresses, options.abi, deployment["deployedAtBlock"])
    day = Day(chain, list(periods))
    findings = list(all_checks(day, ledger, options.statements))
    json.dump([finding.as_json() for finding in findings], sys.stdout, indent=1)
    return 0 if all(finding.ok for finding in findings) else 1


def all_checks(day: Day, ledger: checks.Ledger, statements: Path) -> Iterator[Finding]:
    unit = day.chain.call("PaymentVault", "cashUnitsPerTokenUnit")
    accounts = sorted(set(day.members) | {a >> 16 << 16 | n for a in day.members for n in (BACKSTOP, FEES)})
    keys = [(account,) for account in accounts]
    balances = dict(zip(accounts, day.chain.calls("PaymentVault", "balanceOf", keys), strict=True))
    debts = dict(zip(accounts, day.chain.calls("PaymentVault", "debtOf", keys), strict=True))
    yield checks.metered_equals_ledger(day, ledger)
    yield checks.metered_day_equals_ledger(day, ledger)
    yield checks.everyone_is_settled(day)
    yield checks.bought_equals_sold(day)
    yield checks.each_cash_is_right(day, balances, debts, unit)
    yield checks.cash_sums_to_zero(day, balances, unit)
    yield checks.vault_covers_everything(day, unit)
    yield checks.certificates_are_covered(day)
    yield checks.statements_add_up(day, statements)
    yield market.members_trade(day)
    yield market.matchable_is_traded(day, ledger)
    yield market.every_fate_occurs(day)


def read_ledger(path: Path, periods: range) -> checks.Ledger:
    """JSON lines of the simulators: point, period, importWh, exportWh."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return {
        (e["point"], e["period"]): (e["importWh"], e["exportWh"]) for e in lines if e["period"] in periods
    }


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="check", description=__doc__)
    parser.add_argument("--rpc", required=True)
    for name in ("addresses", "abi", "ledger", "statements"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in ("first", "last"):
        parser.add_argument(f"--{name}", type=int, required=True, help="period of the day")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
