# SPDX-License-Identifier: MIT
"""The words of each engine about a raw transaction mean one of a few things."""

import pytest

from wattbook.chain.answers import (
    Answer,
    FeeAboveCap,
    FundsMissing,
    NonceSpent,
    PoolRefused,
    TransactionTooLarge,
    read_answer,
    read_refusal,
)
from wattbook.errors import RpcRefused

WORDS = {
    "already known": Answer.TAKEN,
    "transaction already imported": Answer.TAKEN,
    "nonce too low: next nonce 1, tx nonce 0": Answer.SPENT,
    "the tx doesn't have the correct nonce. account has nonce of: 5 tx has nonce of: 3": Answer.SPENT,
    "the tx doesn't have the correct nonce. account has nonce of: 3 tx has nonce of: 5": Answer.LATER,
    "replacement transaction underpriced": Answer.UNDERPRICED,
    "insufficient funds for gas * price + value: balance 0": Answer.POOR,
    "Insufficient funds for gas * price + value": Answer.POOR,
    "exceeds block gas limit": Answer.HOPELESS,
    "oversized data: transaction size 131181, limit 131072": Answer.HOPELESS,
    "tx fee (2.00 ether) exceeds the configured cap (1.00 ether)": Answer.HOPELESS,
    "intrinsic gas too low": Answer.HOPELESS,
    "txpool is full": Answer.LATER,
}


@pytest.mark.parametrize(("words", "meaning"), WORDS.items())
def test_an_engines_words_are_understood(words: str, meaning: Answer):
    refused = RpcRefused(method="eth_sendRawTransaction", rpc_code=-32000, rpc_message=words, rpc_data=None)
    assert read_answer(refused) is meaning


@pytest.mark.parametrize(
    ("words", "kind", "facts"),
    [
        ("nonce too low: next nonce 1, tx nonce 0", NonceSpent, {"next": 1, "nonce": 0}),
        ("account has nonce of: 5 tx has nonce of: 3", NonceSpent, {"next": 5, "nonce": 3}),
        (
            "insufficient funds for gas * price + value: balance 7, tx cost 21, overshot 14",
            FundsMissing,
            {"balance": 7, "cost": 21},
        ),
        (
            "oversized data: transaction size 131181, limit 131072",
            TransactionTooLarge,
            {"size": 131_181, "limit": 131_072},
        ),
        (
            "tx fee (2.10 ether) exceeds the configured cap (1.00 ether)",
            FeeAboveCap,
            {"fee": "2.10", "cap": "1.00"},
        ),
        ("something new", PoolRefused, {}),
    ],
)
def test_what_an_engine_tells_is_a_fact_of_the_error(words: str, kind: type[PoolRefused], facts: dict):
    refused = RpcRefused(method="eth_sendRawTransaction", rpc_code=-32000, rpc_message=words, rpc_data=None)
    error = read_refusal(refused)
    assert type(error) is kind
    assert error.facts == {"words": words, **facts}


def test_a_hash_means_taken():
    assert read_answer("0x" + "11" * 32) is Answer.TAKEN
