# SPDX-License-Identifier: MIT
"""What a node means by refusing a raw transaction: the words of Geth, Anvil, Ganache and polygon-edge.

error = read_refusal(refused)
error.meaning      what the sender does about it
error.facts        what the node told, such as the balance, beside its own `words`

PoolRefused
├── AlreadyKnown
├── NonceSpent                  next, nonce
├── NonceAhead                  next, nonce (Ganache only; Geth takes it silently and lets it wait)
├── Underpriced                 the pool holds another one of this nonce that pays nearly as much, or more
├── FundsMissing                balance, cost in wei; a wrong signature looks like it
├── GasAboveBlock
├── GasBelowData                the gas does not even pay for its data
├── TransactionTooLarge         size, limit in bytes
├── FeeAboveCap                 fee, cap in coins: a limit of the node's own
├── SenderInvalid               signed for another chain, or not at all
└── PoolFull
"""

import re
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, ClassVar

from wattbook.errors import ChainError, Exit, RpcRefused


class Answer(Enum):
    TAKEN = auto()  # it is in the pool, or was already
    SPENT = auto()  # its nonce is in a block: by an attempt of ours, or by somebody else
    UNDERPRICED = auto()  # the pool holds another attempt that pays nearly as much, or more
    POOR = auto()  # the account can't pay: may pass
    HOPELESS = auto()  # no node will ever take it
    LATER = auto()  # anything else: try again


class PoolRefused(ChainError):
    exit_status = Exit.REFUSED
    http_status = 502
    sentence = "The node does not take the transaction: {words}."
    meaning: ClassVar[Answer] = Answer.LATER


def _kind(
    name: str, meaning: Answer, *patterns: str, sentence: str = PoolRefused.sentence
) -> type[PoolRefused]:
    """A class for the refusals that one of the patterns finds; what a group is called is a fact."""
    members = {"meaning": meaning, "sentence": sentence, "__module__": __name__}
    found = type(name, (PoolRefused,), members)
    _PATTERNS.extend((found, re.compile(pattern)) for pattern in patterns)
    return found


# Tried in this order. Ganache has one sentence for both nonces.
_PATTERNS: list[tuple[type[PoolRefused], re.Pattern[str]]] = []

AlreadyKnown = _kind(
    "AlreadyKnown",
    Answer.TAKEN,
    r"already known|already imported|already in (the )?pool|known transaction",
)
NonceSpent = _kind(
    "NonceSpent",
    Answer.SPENT,
    r"nonce too low: next nonce (?P<next>\d+), tx nonce (?P<nonce>\d+)",
    r"nonce too low|nonce is too low|nonce has already been used",
)
NonceAhead = _kind(
    "NonceAhead",
    Answer.LATER,
    r"account has nonce of: (?P<next>\d+) tx has nonce of: (?P<nonce>\d+)",
)
Underpriced = _kind(
    "Underpriced",
    Answer.UNDERPRICED,
    r"underpriced",
    sentence="The transaction pays too little: {words}.",
)
FundsMissing = _kind(
    "FundsMissing",
    Answer.POOR,
    r"insufficient funds.*: balance (?P<balance>\d+), tx cost (?P<cost>\d+)",
    r"insufficient funds|enough funds",
    sentence="The account can't pay for its gas: {words}.",
)
GasAboveBlock = _kind("GasAboveBlock", Answer.HOPELESS, r"block gas limit|gas limit too high")
GasBelowData = _kind("GasBelowData", Answer.HOPELESS, r"intrinsic gas too (low|high)|out of gas")
TransactionTooLarge = _kind(
    "TransactionTooLarge",
    Answer.HOPELESS,
    r"oversized data: transaction size (?P<size>\d+), limit (?P<limit>\d+)",
    r"oversized data|initcode size",
)
FeeAboveCap = _kind(
    "FeeAboveCap",
    Answer.HOPELESS,
    r"tx fee \((?P<fee>[\d.]+) ether\) exceeds the configured cap \((?P<cap>[\d.]+) ether\)",
    r"exceeds the configured cap",
)
SenderInvalid = _kind("SenderInvalid", Answer.HOPELESS, r"invalid (sender|chain id)|only replay-protected")
PoolFull = _kind("PoolFull", Answer.LATER, r"pool is full|pool (limit )?reached")

_TEXTS: dict[str, Callable[[str], Any]] = {"fee": str, "cap": str}


def read_refusal(refused: RpcRefused) -> PoolRefused:
    """The error that a node's words stand for, with the numbers in them as facts."""
    words = str(refused.facts["rpc_message"])
    for kind, pattern in _PATTERNS:
        if found := pattern.search(words.lower()):
            facts = {name: _TEXTS.get(name, int)(value) for name, value in found.groupdict().items()}
            if kind is NonceAhead and facts["nonce"] < facts["next"]:
                kind = NonceSpent
            return kind(words=words, **facts)
    return PoolRefused(words=words)


def read_answer(answer: str | RpcRefused) -> Answer:
    """The meaning of eth_sendRawTransaction's result or refusal."""
    return Answer.TAKEN if isinstance(answer, str) else read_refusal(answer).meaning
