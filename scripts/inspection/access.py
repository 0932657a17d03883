# SPDX-License-Identifier: MIT
"""Who may do what: the roles of a deployment's AccessManager, their members, and the functions they open.

Events only say where to look; what holds now is asked of the contract, at one block.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wattbook.chain.blocks import Header
from wattbook.chain.contracts import Contracts

MANAGER = "Administration"


@dataclass(frozen=True, order=True)
class Member:
    """`since` in UTC seconds, ahead of now while a grant waits; `delay` seconds from schedule to call, soon
    `next_delay`."""

    role: int
    address: str
    since: int
    delay: int
    next_delay: int


@dataclass(frozen=True, order=True)
class Rule:
    """A function, `contract.name`, that only a role's members may call."""

    function: str
    role: int


@dataclass(frozen=True, order=True)
class Operation:
    """A scheduled call that may be executed from `at` on."""

    at: int
    caller: str
    function: str


@dataclass(frozen=True)
class Access:
    members: tuple[Member, ...]
    rules: tuple[Rule, ...]
    closed: tuple[str, ...]  # contracts whose restricted functions nobody may call
    grant_delays: Mapping[int, int]  # role → seconds until a new member may act, where there are any
    admin_delays: Mapping[str, int]  # contract → seconds until its rules change, where there are any
    guardians: Mapping[int, int]  # role → whose members may cancel its calls, and
    admins: Mapping[int, int]  # grant it, where that isn't the admin
    operations: tuple[Operation, ...]

    def holders(self, role: int) -> set[str]:
        return {member.address for member in self.members if member.role == role}


class AccessReader:
    """Reads at one block. `first` is the block of the deployment."""

    def __init__(self, contracts: Contracts, head: Header) -> None:
        self._contracts = contracts
        self._head = head

    async def read(self) -> Access:
        """Raises ChainUnreachable, BlockGone."""
        return Access(
            members=await self._members(),
            rules=await self._rules(),
            closed=await self._closed(),
            grant_delays=await self._of_roles("RoleGrantDelayChanged", "getRoleGrantDelay"),
            admin_delays=await self._admin_delays(),
            guardians=await self._of_roles("RoleGuardianChanged", "getRoleGuardian"),
            admins=await self._of_roles("RoleAdminChanged", "getRoleAdmin"),
            operations=await self._operations(),
        )

    async def _events(self, name: str) -> list[Mapping[str, Any]]:
        found = await self._contracts.history(MANAGER, name, last=self._head.number)
        return [event.arguments for event in found]

    async def _ask(self, function: str, *questions: tuple[Any, ...]) -> list[Any]:
        reads = [(MANAGER, function, question) for question in questions]
        return await self._contracts.read_many(reads, at=self._head) if reads else []

    async def _members(self) -> tuple[Member, ...]:
        pairs = sorted({(event["roleId"], event["account"]) for event in await self._events("RoleGranted")})
        answers = await self._ask("getAccess", *pairs)
        return tuple(
            Member(role, address, since, delay, pending if effect else delay)
            for (role, address), (since, delay, pending, effect) in zip(pairs, answers, strict=True)
            if since
        )

    async def _rules(self) -> tuple[Rule, ...]:
        """Of what was ever opened to a role, and what the plan's contracts still leave to the admin."""
        events = await self._events("TargetFunctionRoleUpdated")
        pairs = sorted({(event["target"], event["selector"]) for event in events})
        roles = await self._ask("getTargetFunctionRole", *pairs)
        return tuple(
            sorted(
                Rule(self.function_name(target, selector), role)
                for (target, selector), role in zip(pairs, roles, strict=True)
            )
        )

    async def _closed(self) -> tuple[str, ...]:
        targets = sorted({(event["target"],) for event in await self._events("TargetClosed")})
        closed = await self._ask("isTargetClosed", *targets)
        return tuple(self.contract_name(t) for (t,), shut in zip(targets, closed, strict=True) if shut)

    async def _of_roles(self, event: str, view: str) -> dict[int, int]:
        """By role, what isn't 0."""
        roles = sorted({(each["roleId"],) for each in await self._events(event)})
        found = await self._ask(view, *roles)
        return {role: value for (role,), value in zip(roles, found, strict=True) if value}

    async def _admin_delays(self) -> dict[str, int]:
        targets = sorted({(each["target"],) for each in await self._events("TargetAdminDelayUpdated")})
        delays = await self._ask("getTargetAdminDelay", *targets)
        return {self.contract_name(t): delay for (t,), delay in zip(targets, delays, strict=True) if delay}

    async def _operations(self) -> tuple[Operation, ...]:
        """What is scheduled, not yet executed, cancelled or expired."""
        events = {event["operationId"]: event for event in await self._events("OperationScheduled")}
        times = await self._ask("getSchedule", *((operation,) for operation in events))
        return tuple(
            sorted(
                Operation(at, event["caller"], self.function_name(event["target"], event["data"][:4]))
                for event, at in zip(events.values(), times, strict=True)
                if at
            )
        )

    def contract_name(self, address: str) -> str:
        return self._contracts.name_of(address) or address

    def function_name(self, target: str, selector: bytes) -> str:
        """`contract.function`, as far as both are known."""
        name = self._contracts.name_of(target)
        known = self._contracts.abi(name).functions.values() if name else ()
        function = next((item.name for item in known if item.selector == selector), "0x" + selector.hex())
        return f"{name or target}.{function}"
