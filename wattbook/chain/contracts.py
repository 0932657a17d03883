# SPDX-License-Identifier: MIT
"""The contracts of a deployment, by name: calldata and reads from the shipped ABI files.

contracts = Contracts(deployment, client)
price = await contracts.read("GridOversight", "terms", area, carrier, period, at=header)
data = contracts.abi("OrderBook").encode("cancelSigned", ...)
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from wattbook.chain.abi import ContractAbi, Event
from wattbook.chain.blocks import Log
from wattbook.chain.client import At, ChainClient
from wattbook.chain.errors import Refusals
from wattbook.deployments import Deployment
from wattbook.errors import AbiMissing, ContractUnknown, RpcRefused

ABI_FOLDER = Path(__file__).parents[1] / "abi"


@lru_cache(maxsize=8)
def load_abis(folder: Path = ABI_FOLDER) -> Mapping[str, ContractAbi]:
    """All ABI files, by contract name. Raises AbiMissing."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise AbiMissing(path=folder)
    contents = (json.loads(file.read_text()) for file in files)
    return {
        content["contractName"]: ContractAbi(content["contractName"], content["abi"]) for content in contents
    }


@lru_cache(maxsize=8)
def load_refusals(folder: Path = ABI_FOLDER) -> Refusals:
    """The custom errors of all ABI files. Raises AbiMissing."""
    return Refusals(load_abis(folder).values())


def load_bytecode(contract: str, folder: Path = ABI_FOLDER) -> bytes:
    """Creation bytecode, constructor arguments not included. Raises ContractUnknown."""
    file = folder / f"{contract}.json"
    if not file.is_file():
        raise ContractUnknown(contract=contract, known=", ".join(load_abis(folder)))
    return bytes.fromhex(json.loads(file.read_text())["bytecode"].removeprefix("0x"))


class Contracts:
    """A deployment's contracts on one node."""

    def __init__(self, deployment: Deployment, client: ChainClient, folder: Path = ABI_FOLDER) -> None:
        self.deployment = deployment
        self.client = client
        self.refusals = load_refusals(folder)
        self._abis = load_abis(folder)
        self._names = {item.address.lower(): name for name, item in deployment.contracts.items()}

    def abi(self, contract: str) -> ContractAbi:
        """Raises ContractUnknown."""
        if contract not in self._abis:
            raise ContractUnknown(contract=contract, known=", ".join(self._abis))
        return self._abis[contract]

    def address(self, contract: str) -> str:
        """Checksummed. Raises ContractUnknown."""
        return self.deployment.address(contract)

    def name_of(self, address: str) -> str | None:
        """The contract at an address of any case; None for one that isn't ours."""
        return self._names.get(address.lower())

    async def read(
        self, contract: str, function: str, *arguments: Any, at: At = "latest", sender: str | None = None
    ) -> Any:
        """A view's result. Raises the contract's own error, RpcRefused, BlockGone, ChainUnreachable."""
        return (await self.read_many([(contract, function, arguments)], at, sender))[0]

    async def read_many(
        self, reads: Sequence[tuple[str, str, Sequence[Any]]], at: At = "latest", sender: str | None = None
    ) -> list[Any]:
        """Many views at the same block in one batch: (contract, function, arguments) each."""
        calls = [(self.address(c), self.abi(c).encode(f, *arguments)) for c, f, arguments in reads]
        try:
            answers = await self.client.call_many(calls, at, sender)
        except RpcRefused as refused:
            raise self.refusals.of(refused) or refused from None
        return [self.abi(c).decode_result(f, data) for (c, f, _), data in zip(reads, answers, strict=True)]

    def decode_log(self, log: Log) -> Event | None:
        """The event of one of our contracts, or None."""
        name = self.name_of(log.address)
        return None if name is None else self.abi(name).decode_log(log)

    async def events(
        self, first: int, last: int, contracts: Iterable[str] = (), names: Iterable[str] = ()
    ) -> list[Event]:
        """Decoded events of blocks first … last; of all our contracts, or some; of all names, or some."""
        chosen = tuple(contracts) or tuple(self.deployment.contracts)
        named = tuple(names)
        wanted = [self.abi(c).topic(n) for n in named for c in chosen if self.abi(c).has_event(n)]
        if named and not wanted:
            return []
        topics = [sorted(set(wanted))] if named else []
        logs = await self.client.logs(first, last, [self.address(c) for c in chosen], topics)
        return [event for log in logs if (event := self.decode_log(log)) is not None]

    async def history(self, contract: str, *names: str, last: int | None = None) -> list[Event]:
        """One contract's events of these names since the deployment, up to block `last` or the newest."""
        newest = (await self.client.head()).number if last is None else last
        return await self.events(self.deployment.deployed_at_block, newest, [contract], names)

    def web3(self, contract: str, w3: Any) -> Any:
        """web3.py's contract object on `w3`, for scripts and tests that want its interface."""
        return w3.eth.contract(address=self.address(contract), abi=self.abi(contract).entries)
