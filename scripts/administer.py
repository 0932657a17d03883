# SPDX-License-Identifier: MIT
"""Calls that only a role's member may make: at once or, where the AccessManager asks for a delay, scheduled
now and executed when the time has come. Repeating a call goes on where the last one stopped.
"""

from dataclasses import dataclass
from typing import Any

from wattbook.chain.errors import Seconds
from wattbook.cli.session import Chain, send
from wattbook.keys import Key

MANAGER = "Administration"


@dataclass(frozen=True)
class Step:
    """What became of a call: done, or waiting until `at` (UTC seconds)."""

    call: str
    at: int | None = None

    @property
    def done(self) -> bool:
        return self.at is None

    def __str__(self) -> str:
        if self.at is None:
            return f"{self.call}: done"
        return f"{self.call}: scheduled, may be executed from {Seconds(self.at):utc}"


class Administrator:
    """One key that has roles, on one deployment."""

    def __init__(self, chain: Chain, key: Key) -> None:
        self._chain = chain
        self._key = key

    async def act(self, contract: str, function: str, *arguments: Any) -> Step:
        """Raises the contract's error where the key has no such role; ChainUnreachable."""
        contracts, call = self._chain.contracts, f"{contract}.{function}"
        target, data = contracts.address(contract), contracts.abi(contract).encode(function, *arguments)
        immediate, delay = await self._ask("canCall", self._key.address, target, data[:4])
        if immediate or not delay:
            await send(self._chain, self._key, contract, function, *arguments)
            return Step(call)
        operation = await self._ask("hashOperation", self._key.address, target, data)
        if not (at := await self._ask("getSchedule", operation)):
            await send(self._chain, self._key, MANAGER, "schedule", target, data, 0)
            return Step(call, await self._ask("getSchedule", operation))
        if (await self._chain.client.head()).timestamp < at:
            return Step(call, at)
        await send(self._chain, self._key, MANAGER, "execute", target, data)
        return Step(call)

    async def _ask(self, function: str, *arguments: Any) -> Any:
        return await self._chain.contracts.read(MANAGER, function, *arguments)
