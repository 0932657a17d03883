# SPDX-License-Identifier: MIT
"""What a node means by refusing a raw transaction: the words of Geth, Anvil, Ganache and polygon-edge."""

import re
from enum import Enum, auto

from wattbook.errors import RpcRefused


class Answer(Enum):
    TAKEN = auto()  # it is in the pool, or was already
    SPENT = auto()  # its nonce is in a block: by an attempt of ours, or by somebody else
    UNDERPRICED = auto()  # the pool holds another attempt that pays nearly as much, or more
    POOR = auto()  # the account can't pay: may pass
    HOPELESS = auto()  # no node will ever take it
    LATER = auto()  # anything else: try again


_WORDS = (
    (Answer.TAKEN, r"already known|already imported|already in (the )?pool|known transaction"),
    (Answer.SPENT, r"nonce too low|nonce is too low|nonce has already been used"),
    (Answer.UNDERPRICED, r"replacement transaction underpriced|transaction underpriced|underpriced"),
    (Answer.POOR, r"insufficient funds|enough funds"),
    (Answer.HOPELESS, r"block gas limit|intrinsic gas too (low|high)|gas limit too high|out of gas"),
    (Answer.HOPELESS, r"oversized data|exceeds the configured cap|initcode size|invalid (sender|chain id)"),
)
# Ganache says one thing for both sides: account has nonce of: 5 tx has nonce of: 3
_GANACHE_NONCE = re.compile(r"account has nonce of: (\d+) tx has nonce of: (\d+)")


def read_answer(answer: str | RpcRefused) -> Answer:
    """The meaning of eth_sendRawTransaction's result or refusal."""
    if isinstance(answer, str):
        return Answer.TAKEN
    words = str(answer.facts["rpc_message"]).lower()
    if found := _GANACHE_NONCE.search(words):
        return Answer.SPENT if int(found[2]) < int(found[1]) else Answer.LATER
    return next((meaning for meaning, pattern in _WORDS if re.search(pattern, words)), Answer.LATER)
