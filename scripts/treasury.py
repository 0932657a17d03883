# SPDX-License-Identifier: MIT
"""The coin of a chain of one's own: one key has all of it from the genesis block on, and pays gas money to
those who send. What was paid stands in its journal, so everybody is paid once.

    <data>/treasury/key.json, password, journal.db
"""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from wattbook.chain.client import ChainClient
from wattbook.chain.journal import Journal
from wattbook.chain.profiles import Profile
from wattbook.chain.sender import Sender, Submission
from wattbook.clock import SystemClock
from wattbook.errors import TransactionPending
from wattbook.keys import Key, create_keystore, open_keystore, read_password

# At 1 gwei: a hundred thousand million gas, or years of a relay's batches.
ALLOWANCE_WEI = 100 * 10**18
PLAIN_GAS = 21_000
PATIENCE_SECONDS = 120
EVERY_SECONDS = 0.5


def open_key(path: Path) -> Key:
    """The key of a keystore beside its password file; both are made if missing. Raises SecretErrors."""
    password = ensure_password(path.parent)
    return open_keystore(path, password) if path.exists() else create_keystore(path, password)


def ensure_password(folder: Path) -> str:
    """Of all keystores in a folder, in a file that only its owner may read. Raises PasswordMissing."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "password"
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
            output.write(secrets.token_urlsafe(24) + "\n")
    return read_password(file, "WATTBOOK_DEPLOYER_PASSWORD")


async def pay_gas_money(profile: Profile, url: str, treasury: Path, addresses: Sequence[str]) -> None:
    """Once for each address, and waits until it is final. Raises ChainUnreachable, TransactionPending."""
    journal = Journal(treasury / "journal.db")
    try:
        async with ChainClient.of(profile, SystemClock(), url) as client:
            key = open_key(treasury / "key.json")
            sender = await Sender.open(client, key, journal, profile.fees, profile.confirmations)
            wanted = [Submission(f"gas:{to}", to, b"", PLAIN_GAS, ALLOWANCE_WEI) for to in addresses]
            await sender.submit_many(wanted)
            await until_final(sender, client)
    finally:
        journal.close()


async def until_final(sender: Sender, client: ChainClient) -> None:
    """Raises ChainUnreachable, TransactionPending."""
    for _ in range(int(PATIENCE_SECONDS / EVERY_SECONDS)):
        await sender.confirm()
        open_still = await sender.pump()
        if not open_still:
            return
        await client.clock.sleep(EVERY_SECONDS)
    raise TransactionPending(transaction=open_still[0].hash, seconds=PATIENCE_SECONDS)
