# SPDX-License-Identifier: MIT
"""The words of each engine about a raw transaction mean one of a few things."""

import pytest

from wattbook.chain.answers import Answer, read_answer
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


def test_a_hash_means_taken():
    assert read_answer("0x" + "11" * 32) is Answer.TAKEN
