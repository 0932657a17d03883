# SPDX-License-Identifier: MIT
"""The community as `make deploy` sets it up on an Anvil, and people who call its contracts."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.node import Node, private_anvil
from scripts import launch
from wattbook.chain.contracts import load_abis
from wattbook.deployments import Deployment, load_deployment
from wattbook.processes import wait_until

GAS = 6_000_000
GWEI = 10**9


class Town(Node):
    """`folder` has the deployment files."""

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__(url)
        self.folder = folder
        self.people: list[str] = self.rpc("eth_accounts")

    def run(self, *options: str) -> int:
        """`wattbook deploy`; answers the exit status."""
        return launch.main(["--chain", "anvil", "--rpc", self.url, "--out", str(self.folder), *options])

    def deployment(self, name: str = "deployment") -> Deployment:
        return load_deployment(self.folder / f"{name}.json")

    def address(self, contract: str, name: str = "deployment") -> str:
        return self.deployment(name).address(contract)

    def send(
        self, person: int, contract: str, function: str, *arguments: Any, of: str = "deployment"
    ) -> None:
        """A call that must succeed; where notice must be given, it is, and the time passes."""
        data, target = load_abis()[contract].encode(function, *arguments), self.address(contract, of)
        caller, manager = self.people[person], load_abis()["Administration"]
        if delay := self._notice(caller, contract, data, of):
            self._send(
                caller, self.address("Administration", of), manager.encode("schedule", target, data, 0)
            )
            self.pass_time(delay)
            target, data = self.address("Administration", of), manager.encode("execute", target, data)
        self._send(caller, target, data)

    def _notice(self, caller: str, contract: str, data: bytes, of: str) -> int:
        """Seconds; the manager's own functions are its admin's."""
        if contract == "Administration":
            return int(self.read(contract, "hasRole", 0, caller, of=of)[1])
        target = self.address(contract, of)
        return int(self.read("Administration", "canCall", caller, target, data[:4], of=of)[1])

    def _send(self, caller: str, target: str, data: bytes) -> None:
        fields = {"from": caller, "to": target, "data": "0x" + data.hex()}
        sent = self.rpc("eth_sendTransaction", {**fields, "gas": hex(GAS), "gasPrice": hex(GWEI)})
        assert wait_until(lambda: self.rpc("eth_getTransactionReceipt", sent) is not None, 10)
        assert self.rpc("eth_getTransactionReceipt", sent)["status"] == "0x1", data[:4].hex()

    def read(self, contract: str, function: str, *arguments: Any, of: str = "deployment") -> Any:
        abi = load_abis()[contract]
        data = "0x" + abi.encode(function, *arguments).hex()
        answer = self.rpc("eth_call", {"to": self.address(contract, of), "data": data}, "latest")
        return abi.decode_result(function, bytes.fromhex(answer[2:]))

    def pass_time(self, seconds: int) -> None:
        self.rpc("evm_increaseTime", seconds)
        self.rpc("evm_mine")

    @contextlib.contextmanager
    def undone(self) -> Iterator[None]:
        """What happens inside is taken back, on the chain and in the folder."""
        before = self.rpc("evm_snapshot")
        files = {path: path.read_text() for path in self.folder.glob("*.json")}
        try:
            yield
        finally:
            assert self.rpc("evm_revert", before)
            for path in self.folder.glob("*.json"):
                if path not in files:
                    path.unlink()
            for path, text in files.items():
                path.write_text(text)


@contextlib.contextmanager
def town(folder: Path) -> Iterator[Town]:
    with private_anvil() as url, contextlib.closing(Town(url, folder)) as it:
        assert it.run("--once") == 0
        yield it


def read_json(output: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
    return found
