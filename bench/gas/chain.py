# SPDX-License-Identifier: MIT
"""A real Anvil on which many transactions share a block and any address may send."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bench.node import Node, private_anvil
from wattbook.chain.abi import ContractAbi
from wattbook.chain.contracts import load_abis, load_bytecode

BLOCK_GAS = 60_000_000
PER_BLOCK = 100
MONEY = 10**24


class Call(NamedTuple):
    """A transaction to be."""

    sender: str
    contract: str
    function: str
    arguments: tuple[Any, ...]


class Chain(Node):
    """`now` is the last block's UTC second; every block takes the next one."""

    def __init__(self, url: str, now: int, abis: Path) -> None:
        super().__init__(url)
        self.now = now
        self.at: dict[str, str] = {}
        self.abis: dict[str, ContractAbi] = dict(load_abis(abis))
        self._folder = abis
        self.people: list[str] = self.rpc("eth_accounts")
        self.rpc("anvil_autoImpersonateAccount", True)

    # --- time --------------------------------------------------------------------------------------------

    def go_to(self, second: int) -> None:
        """The next block comes at `second`. Raises ValueError when that has passed."""
        if second <= self.now:
            raise ValueError(f"second {second} has passed, it is {self.now}")
        self.now = second - 1

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What is done inside is undone afterwards, time included."""
        now, snapshot = self.now, self.rpc("evm_snapshot")
        yield
        if not self.rpc("evm_revert", snapshot):
            raise RuntimeError("Anvil doesn't return to its snapshot")
        self.now = now

    # --- transactions ------------------------------------------------------------------------------------

    def fund(self, addresses: Sequence[str]) -> None:
        """Gives the addresses ether for their transactions."""
        self.batch([("anvil_setBalance", [address, hex(MONEY)]) for address in addresses])

    def send(self, sender: str, contract: str, function: str, *arguments: Any) -> dict[str, Any]:
        """The receipt of a transaction in a block of its own. Raises RuntimeError when it reverts."""
        return self._mine([self._request(Call(sender, contract, function, arguments), BLOCK_GAS)])[0]

    def send_all(self, calls: Sequence[Call]) -> list[dict[str, Any]]:
        """Receipts of many small transactions, in their sequence, as few blocks as they need."""
        receipts: list[dict[str, Any]] = []
        for start in range(0, len(calls), PER_BLOCK):
            page = calls[start : start + PER_BLOCK]
            receipts += self._mine([self._request(call, BLOCK_GAS // PER_BLOCK) for call in page])
        return receipts

    def create(self, sender: str, contract: str, arguments: Sequence[Any]) -> None:
        """Deploys a contract and remembers where."""
        data = load_bytecode(contract, self._folder) + self.abis[contract].encode_constructor(*arguments)
        request = {"from": sender, "data": "0x" + data.hex(), "gas": hex(BLOCK_GAS)}
        self.at[contract] = self._mine([request])[0]["contractAddress"]

    def read(self, contract: str, function: str, *arguments: Any) -> Any:
        """A view's result."""
        data = "0x" + self.abis[contract].encode(function, *arguments).hex()
        answer = self.rpc("eth_call", {"to": self.at[contract], "data": data}, "latest")
        return self.abis[contract].decode_result(function, bytes.fromhex(answer[2:]))

    def _request(self, call: Call, gas: int) -> dict[str, str]:
        data = self.abis[call.contract].encode(call.function, *call.arguments)
        return {
            "from": call.sender,
            "to": self.at[call.contract],
            "data": "0x" + data.hex(),
            "gas": hex(gas),
        }

    def _mine(self, requests: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
        hashes = self.batch([("eth_sendTransaction", [request]) for request in requests])
        self.now += 1
        self.rpc("evm_mine", {"timestamp": self.now})
        receipts = self.batch([("eth_getTransactionReceipt", [number]) for number in hashes])
        for receipt in receipts:
            if receipt is None or receipt["status"] != "0x1":
                raise RuntimeError(self._reason(receipt))
        return receipts

    def _reason(self, receipt: dict[str, Any] | None) -> str:
        if receipt is None:
            return "a transaction didn't fit into its block"
        trace = self.rpc("debug_traceTransaction", receipt["transactionHash"], {"tracer": "callTracer"})
        error = bytes.fromhex(trace.get("output", "0x")[2:])
        known = (abi.errors[error[:4]].name for abi in self.abis.values() if error[:4] in abi.errors)
        return f"a transaction reverted: {next(known, '0x' + error.hex())}"


@contextmanager
def anvil(now: int, abis: Path) -> Iterator[Chain]:
    """A chain whose first block is at `now`; it ends with the block."""
    with private_anvil(mining=False, now=now) as url, closing(Chain(url, now, abis)) as chain:
        yield chain
