# SPDX-License-Identifier: MIT
"""What a chain holds of a deployment, read at one block: code, connections, venues, terms, roles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scripts.inspection.access import Access, AccessReader
from wattbook.chain.blocks import Header
from wattbook.chain.contracts import Contracts
from wattbook.deployments import hash_code
from wattbook.ids import Carrier

# Where venues are granted, and the view that says so.
GRANTORS = ("PaymentVault", "Settlement", "GridOversight")
# contract, view, the contract whose address it must answer
CONNECTIONS = (
    ("PaymentVault", "token", "TestEuro"),
    ("MeterReadings", "settlement", "Settlement"),
    ("MeterReadings", "disputes", "Disputes"),
    ("EnergyToken", "minter", "Settlement"),
)


@dataclass(frozen=True, order=True)
class Grant:
    """A venue's right in one contract; `may_charge` in the vault only."""

    venue: str
    contract: str
    may_charge: bool = False


@dataclass(frozen=True, order=True)
class TermsEntry:
    """What an area charges from a period on. `in_force` for the entry of the present period."""

    area: int
    carrier: str
    from_period: int
    starts_at: int
    in_force: bool
    terms: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class State:
    block: int
    time: int
    chain_id: int
    codes: dict[str, str | None]  # contract → hash of the code there, None where there is none
    managers: dict[str, str]  # contract → its AccessManager
    connections: dict[str, str]  # "PaymentVault.token" → address
    token: tuple[str, int]  # symbol and decimals
    calendars: dict[str, dict[str, int]]
    authority: str  # signs admissions
    areas: tuple[int, ...]
    access: Access
    grants: tuple[Grant, ...]
    terms: tuple[TermsEntry, ...]


async def read_codes(contracts: Contracts) -> dict[str, str | None]:
    """Raises ChainUnreachable."""
    found: dict[str, str | None] = {}
    for name, contract in contracts.deployment.contracts.items():
        code = await contracts.client.code(contract.address)
        found[name] = hash_code(code) if code else None
    return found


async def read_state(contracts: Contracts, codes: dict[str, str | None]) -> State:
    """Everything at the present head. Raises ChainUnreachable, BlockGone."""
    head = await contracts.client.head()
    managed = _having(contracts, "authority")
    timed = _having(contracts, "calendar")
    managers = await contracts.read_many([(name, "authority", ()) for name in managed], at=head)
    calendars = await contracts.read_many([(name, "calendar", ()) for name in timed], at=head)
    links = await contracts.read_many([(name, view, ()) for name, view, _ in CONNECTIONS], at=head)
    token = await contracts.read_many([("TestEuro", view, ()) for view in ("symbol", "decimals")], at=head)
    return State(
        block=head.number,
        time=head.timestamp,
        chain_id=await contracts.client.chain_id(),
        codes=codes,
        managers=dict(zip(managed, managers, strict=True)),
        connections={f"{c}.{v}": link for (c, v, _), link in zip(CONNECTIONS, links, strict=True)},
        token=tuple(token),
        calendars=dict(zip(timed, calendars, strict=True)),
        authority=await contracts.read("Registry", "authority712", at=head),
        areas=tuple(await contracts.read("Registry", "areas", at=head)),
        access=await AccessReader(contracts, head).read(),
        grants=await _grants(contracts, head),
        terms=await _terms(contracts, head),
    )


def _having(contracts: Contracts, view: str) -> list[str]:
    return [name for name in contracts.deployment.contracts if view in contracts.abi(name).functions]


async def _arguments(contracts: Contracts, head: Header, contract: str, event: str) -> list[Any]:
    found = await contracts.history(contract, event, last=head.number)
    return [each.arguments for each in found]


async def _grants(contracts: Contracts, head: Header) -> tuple[Grant, ...]:
    found: list[Grant] = []
    for contract in GRANTORS:
        events = await _arguments(contracts, head, contract, "VenueGranted")
        for venue in sorted({event["venue"] for event in events}):
            found += await _grant(contracts, head, contract, venue)
    return tuple(sorted(found))


async def _grant(contracts: Contracts, head: Header, contract: str, venue: str) -> list[Grant]:
    if contract != "PaymentVault":
        return [Grant(venue, contract)] if await contracts.read(contract, "isVenue", venue, at=head) else []
    granted, may_charge = await contracts.read(contract, "venueRights", venue, at=head)
    return [Grant(venue, contract, may_charge)] if granted else []


async def _terms(contracts: Contracts, head: Header) -> tuple[TermsEntry, ...]:
    """The entry in force and all later ones, of each area and carrier."""
    events = await _arguments(contracts, head, "GridOversight", "TermsScheduled")
    series: dict[tuple[int, int], list[int]] = {}
    for event in events:
        periods = series.setdefault((event["area"], event["carrier"]), [])
        if event["fromPeriod"] not in periods:
            periods.append(event["fromPeriod"])
    found: list[TermsEntry] = []
    for (area, carrier), periods in sorted(series.items()):
        found += await _entries(contracts, head, area, carrier, sorted(periods))
    return tuple(found)


async def _entries(
    contracts: Contracts, head: Header, area: int, carrier: int, periods: Sequence[int]
) -> list[TermsEntry]:
    calendar = contracts.deployment.calendar
    now = calendar.period_of(head.timestamp)
    begun = max((period for period in periods if period <= now), default=None)
    shown = [period for period in periods if begun is None or period >= begun]
    reads = [("GridOversight", "termsOf", (area, carrier, period)) for period in shown]
    answers = await contracts.read_many(reads, at=head)
    return [
        TermsEntry(
            area=area,
            carrier=Carrier(carrier).name.lower(),
            from_period=period,
            starts_at=calendar.starts_at(period),
            in_force=period == begun,
            terms=tuple(terms.items()),
        )
        for period, terms in zip(shown, answers, strict=True)
    ]
