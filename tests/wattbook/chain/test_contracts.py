# SPDX-License-Identifier: MIT
"""A deployment: its file, its contracts on the chain, reads and events by name."""

import dataclasses
import json
from pathlib import Path

import pytest

from tests.wattbook.chain.conftest import Bench
from wattbook.calendar import Calendar
from wattbook.chain.contracts import Contracts, load_abis, load_bytecode
from wattbook.deployments import (
    DeployedContract,
    Deployment,
    hash_code,
    load_deployment,
    require_chain,
    save_deployment,
)
from wattbook.errors import (
    AbiMissing,
    ContractChanged,
    ContractError,
    ContractMissing,
    ContractUnknown,
    DeploymentMissing,
    DeploymentUnreadable,
    WrongChain,
)

pytestmark = pytest.mark.chain
NOBODY = "0x" + "00" * 19 + "99"


@pytest.fixture
async def deployment(bench: Bench) -> Deployment:
    euro = await bench.deploy(load_bytecode("TestEuro"))
    block = (await bench.client.head()).number
    contract = DeployedContract(euro, hash_code(await bench.client.code(euro)))
    return Deployment("anvil", 31337, "test", block, Calendar(), {"TestEuro": contract})


async def test_a_deployment_survives_its_file(deployment: Deployment, tmp_path: Path):
    save_deployment(tmp_path / "anvil" / "test.json", deployment)
    again = load_deployment(tmp_path / "anvil" / "test.json")
    assert again.to_json() == deployment.to_json()
    assert again.address("TestEuro") == deployment.address("TestEuro")
    assert list((tmp_path / "anvil").iterdir()) == [tmp_path / "anvil" / "test.json"]


async def test_a_missing_or_broken_file_is_said_in_one_sentence(deployment: Deployment, tmp_path: Path):
    with pytest.raises(DeploymentMissing, match="deploy first"):
        load_deployment(tmp_path / "none.json")
    good, bad = deployment.to_json(), tmp_path / "bad.json"
    no_calendar = {**good, "calendar": {}}
    bad_address = {**good, "contracts": {"TestEuro": {"address": "0x1", "codeHash": "0x"}}}
    for content in ("", "[]", "{}", json.dumps(no_calendar), json.dumps(bad_address)):
        bad.write_text(content)
        with pytest.raises(DeploymentUnreadable, match="can't be used"):
            load_deployment(bad)


async def test_the_right_chain_passes(bench: Bench, deployment: Deployment):
    await require_chain(bench.client, deployment)


async def test_a_wrong_chain_missing_code_and_other_code_are_refused(bench: Bench, deployment: Deployment):
    euro = deployment.contracts["TestEuro"]
    with pytest.raises(WrongChain, match="on chain 31337, the deployment on 5"):
        await require_chain(bench.client, dataclasses.replace(deployment, chain_id=5))
    missing = {"TestEuro": DeployedContract(NOBODY, euro.code_hash)}
    with pytest.raises(ContractMissing, match=f"No TestEuro at {NOBODY}"):
        await require_chain(bench.client, dataclasses.replace(deployment, contracts=missing))
    changed = {"TestEuro": DeployedContract(euro.address, "0x" + "00" * 32)}
    with pytest.raises(ContractChanged, match="other code than the deployed TestEuro"):
        await require_chain(bench.client, dataclasses.replace(deployment, contracts=changed))


async def test_views_are_read_by_name_at_one_block(bench: Bench, deployment: Deployment):
    contracts = Contracts(deployment, bench.client)
    head = await bench.client.head()
    reads = [("TestEuro", "decimals", ()), ("TestEuro", "balanceOf", (NOBODY,))]
    assert await contracts.read_many(reads, at=head) == [6, 0]


async def test_a_refused_read_raises_the_contracts_own_error(bench: Bench, deployment: Deployment):
    contracts = Contracts(deployment, bench.client)
    with pytest.raises(ContractError) as refused:
        await contracts.read("TestEuro", "transfer", NOBODY, 5)
    assert refused.value.code == "insufficient-balance"


async def test_events_come_by_name(bench: Bench, deployment: Deployment):
    contracts, sender = Contracts(deployment, bench.client), await bench.sender()
    data = contracts.abi("TestEuro").encode("mint", NOBODY, 7)
    await sender.submit("a", contracts.address("TestEuro"), data, 200_000)
    await bench.mine()
    last = (await bench.client.head()).number
    for names in ((), ("Transfer",)):
        (event,) = await contracts.events(deployment.deployed_at_block, last, names=names)
        assert (event.contract, event.name, event.arguments["amount"]) == ("TestEuro", "Transfer", 7)
    assert await contracts.events(deployment.deployed_at_block, last, names=["GateMoved"]) == []


async def test_unknown_contracts_name_the_known_ones(bench: Bench, deployment: Deployment, tmp_path: Path):
    contracts = Contracts(deployment, bench.client)
    with pytest.raises(ContractUnknown, match="Auction: the known ones are TestEuro"):
        contracts.address("Auction")
    with pytest.raises(ContractUnknown, match="Auction"):
        contracts.abi("Auction")
    with pytest.raises(ContractUnknown):
        load_bytecode("Auction")
    with pytest.raises(AbiMissing, match="make compile"):
        load_abis(tmp_path)
    assert contracts.name_of(deployment.address("TestEuro").lower()) == "TestEuro"
    assert contracts.name_of(NOBODY) is None


async def test_web3_gets_a_contract_object(bench: Bench, deployment: Deployment):
    from web3 import Web3

    euro = Contracts(deployment, bench.client).web3("TestEuro", Web3(Web3.HTTPProvider(bench.url)))
    assert euro.functions.decimals().call() == 6
