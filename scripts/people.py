# SPDX-License-Identifier: MIT
"""Who holds which key: of the published test mnemonic on local chains (its account index), elsewhere a
keystore of their own.
"""

from pathlib import Path

from eth_account import Account

from scripts.plan import Holders
from scripts.treasury import ensure_password, open_key
from wattbook.keys import DEMO_MNEMONIC, demo_key, read_password

OPERATOR = 0  # deploys
AUTHORITY = 1  # signs admissions
REGULATOR = 2
GRID_OPERATOR = 3
BACKSTOP = 4
FEES = 5
RELAY = 6
RECEIPTS = 7  # signs the relay's receipts
GATEWAY = 8  # signs readings and posts them
KEEPER = 9  # settles, for anybody
FIRST_MEMBER = 10

# The keystore files of those who have a key on a chain of one's own.
NAMES = (
    "operator",
    "authority",
    "regulator",
    "grid-operator",
    "backstop",
    "fees",
    "relay",
    "receipts",
    "gateway",
    "keeper",
)
PASSWORD_FILE = "password"


def local_holders(chain_id: int) -> Holders:
    """The addresses behind the roles on a local chain. Raises DemoKeyRefused elsewhere."""

    return holders_of([demo_key(person, chain_id).address for person in range(len(NAMES))])


def holders_of(addresses: list[str]) -> Holders:
    """The roles of people listed by number."""
    return Holders(
        operator=addresses[OPERATOR],
        regulator=addresses[REGULATOR],
        grid_operator=addresses[GRID_OPERATOR],
        authority=addresses[AUTHORITY],
        backstop=addresses[BACKSTOP],
        fees=addresses[FEES],
    )


def keystore_of(person: int, folder: Path) -> Path:
    return folder / f"{NAMES[person]}.json"


def password_of(folder: Path) -> str:
    """Of all keystores in the folder. Raises PasswordMissing."""
    return read_password(folder / PASSWORD_FILE, "WATTBOOK_DEPLOYER_PASSWORD")


def make_keys(folder: Path) -> list[str]:
    """Everybody's address, by number; keystores that are missing are made. Raises SecretErrors."""
    ensure_password(folder)
    known = folder / "addresses"
    if known.exists() and len(addresses := known.read_text().split()) == len(NAMES):
        return addresses
    addresses = [open_key(keystore_of(person, folder)).address for person in range(len(NAMES))]
    known.write_text("\n".join(addresses) + "\n")
    return addresses


def published_secret(person: int, chain_id: int) -> str:
    """A test key as text, for whoever wants to try it in a wallet. Raises DemoKeyRefused off local chains."""
    demo_key(person, chain_id)
    return (
        "0x" + bytes(Account.from_mnemonic(DEMO_MNEMONIC, account_path=f"m/44'/60'/0'/0/{person}").key).hex()
    )
