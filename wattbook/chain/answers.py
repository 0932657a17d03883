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
    code = "pool-refused"
    exit_status = Exit.REFUSED
    http_status = 502
    sentence = "The node does not take the transaction: {words}."
    meaning: ClassVar[Answer] = Answer.LATER


class AlreadyKnown(PoolRefused):
    code = "already-known"
    meaning = Answer.TAKEN


class NonceSpent(PoolRefused):
    code = "nonce-spent"
    meaning = Answer.SPENT


class NonceAhead(PoolRefused):
    code = "nonce-ahead"


class Underpriced(PoolRefused):
    code = "underpriced"
    sentence = "The transaction pays too little: {words}."
    meaning = Answer.UNDERPRICED


class FundsMissing(PoolRefused):
    code = "funds-missing"
    sentence = "The account can't pay for its gas: {words}."
    meaning = Answer.POOR


class GasAboveBlock(PoolRefused):
    code = "gas-above-block"
    meaning = Answer.HOPELESS


class GasBelowData(PoolRefused):
    code = "gas-below-data"
    meaning = Answer.HOPELESS


class TransactionTooLarge(PoolRefused):
    code = "transaction-too-large"
    meaning = Answer.HOPELESS


class FeeAboveCap(PoolRefused):
    code = "fee-above-cap"
    meaning = Answer.HOPELESS


class SenderInvalid(PoolRefused):
    code = "sender-invalid"
    meaning = Answer.HOPELESS


class PoolFull(PoolRefused):
    code = "pool-full"


# Tried in this order; what a group is called is a fact. Ganache has one sentence for both nonces.
_WORDS: tuple[tuple[type[PoolRefused], str], ...] = (
    (AlreadyKnown, r"already known|already imported|already in (the )?pool|known transaction"),
    (NonceSpent, r"nonce too low: next nonce (?P<next>\d+), tx nonce (?P<nonce>\d+)"),
    (NonceSpent, r"nonce too low|nonce is too low|nonce has already been used"),
    (NonceAhead, r"account has nonce of: (?P<next>\d+) tx has nonce of: (?P<nonce>\d+)"),
    (Underpriced, r"underpriced"),
    (FundsMissing, r"insufficient funds.*: balance (?P<balance>\d+), tx cost (?P<cost>\d+)"),
    (FundsMissing, r"insufficient funds|enough funds"),
    (GasAboveBlock, r"block gas limit|gas limit too high"),
    (GasBelowData, r"intrinsic gas too (low|high)|out of gas"),
    (TransactionTooLarge, r"oversized data: transaction size (?P<size>\d+), limit (?P<limit>\d+)"),
    (TransactionTooLarge, r"oversized data|initcode size"),
    (FeeAboveCap, r"tx fee \((?P<fee>[\d.]+) ether\) exceeds the configured cap \((?P<cap>[\d.]+) ether\)"),
    (FeeAboveCap, r"exceeds the configured cap"),
    (SenderInvalid, r"invalid (sender|chain id)|only replay-protected"),
    (PoolFull, r"pool is full|pool (limit )?reached"),
)
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _WORDS)
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
