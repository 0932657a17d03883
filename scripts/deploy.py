# SPDX-License-Identifier: MIT
"""Brownie script: puts the contracts on a chain and connects them. A second run changes nothing; after a
crash at any transaction it goes on.

Contract i of the plan lies at the address that follows from the deployer and the nonce `first + i`; `first`
is written to a file before the first transaction is sent. So what is there already is known from the chain
alone. Reads what to do from the file that WATTBOOK_REQUEST names (scripts/request.py).
"""

import asyncio
from typing import Any

import rlp
from brownie import network, project, web3
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from scripts import people, plan
from scripts.request import Request
from wattbook.chain.contracts import load_abis
from wattbook.clock import SystemClock
from wattbook.keys import DEMO_MNEMONIC, demo_key
from wattbook.payment_token import PaymentToken

PATIENCE_SECONDS = 60


def main() -> None:
    """Deploys what is missing, then connects the contracts and hands out the roles."""
    request = Request.from_environment()
    request.require_chain(web3.eth.chain_id)
    sender = Sender(request)
    at, block = deploy_contracts(request, sender)
    connect(at, request, sender)
    at |= {extension: contract_at(name, at[name]).extension() for name, extension in plan.EXTENSIONS.items()}
    codes = {name: bytes(web3.eth.get_code(to_checksum_address(address))) for name, address in at.items()}
    token = contract_at("TestEuro", at["TestEuro"])
    request.save_deployment(at, codes, block, PaymentToken(token.symbol(), token.decimals()))


class Sender:
    """An account that sends, with the chain's explicit fee."""

    def __init__(self, request: Request, person: int = people.OPERATOR) -> None:
        self.account = account_of(request, person)
        self._fixed = {"gas_price": request.gas_price, "required_confs": request.confirmations}

    @property
    def address(self) -> ChecksumAddress:
        return to_checksum_address(self.account.address)

    def options(self, **more: Any) -> dict[str, Any]:
        return {"from": self.account, **self._fixed, **more}


def account_of(request: Request, person: int) -> Any:
    """The person's keystore account; on local chains a key of the published mnemonic."""
    if request.keys is not None:
        path = people.keystore_of(person, request.keys)
        return network.accounts.load(str(path.resolve()), password=people.password_of(request.keys))
    demo_key(person, request.chain_id)  # refuses any other chain
    return network.accounts.from_mnemonic(DEMO_MNEMONIC, 1, person)


def deploy_contracts(request: Request, sender: Sender) -> tuple[dict[str, str], int]:
    """(addresses by name, all with code; the block before the first)."""
    first = web3.eth.get_transaction_count(sender.address)
    progress = request.progress(first, web3.eth.block_number, fingerprint(request))
    at: dict[str, str] = {}
    for place, name in enumerate(plan.CONTRACTS):
        nonce = progress.first_nonce + place
        address = address_of(sender.address, nonce)
        if not is_deployed(address, sender.address, nonce):
            deploy_one(name, nonce, at, request, sender, address)
        at[name] = address
        print(f"{name:<16}{address}")
    return at, progress.block


def deploy_one(
    name: str, nonce: int, at: dict[str, str], request: Request, sender: Sender, expected: str
) -> None:
    arguments = plan.constructor_arguments(name, sender.address, request.times, at)
    deployed = container(request.artifact_of(name)).deploy(*arguments, sender.options(nonce=nonce))
    if deployed.address != expected:
        raise SystemExit(
            f"wattbook: {name} landed at {deployed.address}, not at {expected}: "
            "something else sends with the deployer's key; stop it and deploy under a new name."
        )


def connect(at: dict[str, str], request: Request, sender: Sender) -> None:
    """Roles and venues, each only where it is missing."""
    contracts = {name: contract_at(name, address) for name, address in at.items()}
    vault, settlement = contracts["PaymentVault"], contracts["Settlement"]
    book = at["OrderBook"]
    set_roles(contracts, request, sender)
    for venue, may_charge in ((book, False), (settlement.address, True), (at["Disputes"], False)):
        if not vault.venueRights(venue)[0]:
            vault.grantVenue(venue, may_charge, sender.options())
    for contract in (settlement, contracts["GridOversight"]):
        if not contract.isVenue(book):
            contract.grantVenue(book, sender.options())
    if contracts["MeterReadings"].settlement() != settlement.address:
        contracts["MeterReadings"].connectSettlement(settlement.address, sender.options())
    if contracts["MeterReadings"].disputes() != at["Disputes"]:
        contracts["MeterReadings"].connectDisputes(at["Disputes"], sender.options())
    if contracts["EnergyToken"].minter() != settlement.address:
        contracts["EnergyToken"].connectMinter(settlement.address, sender.options())
    go_live(contracts["Administration"], request, sender)


