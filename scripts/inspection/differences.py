# SPDX-License-Identifier: MIT
"""What a chain holds otherwise than the deployment file and the plan (scripts/plan.py) say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scripts import plan
from scripts.inspection.access import MANAGER
from scripts.inspection.state import CONNECTIONS, GRANTORS, Grant, State
from wattbook.deployments import Deployment

# Roles that contracts hold; people hold the others.
CONTRACT_ROLES = {plan.VAULT_REGISTRY, plan.VAULT_OVERSIGHT, plan.VAULT_RIGHTS}


@dataclass(frozen=True)
class Difference:
    """`code` names the kind for ever, `subject` what it is about."""

    code: str
    subject: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.code}: {self.subject} is {self.found}, not {self.expected}."


def differences(state: State, deployment: Deployment) -> list[Difference]:
    """All of them; none if the chain is as it should be."""
    return [
        *connections(state, deployment),
        *token(state, deployment),
        *functions(state),
        *members(state, deployment),
        *delays(state, deployment),
        *keepers(state),
        *venues(state, deployment),
        *terms(state),
    ]


def codes(found: dict[str, str | None], deployment: Deployment) -> Iterator[Difference]:
    """Without the right code nothing else of a contract can be believed."""
    for name, contract in deployment.contracts.items():
        if found[name] is None:
            yield Difference("code-missing", name, contract.code_hash, f"without code at {contract.address}")
        elif found[name] != contract.code_hash:
            yield Difference("code-changed", name, contract.code_hash, str(found[name]))


def connections(state: State, deployment: Deployment) -> Iterator[Difference]:
    for name, manager in state.managers.items():
        if manager != deployment.address(MANAGER):
            yield Difference("manager", f"{name}.authority", deployment.address(MANAGER), manager)
    for contract, view, target in CONNECTIONS:
        found = state.connections[f"{contract}.{view}"]
        if found != deployment.address(target):
            yield Difference("connection", f"{contract}.{view}", deployment.address(target), found)
    for name, times in state.calendars.items():
        if tuple(times.values()) != tuple(deployment.calendar.to_json().values()):
            yield Difference("calendar", name, str(deployment.calendar.to_json()), str(times))
    wanted = deployment.holders.get("authority")
    if wanted is not None and state.authority != wanted:
        yield Difference("authority", "Registry.authority712", wanted, state.authority)


def token(state: State, deployment: Deployment) -> Iterator[Difference]:
    """Amounts are shown and sent by the file's decimals."""
    planned = deployment.token.symbol, deployment.token.decimals
    if state.token != planned:
        expected, found = (f"{symbol} of {decimals} decimals" for symbol, decimals in (planned, state.token))
        yield Difference("token", "PaymentVault.token", expected, found)


def functions(state: State) -> Iterator[Difference]:
    wanted = {
        f"{contract}.{function}": role
        for contract, by_role in plan.RESTRICTED.items()
        for role, names in by_role.items()
        for function in names
    }
    found = {rule.function: rule.role for rule in state.access.rules}
    for function in sorted(wanted.keys() | found.keys()):
        expected, actual = wanted.get(function, plan.ADMIN), found.get(function, plan.ADMIN)
        if expected != actual:
            yield Difference("function-role", function, plan.role_name(expected), plan.role_name(actual))
    for contract in state.access.closed:
        yield Difference("contract-closed", contract, "open to its roles", "closed to all of them")


def members(state: State, deployment: Deployment) -> Iterator[Difference]:
    wanted = planned_members(deployment)
    present = {member.role for member in state.access.members}
    for role in sorted({*wanted, *present}):
        if role not in CONTRACT_ROLES and not deployment.holders:
            continue  # a file that doesn't say who holds them
        expected, found = wanted.get(role, set()), state.access.holders(role)
        for address in sorted(found - expected):
            yield Difference(
                "member-unexpected", plan.role_name(role), "not held by it", f"held by {address}"
            )
        for address in sorted(expected - found):
            yield Difference("member-missing", plan.role_name(role), f"held by {address}", "not held by it")


def delays(state: State, deployment: Deployment) -> Iterator[Difference]:
    """How long after notice a role's member may call, after how long a grant or a change of rules counts."""
    wanted = planned_members(deployment)
    for member in state.access.members:
        if deployment.holders and member.address not in wanted.get(member.role, ()):
            continue  # it shouldn't be one at all
        subject, planned = plan.role_name(member.role), plan.NOTICE.get(member.role, 0)
        if member.delay != planned:
            yield _delay("notice", f"{subject} {member.address}", planned, member.delay)
        elif member.next_delay != planned:
            yield _delay("notice-changing", f"{subject} {member.address}", planned, member.next_delay)
    for role, found in state.access.grant_delays.items():
        yield _delay("grant-delay", plan.role_name(role), 0, found)
    for contract, found in state.access.admin_delays.items():
        yield _delay("admin-delay", contract, 0, found)


def _delay(code: str, subject: str, planned: int, found: int) -> Difference:
    return Difference(code, subject, f"delayed by {planned} s", f"delayed by {found} s")


def keepers(state: State) -> Iterator[Difference]:
    """Who may cancel a role's calls, who may grant it: the admin unless the plan says another."""
    yield from _kept("guardian", plan.GUARDIANS, state.access.guardians)
    yield from _kept("role-admin", {}, state.access.admins)


def _kept(code: str, planned: Mapping[int, int], found: Mapping[int, int]) -> Iterator[Difference]:
    for role in sorted({*planned, *found}):
        expected, actual = (plan.role_name(roles.get(role, plan.ADMIN)) for roles in (planned, found))
        if expected != actual:
            yield Difference(code, plan.role_name(role), f"kept by {expected}", f"kept by {actual}")


def planned_members(deployment: Deployment) -> dict[int, set[str]]:
    """By role; people's only if the file names them."""
    at = {name: contract.address for name, contract in deployment.contracts.items()}
    people = deployment.holders
    nobody = dict.fromkeys(plan.Holders.__dataclass_fields__, "")
    wanted: dict[int, set[str]] = {plan.ADMIN: {people["operator"]}} if people else {}
    for role, address in plan.role_holders(plan.Holders(**{**nobody, **people}), at):
        wanted.setdefault(role, set()).add(address)
    return wanted


def venues(state: State, deployment: Deployment) -> Iterator[Difference]:
    planned: set[Grant] = set()
    if not deployment.draining:
        planned = {Grant(deployment.address("OrderBook"), contract) for contract in GRANTORS}
    planned.add(Grant(deployment.address("Settlement"), "PaymentVault", may_charge=True))
    planned.add(Grant(deployment.address("Disputes"), "PaymentVault"))
    for grant in sorted(planned - set(state.grants)):
        yield Difference("venue-missing", grant.contract, f"open to {grant.venue}", "closed to it")
    known = set(deployment.other_venues.values())
    known |= {c.address for name, c in deployment.contracts.items() if name != "OrderBook"}  # other venues
    for grant in sorted(set(state.grants) - planned):
        if grant.may_charge or grant.venue not in known:
            found = f"open to {grant.venue}" + (", which may charge" if grant.may_charge else "")
            yield Difference("venue-unexpected", grant.contract, "closed to it", found)


def terms(state: State) -> Iterator[Difference]:
    for area in state.areas:
        if not any(entry.area == area for entry in state.terms):
            yield Difference("terms-missing", f"area {area}", "with terms", "without any")
