# SPDX-License-Identifier: MIT
"""Lets the members in: the authority signs, the operator presents, registers their points and funds their
accounts.

Every call has a name of its own in the sender's journal, so that a restart goes on where it stopped.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

from scripts import people
from wattbook import ids
from wattbook.chain.contracts import Contracts
from wattbook.chain.sender import Sender
from wattbook.clock import Clock
from wattbook.keys import demo_key, sign_digest
from wattbook.typeddata.admission import Admission
from wattbook.typeddata.domain import Domain

GAS = 1_000_000
LOOK_AGAIN_SECONDS = 0.002
MEMBER_TOKENS = 100_000_000  # 100.00 test euros
BACKSTOP_TOKENS = 10_000_000_000
DEPOSITS_IN_ALL = 2 * BACKSTOP_TOKENS
NOBODY_EXPIRES = 2**40 - 1


@dataclass(frozen=True)
class PointWish:
    """A metering point to register: limits and default in Wh a period, resolution in Wh; a device model."""

    carrier: int
    max_import_wh: int
    max_export_wh: int
    default_import_wh: int
    resolution_wh: int
    device: str
    refined: bool


@dataclass(frozen=True)
class MemberWish:
    """Who is to be admitted, with which points."""

    name: str
    key_index: int
    points: Sequence[PointWish]


@dataclass(frozen=True)
class Admitted:
    account: int
    points: tuple[int, ...]


class Admitter:
    def __init__(self, contracts: Contracts, sender: Sender, clock: Clock) -> None:
        self._contracts = contracts
        self._sender = sender
        self._clock = clock
        self._chain_id = contracts.deployment.chain_id
        self._calls = 0

    async def fund_vault(self, area: int) -> None:
        """Test euros for the operator, and the backstop's account, which guarantees the members' surplus."""
        vault = self._contracts.address("PaymentVault")
        await self._call("TestEuro", "mint", self._sender.address, DEPOSITS_IN_ALL)
        await self._call("TestEuro", "approve", vault, DEPOSITS_IN_ALL)
        await self._call("PaymentVault", "deposit", ids.backstop_of(area), BACKSTOP_TOKENS)

    async def admit(self, member: MemberWish, area: int, number: int, gateway: int) -> Admitted:
        participant = demo_key(member.key_index, self._chain_id).address
        admission = Admission(participant, area, True, True, number, NOBODY_EXPIRES)
        await self._call("Registry", "admit", astuple(admission), self._sign(admission))
        account = int(await self._contracts.read("Registry", "accountOfAdmission", number))
        await self._call("PaymentVault", "deposit", account, MEMBER_TOKENS)
        await self._call("TestEuro", "mint", participant, MEMBER_TOKENS)
        points = [await self._register(account, point, gateway) for point in member.points]
        return Admitted(account, tuple(points))

    async def _register(self, account: int, wish: PointWish, gateway: int) -> int:
        await self._call("Registry", "registerPoint", registration(account, wish, gateway))
        return int(await self._contracts.read("Registry", "pointCount"))

    def _sign(self, admission: Admission) -> bytes:
        domain = Domain(self._chain_id, self._contracts.address("Registry"))
        return sign_digest(demo_key(people.AUTHORITY, self._chain_id), admission.digest(domain))

    async def _call(self, contract: str, function: str, *arguments: Any) -> None:
        """One call, and its block: the chain still makes one for each transaction."""
        self._calls += 1
        data = self._contracts.abi(contract).encode(function, *arguments)
        await self._sender.submit(f"admit-{self._calls}", self._contracts.address(contract), data, GAS)
        while self._sender.unfinished():
            await self._sender.confirm()
            await self._clock.sleep(LOOK_AGAIN_SECONDS)


def registration(account: int, wish: PointWish, gateway: int) -> dict[str, Any]:
    """The contract's MeteringPoint; its first period is set on chain."""
    return {
        "account": account,
        "carrier": wish.carrier,
        "maxImportWh": wish.max_import_wh,
        "maxExportWh": wish.max_export_wh,
        "defaultImportWh": wish.default_import_wh,
        "resolutionWh": wish.resolution_wh,
        "gateway": gateway,
        "firstPeriod": 0,
        "deviceType": ids.device_type_of(wish.device),
        "refined": wish.refined,
    }
