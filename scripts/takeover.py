# SPDX-License-Identifier: MIT
"""A new order book takes over while the old one drains: `wattbook deploy --takeover NEW`, then `--drain`.

Each command does what can be done now and says what waits; run it again when the time has come. The new book
has a deployment file of its own, which shares all other contracts with the old one: processes move over by
being started with it. After the drain the old book takes no orders; cancels and claims go on to the end.
"""

from dataclasses import replace
from pathlib import Path

from scripts import plan
from scripts.administer import Administrator, Step
from scripts.inspection.state import GRANTORS
from wattbook.chain.contracts import Contracts, load_bytecode
from wattbook.chain.profiles import load_profile
from wattbook.cli.session import Chain, receipt_of
from wattbook.deployments import (
    DeployedContract,
    Deployment,
    hash_code,
    load_deployment,
    require_chain,
    save_deployment,
)
from wattbook.errors import DeploymentMissing
from wattbook.keys import Key, sign_transaction

BOOK = "OrderBook"
CREATION_GAS = 14_000_000


async def take_over(chain: Chain, key: Key, old_file: Path, new_file: Path) -> list[Step]:
    """Deploys the new book if it has no file yet, then asks for its rights. Raises as `Administrator.act`."""
    try:
        new = load_deployment(new_file)
    except DeploymentMissing:
        new = await begin(chain, key, old_file, new_file)
    await require_chain(chain.client, new)
    contracts, book = Contracts(new, chain.client), new.address(BOOK)
    administrator = Administrator(Chain(contracts, chain.client), key)
    lacking = [each for each in GRANTORS if not await is_granted(contracts, each, book)]
    more = {"PaymentVault": (False,)}  # it may lock, not charge
    return [await administrator.act(each, "grantVenue", book, *more.get(each, ())) for each in lacking]


async def drain(chain: Chain, key: Key, file: Path) -> list[Step]:
    """Takes the book's rights: no new orders, every exit stays open. Raises as `Administrator.act`."""
    deployment = load_deployment(file)
    book, administrator = deployment.address(BOOK), Administrator(chain, key)
    left = [each for each in GRANTORS if await is_granted(chain.contracts, each, book)]
    steps = [await administrator.act(each, "revokeVenue", book) for each in left]
    if all(step.done for step in steps):
        save_deployment(file, replace(deployment, draining=True))
    return steps


async def is_granted(contracts: Contracts, grantor: str, venue: str) -> bool:
    if grantor == "PaymentVault":
        return bool((await contracts.read(grantor, "venueRights", venue))[0])
    return bool(await contracts.read(grantor, "isVenue", venue))


async def begin(chain: Chain, key: Key, old_file: Path, new_file: Path) -> Deployment:
    """A book with the old one's constructor arguments; both files name the other's book."""
    old = load_deployment(old_file)
    book = await deployed_at(chain, await create_book(chain, key, old))
    extension = await deployed_at(chain, await extension_of(chain, book.address))
    name = new_file.stem
    new = replace(
        old,
        name=name,
        contracts={**old.contracts, BOOK: book, plan.EXTENSIONS[BOOK]: extension},
        other_venues={**old.other_venues, f"{BOOK} of {old.name}": old.address(BOOK)},
    )
    save_deployment(new_file, new)
    save_deployment(
        old_file, replace(old, other_venues={**old.other_venues, f"{BOOK} of {name}": book.address})
    )
    return new


async def deployed_at(chain: Chain, address: str) -> DeployedContract:
    return DeployedContract(address, hash_code(await chain.client.code(address)))


async def extension_of(chain: Chain, book: str) -> str:
    """The extension that a book made when it was deployed."""
    abi = chain.contracts.abi(BOOK)
    return str(abi.decode_result("extension", await chain.client.call(book, abi.encode("extension"))))


async def create_book(chain: Chain, key: Key, old: Deployment) -> str:
    """The new book's address. Raises TransactionReverted, TransactionPending."""
    at = {name: contract.address for name, contract in old.contracts.items()}
    times = tuple(old.calendar.to_json().values())
    arguments = plan.constructor_arguments(BOOK, key.address, times, at)
    fields = {
        "nonce": await chain.client.transaction_count(key.address, "pending"),
        "data": load_bytecode(BOOK) + chain.contracts.abi(BOOK).encode_constructor(*arguments),
        "value": 0,
        "gas": CREATION_GAS,
        "chainId": old.chain_id,
        **load_profile(old.chain).fees.fields(),
    }
    signed = sign_transaction(key, fields)
    (answer,) = await chain.client.send_raw([bytes(signed.raw_transaction)])
    if not isinstance(answer, str):
        raise answer
    await receipt_of(chain, answer)
    receipt = await chain.client.receipt(answer)
    return str(receipt.contract_address if receipt else "")
