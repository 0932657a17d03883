# SPDX-License-Identifier: MIT
"""`wattbook statement`: what each period came to, read from the contracts alone."""

import csv
import sys
from typing import Annotated, Any

import typer

from wattbook import ids
from wattbook.cli.choices import CarrierName, CarrierOption, carrier_of, ended_period_in, period_in, when
from wattbook.cli.options import reads
from wattbook.cli.session import Chain, Session, owner_of
from wattbook.metered import unpack_metered
from wattbook.units import format_cash, format_energy

LAST_PERIODS = 96


@reads
async def statement(
    session: Session,
    account: Annotated[int, typer.Argument(help="The account.")],
    first: Annotated[str | None, typer.Option("--from", help="First period: index or UTC time.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last period: index or UTC time.")] = None,
    carrier: CarrierOption = CarrierName.electricity,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV in Wh and cash units.")] = False,
) -> None:
    """Metered, traded and paid, period by period; by default the last 96 that are over.

    What a correction still brings, once it is settled, stands apart. A residual, energy known too late for
    corrections, has a row of its own at its last period.
    """
    async with session.chain() as chain:
        await owner_of(chain, account)
        end = await ended_period_in(chain, last)
        start = await period_in(chain, first) if first else end - LAST_PERIODS + 1
        periods = range(start, end + 1)
        found = [await row(chain, account, carrier_of(carrier), period) for period in periods]
        found += await residuals(chain, account, carrier_of(carrier), periods)
    rows = sorted((each for each in found if each is not None), key=lambda each: each["period"])
    if as_csv:
        writer = csv.DictWriter(
            sys.stdout, fieldnames=list(rows[0]) if rows else ["period"], lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(rows)
        return
    session.show(
        rows if session.as_json else [readable(each) for each in rows], f"Statement of account {account}"
    )


async def row(chain: Chain, account: int, carrier: int, period: int) -> dict[str, Any] | None:
    """One period in Wh and cash units; the cash is None until the account has settled.

    None for a period before the area's first terms: nothing could be traded or settled in it.
    """
    area, number = ids.unpack_account(account)
    wanted = [
        ("Settlement", "position", (account, carrier, period)),
        ("MeterReadings", "metered", (area, carrier, period, number, 1)),
        ("GridOversight", "termsOf", (area, carrier, period)),
        ("Settlement", "correctionOf", (account, carrier, period)),
    ]
    try:
        position, [word], terms, correction = await chain.contracts.read_many(wanted)
    except chain.contracts.refusals.by_name("NoTerms"):
        return None
    metered, settled = unpack_metered(word), position["settled"]
    contracted = position["soldWh"] - position["boughtWh"]
    net = metered.export_wh - metered.import_wh
    paid_for = correction["settledExportWh"] - correction["settledImportWh"] if correction["noted"] else net
    value = at_tariff(paid_for - contracted, terms)
    return {
        "kind": "period",
        "period": period,
        "startsAt": chain.deployment.calendar.starts_at(period),
        "settled": settled,
        "importWh": metered.import_wh,
        "exportWh": metered.export_wh,
        "boughtWh": position["boughtWh"],
        "soldWh": position["soldWh"],
        "imbalanceWh": net - contracted if settled else None,
        "cashUnits": position["received"] - position["paid"] + value if settled else None,
        "unsettledUnits": at_tariff(net - contracted, terms) - value if settled else None,
    }


def at_tariff(imbalance_wh: int, terms: dict[str, int]) -> int:
    """Cash units of an imbalance: surplus at feed-in, shortage at retail."""
    return imbalance_wh * (terms["feedInTicks"] if imbalance_wh >= 0 else terms["retailTicks"])


async def residuals(chain: Chain, account: int, carrier: int, periods: range) -> list[dict[str, Any] | None]:
    """The account's residuals whose last period is among these; the cash is None until they are settled."""
    events = await chain.contracts.history("Settlement", "ResidualBooked", "ResidualSettled")
    settled = {
        e.arguments["id"]: e.arguments["payout"] - e.arguments["debtAdded"]
        for e in events
        if e.name == "ResidualSettled"
    }
    booked = [e.arguments for e in events if e.name == "ResidualBooked"]
    return [
        residual_row(chain, each, settled.get(each["id"]))
        for each in booked
        if (each["account"], each["carrier"]) == (account, carrier) and each["lastPeriod"] in periods
    ]


def residual_row(chain: Chain, booked: dict[str, int], cash: int | None) -> dict[str, Any]:
    return {
        "kind": "residual",
        "period": booked["lastPeriod"],
        "startsAt": chain.deployment.calendar.starts_at(booked["firstPeriod"]),
        "settled": cash is not None,
        "importWh": booked["importWh"],
        "exportWh": booked["exportWh"],
        "boughtWh": 0,
        "soldWh": 0,
        "imbalanceWh": booked["exportWh"] - booked["importWh"],
        "cashUnits": cash,
        "unsettledUnits": None,
    }


def readable(each: dict[str, Any]) -> dict[str, Any]:
    energy = {
        f"{name} kWh": None if each[f"{name}Wh"] is None else format_energy(each[f"{name}Wh"])
        for name in ("import", "export", "bought", "sold", "imbalance")
    }
    cash = None if each["cashUnits"] is None else format_cash(each["cashUnits"])
    waiting = format_cash(each["unsettledUnits"]) if each["unsettledUnits"] else None
    since = "" if each["kind"] == "period" else ", residual"
    return {"period": when(each["startsAt"]) + since, **energy, "cash": cash, "not settled yet": waiting}