def set_roles(contracts: dict[str, Any], request: Request, sender: Sender) -> None:
    """One transaction with whatever is missing. The deployer connects contracts, so it is an operator too."""
    administration = contracts["Administration"]
    at = {name: contract.address for name, contract in contracts.items()}
    wanted: list[tuple[int, str]] = [(role, sender.address) for role in (plan.OPERATOR, plan.VENUE_GRANTOR)]
    wanted += plan.role_holders(request.holders, at)
    calls = [
        administration.grantRole.encode_input(role, holder, 0)
        for role, holder in dict.fromkeys(wanted)
        if not administration.hasRole(role, holder)[0]
    ]
    for name, by_role in plan.RESTRICTED.items():
        for role, functions in by_role.items():
            calls += restrict(administration, contracts[name], role, functions)
    if calls:
        administration.multicall(calls, sender.options())


def go_live(administration: Any, request: Request, sender: Sender) -> None:
    """The end of a deployment: whoever grants venues or changes roles gives notice from now on.

    The admin comes last: to change any of this it has to give notice as well.
    """
    holders = dict.fromkeys([request.holders.operator, sender.address])
    wanted = [(plan.VENUE_GRANTOR, holder) for holder in holders] + [(plan.ADMIN, sender.address)]
    calls = [
        administration.setRoleGuardian.encode_input(role, guardian)
        for role, guardian in plan.GUARDIANS.items()
        if administration.getRoleGuardian(role) != guardian
    ]
    calls += [
        administration.grantRole.encode_input(role, holder, plan.NOTICE[role])
        for role, holder in wanted
        if administration.hasRole(role, holder)[1] != plan.NOTICE[role]
    ]
    if calls:
        administration.multicall(calls, sender.options())


def restrict(administration: Any, contract: Any, role: int, functions: tuple[str, ...]) -> list[str]:
    """The call that gives `functions` to `role`, or none if they have it."""
    selectors = [getattr(contract, function).signature for function in functions]
    if all(administration.getTargetFunctionRole(contract, each) == role for each in selectors):
        return []
    return [administration.setTargetFunctionRole.encode_input(contract.address, selectors, role)]


def contract_at(name: str, address: str) -> Any:
    """A contract with all its functions: Brownie doesn't know of its extension's."""
    contract: Any = network.contract.Contract
    return contract.from_abi(name, address, load_abis()[name].entries, persist=False)


def container(artifact: str) -> Any:
    return getattr(project.main.get_loaded_projects()[0], artifact)


def fingerprint(request: Request) -> str:
    """Changes when code or times do: a deployment is finished with what it was begun with."""
    code = "".join(container(request.artifact_of(name)).bytecode for name in plan.CONTRACTS)
    return keccak(text=f"{code}{request.times}").hex()


def is_deployed(address: ChecksumAddress, deployer: ChecksumAddress, nonce: int) -> bool:
    """Whether code lies there; a creation that an earlier run sent is waited for."""
    if not web3.eth.get_code(address) and web3.eth.get_transaction_count(deployer, "pending") > nonce:
        asyncio.run(wait_until_mined(deployer, nonce))
    return bool(web3.eth.get_code(address))


async def wait_until_mined(deployer: ChecksumAddress, nonce: int) -> None:
    clock = SystemClock()
    for _ in range(2 * PATIENCE_SECONDS):
        if web3.eth.get_transaction_count(deployer) > nonce:
            return
        await clock.sleep(0.5)
    raise SystemExit(f"wattbook: transaction {nonce} of the deployer waits: is the chain making blocks?")


def address_of(deployer: str, nonce: int) -> ChecksumAddress:
    """Where a contract created with this nonce lies."""
    return to_checksum_address(keccak(rlp.encode([bytes.fromhex(deployer[2:]), nonce]))[-20:])
