# SPDX-License-Identifier: MIT
"""An inspection as tables, or as one JSON object."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from scripts import plan
from scripts.inspection.differences import Difference
from scripts.inspection.state import State
from wattbook.deployments import Deployment


def as_json(state: State | None, deployment: Deployment, found: Sequence[Difference]) -> dict[str, Any]:
    """`state` is None where code was missing or changed."""
    answer: dict[str, Any] = {
        "name": deployment.name,
        "chain": deployment.chain,
        "differences": [asdict(each) for each in found],
    }
    if state is not None:
        content = asdict(state)
        content["access"]["members"] = [
            {
                **asdict(member),
                "roleName": plan.role_name(member.role),
                "name": named(deployment, member.address),
            }
            for member in state.access.members
        ]
        content["mayCall"] = {
            function: {"role": role, "holders": holders}
            for function, role, holders in duties(state, deployment)
        }
        answer["state"] = content
    return answer


def duties(state: State, deployment: Deployment) -> Iterable[tuple[str, str, list[str]]]:
    """(function, role, who holds it) of every restricted function."""
    for rule in state.access.rules:
        holders = sorted(named(deployment, address) for address in state.access.holders(rule.role))
        yield rule.function, plan.role_name(rule.role), holders


def named(deployment: Deployment, address: str) -> str:
    """What an address is called here; itself if it isn't known."""
    known = {contract.address: name for name, contract in deployment.contracts.items()}
    known |= {venue: name for name, venue in deployment.other_venues.items()}
    known |= {holder: role.replace("_", " ") for role, holder in deployment.holders.items()}
    return known.get(address, address)


def show(console: Console, state: State | None, deployment: Deployment, found: Sequence[Difference]) -> None:
    if state is not None:
        for table in tables(state, deployment):
            console.print(table)
    for difference in found:
        console.print(
            f"[red]{difference.code}[/]{str(difference).removeprefix(difference.code)}", soft_wrap=True
        )
    verdict = f"{len(found)} differences." if found else "As planned."
    console.print(f"{deployment.name} on {deployment.chain}: {verdict}")


def tables(state: State, deployment: Deployment) -> Iterable[Table]:
    yield table(
        "Contracts",
        ("contract", "address"),
        [(name, item.address) for name, item in deployment.contracts.items()],
    )
    yield table(
        "Roles",
        ("role", "held by", "since", "delay"),
        [
            (plan.role_name(m.role), named(deployment, m.address), moment(m.since), span(m.delay))
            for m in state.access.members
        ],
    )
    yield table(
        "Who may do what",
        ("function", "role", "held by"),
        [(function, role, ", ".join(holders)) for function, role, holders in duties(state, deployment)],
    )
    if state.access.operations:
        rows = [
            (each.function, named(deployment, each.caller), moment(each.at))
            for each in state.access.operations
        ]
        yield table("Scheduled calls", ("function", "by", "from"), rows)
    yield table(
        "Venues",
        ("venue", "granted in", "may charge"),
        [(named(deployment, g.venue), g.contract, "yes" if g.may_charge else "") for g in state.grants],
    )
    yield table("Terms", *terms_rows(state))


def terms_rows(state: State) -> tuple[Sequence[str], list[tuple[str, ...]]]:
    names = [words(name) for name, _ in state.terms[0].terms] if state.terms else []
    rows = [
        (
            str(entry.area),
            entry.carrier,
            f"{moment(entry.starts_at)}{' (in force)' if entry.in_force else ''}",
            *(str(value) for _, value in entry.terms),
        )
        for entry in state.terms
    ]
    return ("area", "carrier", "from", *names), rows


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    made = Table(title=title, title_justify="left")
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*row)
    return made


def moment(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d %H:%M UTC")


def span(seconds: int) -> str:
    if not seconds:
        return ""
    return f"{seconds} s" if seconds % 86_400 else f"{seconds // 86_400} d"


def words(name: str) -> str:
    """retailTicks → retail ticks."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
