# SPDX-License-Identifier: MIT
"""A real Anvil, driven synchronously: each transaction in a block of its own, a second after the last."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from eth_abi.abi import decode
from eth_utils.address import to_checksum_address

from bench.node import Node, private_anvil
from wattbook.chain.abi import ContractAbi
from wattbook.chain.contracts import load_abis, load_bytecode

GAS = 12_000_000
ARTIFACTS = Path(__file__).parents[2] / ".cache" / "forge" / "out"
Call = tuple[str, str, Sequence[Any]]  # contract, function, arguments


class Reverted(Exception):
    """The transaction was mined and reverted; `error` is the custom error's name."""

    def __init__(self, error: str, facts: tuple[Any, ...] = ()) -> None:
        super().__init__(error, facts)
        self.error = error
        self.facts = facts


class LiveChain(Node):
    """`now` is the last block's UTC second; every transaction takes the next one."""

    def __init__(self, url: str, now: int) -> None:
        super().__init__(url)
        self.now = now
        self.abis: dict[str, ContractAbi] = dict(load_abis())
        self.turn = threading.RLock()  # who makes blocks beside us takes it too
        self.at: dict[str, str] = {}
        self.people: list[str] = self.rpc("eth_accounts")

    # --- time --------------------------------------------------------------------------------------------

    def go_to(self, second: int) -> None:
        """The next transaction comes at `second`, if that is still ahead."""
        with self.turn:
            self.now = max(self.now, second - 1)

    def mine(self) -> None:
        """An empty block in the next second."""
        with self.turn:
            self.now += 1
            self.rpc("evm_mine", {"timestamp": self.now})

    def snapshot(self) -> tuple[str, int]:
        return self.rpc("evm_snapshot"), self.now

    def revert(self, snapshot: tuple[str, int]) -> None:
        assert self.rpc("evm_revert", snapshot[0])
        self.now = snapshot[1]

    # --- contracts ---------------------------------------------------------------------------------------

    def send(self, sender: str, contract: str, function: str, *arguments: Any) -> dict[str, Any]:
        """The mined transaction's receipt. Raises Reverted."""
        data = self.abis[contract].encode(function, *arguments)
        return self._transact({"from": sender, "to": self.at[contract], "data": "0x" + data.hex()})

    def create_mock(self, sender: str, contract: str, *arguments: Any) -> str:
        """Deploys one of contracts/mocks that isn't shipped; answers where it is."""
        artifact = json.loads((ARTIFACTS / f"{contract}.sol" / f"{contract}.json").read_text())
        self.abis[contract] = ContractAbi(contract, artifact["abi"])
        code = bytes.fromhex(artifact["bytecode"]["object"].removeprefix("0x"))
        return self._create(sender, contract, code, arguments)

    def create(self, sender: str, contract: str, arguments: Sequence[Any]) -> None:
        """Deploys a contract and remembers where."""
        self._create(sender, contract, load_bytecode(contract), arguments)

    def _create(self, sender: str, contract: str, code: bytes, arguments: Sequence[Any]) -> str:
        encoded = self.abis[contract].encode_constructor(*arguments)
        receipt = self._transact({"from": sender, "data": "0x" + (code + encoded).hex()})
        self.at[contract] = to_checksum_address(receipt["contractAddress"])
        return self.at[contract]

    def _transact(self, transaction: dict[str, str]) -> dict[str, Any]:
        with self.turn:
            self.now += 1
            number = self.rpc("eth_sendTransaction", {**transaction, "gas": hex(GAS)})
            self.rpc("evm_mine", {"timestamp": self.now})
        receipt: dict[str, Any] = self.rpc("eth_getTransactionReceipt", number)
        if receipt["status"] != "0x1":
            trace = self.rpc("debug_traceTransaction", number, {"tracer": "callTracer"})
            raise self.refusal(bytes.fromhex(trace.get("output", "0x")[2:]))
        return receipt

    def refusal(self, data: bytes) -> Reverted:
        """What revert data says."""
        for abi in self.abis.values():
            error = abi.errors.get(data[:4])
            if error is not None:
                return Reverted(error.name, decode(error.input_types, data[4:]))
        return Reverted(f"unknown error 0x{data[:4].hex()}")

    def read(self, contract: str, function: str, *arguments: Any) -> Any:
        return self.read_all([(contract, function, arguments)])[0]

    def read_all(self, calls: Sequence[Call]) -> list[Any]:
        """The views' results, in one request."""
        encoded = [
            {"to": self.at[contract], "data": "0x" + self.abis[contract].encode(function, *arguments).hex()}
            for contract, function, arguments in calls
        ]
        answers = self.batch([("eth_call", [call, "latest"]) for call in encoded])
        return [
            self.abis[contract].decode_result(function, bytes.fromhex(answer[2:]))
            for (contract, function, _), answer in zip(calls, answers, strict=True)
        ]


@contextmanager
def anvil(now: int) -> Iterator[LiveChain]:
    """A chain whose first block is at `now`; it ends with the block."""
    with private_anvil(mining=False, now=now) as url, closing(LiveChain(url, now)) as chain:
        yield chain
