# SPDX-License-Identifier: MIT
"""Whose signature it is: a key's, or that of a contract wallet which says so itself (EIP-1271)."""

from typing import NamedTuple

from api.context import Context
from api.errors import SignatureMalformed, SignerNotOwner, WalletDisagrees
from wattbook.chain.abi import ContractAbi
from wattbook.errors import RpcRefused
from wattbook.keys import recover
from wattbook.typeddata import Message

# What contracts/libraries/Signatures.sol lets a wallet use; a call's own cost comes on top.
WALLET_GAS = 150_000
CALL_GAS, BYTE_GAS = 21_000, 16
_QUESTION = {
    "type": "function",
    "name": "isValidSignature",
    "stateMutability": "view",
    "inputs": [{"name": "digest", "type": "bytes32"}, {"name": "signature", "type": "bytes"}],
    "outputs": [{"name": "", "type": "bytes4"}],
}
_WALLET = ContractAbi("IERC1271", [_QUESTION])
YES = bytes.fromhex("1626ba7e").ljust(32, b"\0")


class Checked(NamedTuple):
    """What was signed, and whether a contract wallet answered for it."""

    digest: bytes
    by_wallet: bool


async def check_signature(ctx: Context, message: Message, signature: str, owner: str) -> Checked:
    """Raises SignatureMalformed, SignerNotOwner, WalletDisagrees, ChainUnreachable."""
    digest = message.digest(ctx.domain)
    given = _bytes_of(signature)
    signer = _key_behind(digest, given)
    if signer == owner:
        return Checked(digest, by_wallet=False)
    if await ctx.contracts.client.code(owner):
        if not await _says_yes(ctx, owner, digest, given):
            raise WalletDisagrees(owner=owner)
        return Checked(digest, by_wallet=True)
    if signer is None:
        raise SignatureMalformed()
    raise SignerNotOwner(owner=owner, signer=signer)


def _bytes_of(signature: str) -> bytes:
    try:
        return bytes.fromhex(signature[2:])
    except ValueError:
        raise SignatureMalformed() from None


def _key_behind(digest: bytes, signature: bytes) -> str | None:
    try:
        return recover(digest, signature)
    except ValueError:
        return None


async def _says_yes(ctx: Context, wallet: str, digest: bytes, signature: bytes) -> bool:
    """Asked as the order book will ask: in its name, with its gas."""
    question = _WALLET.encode("isValidSignature", digest, signature)
    free = 3 * question.count(0) * BYTE_GAS // 4  # a zero byte costs 4, any other 16
    gas = WALLET_GAS + CALL_GAS + len(question) * BYTE_GAS - free
    try:
        answer = await ctx.contracts.client.call(wallet, question, sender=ctx.venue, gas=gas)
    except RpcRefused:
        return False
    return answer[:32] == YES
