# SPDX-License-Identifier: MIT
"""The deployment by Brownie, on a real chain: killed twice, finished, and run once more."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bench.node import Node, private_anvil
from scripts import plan
from scripts.brownie_run import BROWNIE, run_brownie
from scripts.request import VARIABLE, Request
from tests.scripts.test_request import a_request
from wattbook.chain.contracts import load_abis
from wattbook.deployments import load_deployment

pytestmark = [pytest.mark.slow, pytest.mark.chain, pytest.mark.timeout(300)]

# After the fourth contract; and in the middle of connecting them: nine contracts, the roles, one venue.
KILLED_AFTER = (4, 11)


class Chain(Node):
    def sent(self, person: str) -> int:
        return int(self.rpc("eth_getTransactionCount", person, "pending"), 16)

    def read(self, address: str, contract: str, function: str, *arguments: Any) -> Any:
        abi = load_abis()[contract]
        data = "0x" + abi.encode(function, *arguments).hex()
        answer = self.rpc("eth_call", {"to": address, "data": data}, "latest")
        return abi.decode_result(function, bytes.fromhex(answer[2:]))


@pytest.fixture
def node() -> Iterator[Chain]:
    with private_anvil() as url, closing(Chain(url)) as node:
        yield node


def killed(request: Request, node: Chain, folder: Path, after: int) -> int:
    """Runs the deployment and kills it (-9) once the deployer has sent so many; answers how many it had."""
    request.save(folder / "establish.request.json")
    environment = {
        **os.environ,
        VARIABLE: str(folder / "establish.request.json"),
        "WATTBOOK_ANVIL_URL": node.url,
        "WATTBOOK_ANVIL_CHAIN_ID": str(request.chain_id),
    }
    done = threading.Event()
    with (folder / "killed.log").open("wb") as log:
        process = subprocess.Popen(
            [BROWNIE, "script", "establish", "anvil"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            process_group=0,
        )
        while node.sent(request.holders.operator) < after and process.poll() is None:
            done.wait(0.002)
        assert process.poll() is None, (folder / "killed.log").read_text()[-2_000:]
        os.killpg(process.pid, 9)
        process.wait()
    return node.sent(request.holders.operator)


def test_a_deployment_that_is_killed_goes_on_and_a_finished_one_changes_nothing(
    node: Chain, tmp_path: Path
) -> None:
    request = a_request(tmp_path)
    operator = request.holders.operator
    for after in KILLED_AFTER:
        assert killed(request, node, tmp_path, after) >= after
        assert not request.deployment.exists()
    run_brownie("establish", request, node.url, tmp_path)
    require_complete(node, request)
    first, sent = request.deployment.read_text(), node.sent(operator)
    block = node.rpc("eth_blockNumber")
    run_brownie("establish", request, node.url, tmp_path)
    assert request.deployment.read_text() == first
    assert (node.sent(operator), node.rpc("eth_blockNumber")) == (sent, block)


def require_complete(node: Chain, request: Request) -> None:
    """Contracts where their nonces put them, one of each, all roles, venues and connections."""
    deployment = load_deployment(request.deployment)
    at = {name: deployment.address(name) for name in plan.CONTRACTS}
    created = json.loads(request.deployment.with_suffix(".progress.json").read_text())["first_nonce"]
    assert created == 0
    for name in plan.CONTRACTS:
        assert node.rpc("eth_getCode", at[name], "latest") != "0x"
    for name, extension in plan.EXTENSIONS.items():
        assert node.read(at[name], name, "extension") == deployment.address(extension)
    administration = at["Administration"]
    for role, holder in plan.role_holders(request.holders, at):
        assert node.read(administration, "Administration", "hasRole", role, holder)[0]
    for name, by_role in plan.RESTRICTED.items():
        for role, functions in by_role.items():
            for function in functions:
                selector = load_abis()[name].functions[function].selector
                found = node.read(
                    administration, "Administration", "getTargetFunctionRole", at[name], selector
                )
                assert found == role, (name, function)
    assert node.read(at["PaymentVault"], "PaymentVault", "venueRights", at["OrderBook"])[0]
    assert node.read(at["PaymentVault"], "PaymentVault", "venueRights", at["Settlement"]) == (True, True)
    assert node.read(at["PaymentVault"], "PaymentVault", "venueRights", at["Disputes"]) == (True, False)
    assert node.read(at["MeterReadings"], "MeterReadings", "disputes") == at["Disputes"]
    assert node.read(
        administration, "Administration", "hasRole", plan.VENUE_GRANTOR, request.holders.operator
    ) == (
        True,
        7 * 86_400,
    )
    for name in ("Settlement", "GridOversight"):
        assert node.read(at[name], name, "isVenue", at["OrderBook"])
    assert node.read(at["Registry"], "Registry", "gatewayKey", 1) == request.gateways[0]
    assert [*node.read(at["Registry"], "Registry", "areas")] == [0]
    # Nothing was made twice: contracts, roles, and the calls that connect and configure.
    assert node.sent(request.holders.operator) == EXPECTED


EXPECTED = len(plan.CONTRACTS) + 2 + 3 + 1 + 2 + 1 + 1 + 3
