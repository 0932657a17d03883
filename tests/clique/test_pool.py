# SPDX-License-Identifier: MIT
"""What Geth's pool says to a raw transaction, and that each of its words is understood."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.clique.conftest import Bench
from wattbook.chain import answers
from wattbook.chain.answers import Answer, PoolRefused, read_refusal
from wattbook.errors import RpcRefused
from wattbook.keys import Key, key_from, sign_transaction

pytestmark = pytest.mark.chain
GWEI = 10**9
RECIPIENT = "0x" + "11" * 20


class Pool:
    """Sends transactions of one key as they are."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    async def take(self, nonce: int, key: Key | None = None, **changed: Any) -> str | PoolRefused:
        fields = {
            "nonce": nonce,
            "to": RECIPIENT,
            "value": 1,
            "gas": 21_000,
            "gasPrice": GWEI,
            "data": b"",
            "chainId": self._bench.profile.chain_id,
        }
        raw = bytes(sign_transaction(key or self._bench.key, {**fields, **changed}).raw_transaction)
        (answer,) = await self._bench.client.send_raw([raw])
        return read_refusal(answer) if isinstance(answer, RpcRefused) else answer


@pytest.fixture
def pool(bench: Bench) -> Pool:
    return Pool(bench)


async def test_a_replacement_pays_a_tenth_more_or_is_refused(pool: Pool):
    # Behind a gap in the nonces it waits, as long as the test needs.
    assert isinstance(await pool.take(7), str)
    refused = await pool.take(7, gasPrice=GWEI * 1_099 // 1_000, value=2)
    assert isinstance(refused, answers.Underpriced)
    assert isinstance(await pool.take(7, gasPrice=GWEI * 11 // 10, value=2), str)


async def test_a_replacement_with_a_tip_raises_both_or_is_refused(bench: Bench, pool: Pool):
    def fees(cap: int, tip: int) -> dict[str, Any]:
        return {"maxFeePerGas": cap, "maxPriorityFeePerGas": tip, "type": 2, "value": cap % 7 + 1}

    async def take(cap: int, tip: int) -> str | PoolRefused:
        fields = {"nonce": 9, "to": RECIPIENT, "gas": 21_000, "chainId": bench.profile.chain_id}
        raw = bytes(sign_transaction(bench.key, {**fields, **fees(cap, tip)}).raw_transaction)
        (answer,) = await bench.client.send_raw([raw])
        return read_refusal(answer) if isinstance(answer, RpcRefused) else answer

    assert isinstance(await take(10 * GWEI, 2 * GWEI), str)
    assert isinstance(await take(20 * GWEI, 2 * GWEI), answers.Underpriced)
    assert isinstance(await take(10 * GWEI, 4 * GWEI), answers.Underpriced)
    assert isinstance(await take(11 * GWEI, 22 * GWEI // 10), str)


async def test_the_same_transaction_twice_is_known(pool: Pool):
    assert isinstance(await pool.take(5), str)
    again = await pool.take(5)
    assert isinstance(again, answers.AlreadyKnown)
    assert again.meaning is Answer.TAKEN


async def test_a_spent_nonce_is_told_with_the_next_one(bench: Bench, pool: Pool):
    sent = await pool.take(0)
    assert isinstance(sent, str)
    await bench.until_mined(sent)
    refused = await pool.take(0, value=2)
    assert isinstance(refused, answers.NonceSpent)
    assert (refused.facts["next"], refused.facts["nonce"]) == (1, 0)


async def test_an_account_without_money_is_told_its_balance(pool: Pool, fresh_address: Callable[[], str]):
    poor = key_from(bytes.fromhex(fresh_address()[2:]).rjust(32, b"\x01"))
    refused = await pool.take(0, key=poor)
    assert isinstance(refused, answers.FundsMissing)
    assert (refused.facts["balance"], refused.facts["cost"]) == (0, 21_000 * GWEI + 1)


@pytest.mark.parametrize(
    ("changed", "kind", "facts"),
    [
        ({"gas": 60_000_001}, answers.GasAboveBlock, {}),
        ({"gas": 20_999}, answers.GasBelowData, {}),
        ({"gas": 8_000_000, "data": bytes(131_072)}, answers.TransactionTooLarge, {"limit": 131_072}),
        ({"gas": 2_000_000, "gasPrice": 1_000 * GWEI}, answers.FeeAboveCap, {"fee": "2.00", "cap": "1.00"}),
        ({"chainId": 1}, answers.SenderInvalid, {}),
    ],
)
async def test_what_no_pool_takes_is_hopeless(
    pool: Pool, changed: dict[str, Any], kind: type[PoolRefused], facts: dict[str, Any]
):
    refused = await pool.take(0, **changed)
    assert isinstance(refused, kind), refused
    assert refused.meaning is Answer.HOPELESS
    assert facts.items() <= refused.facts.items()
