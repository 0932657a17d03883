# SPDX-License-Identifier: MIT
"""Who holds which key of the published test mnemonic, on local chains only (its account index)."""

from eth_account import Account

from scripts.plan import Holders
from wattbook.keys import DEMO_MNEMONIC, demo_key

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


def local_holders(chain_id: int) -> Holders:
    """The addresses behind the roles on a local chain. Raises DemoKeyRefused elsewhere."""

    def address(person: int) -> str:
        return demo_key(person, chain_id).address

    return Holders(
        operator=address(OPERATOR),
        regulator=address(REGULATOR),
        grid_operator=address(GRID_OPERATOR),
        authority=address(AUTHORITY),
        backstop=address(BACKSTOP),
        fees=address(FEES),
    )


def published_secret(person: int, chain_id: int) -> str:
    """A test key as text, for whoever wants to try it in a wallet. Raises DemoKeyRefused off local chains."""
    demo_key(person, chain_id)
    return (
        "0x" + bytes(Account.from_mnemonic(DEMO_MNEMONIC, account_path=f"m/44'/60'/0'/0/{person}").key).hex()
    )
