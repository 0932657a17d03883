# SPDX-License-Identifier: MIT
"""The sender on a chain as it is: blocks come by themselves, change, and go; the pool has its rules."""

from collections.abc import Callable

import pytest

from tests.clique.conftest import PATIENCE, Bench, in_step, rewind, stop_sealing
from wattbook.chain.clique import CliqueChain
from wattbook.chain.sender import Submission
from wattbook.chain.transactions import State
from wattbook.processes import wait_until

pytestmark = pytest.mark.chain
GAS = 21_000
Fresh = Callable[[], str]


async def test_a_submission_pays_the_explicit_fee_and_becomes_final(bench: Bench, fresh_address: Fresh):
    sender, to = await bench.sender(), fresh_address()
    sent = await sender.submit("a", to, b"", GAS, value=5)
    assert sent.state is State.SENT
    await bench.until_final(sender)
    done = sender.find("a")
    assert done is not None
    assert (done.state, done.hash, done.succeeded) == (State.FINAL, sent.hash, True)
    raw = await bench.rpc("eth_getTransactionByHash", sent.hash)
    assert (raw["type"], int(raw["gasPrice"], 16)) == ("0x0", 10**9)
    head = await bench.client.head()
    assert head.number - (done.block_number or 0) + 1 >= bench.profile.confirmations
    assert await bench.client.balance(to) == 5


async def test_a_burst_arrives_once_each_through_whatever_the_chain_does(bench: Bench, fresh_address: Fresh):
    sender, recipients = await bench.sender(), [fresh_address() for _ in range(1_200)]
    for first in range(0, len(recipients), 400):
        part = recipients[first : first + 400]
        await sender.submit_many([Submission(f"k{first + i}", to, b"", GAS, 1) for i, to in enumerate(part)])
        await sender.confirm()
    await bench.until_final(sender)
    assert await bench.client.transaction_count(sender.address) == len(recipients)
    assert all([await bench.client.balance(to) == 1 for to in recipients[::40]])


async def test_a_batch_that_is_too_large_for_the_node_is_halved(bench: Bench):
    bench.client.rpc._batch_limit = 5_000
    answers = await bench.client.rpc.batch([("eth_chainId", ())] * 1_001)
    assert answers == [hex(bench.profile.chain_id)] * 1_001


async def test_a_stuck_transaction_is_replaced_by_the_pools_rule_and_happens_once(
    sealing: CliqueChain, bench: Bench, fresh_address: Fresh
):
    sender, to = await bench.sender(stuck_after=60), fresh_address()
    stop_sealing(sealing)
    sent = await sender.submit("a", to, b"", GAS, value=5)
    behind = await sender.submit("b", to, b"", GAS, value=7)
    bench.clock.ahead = 61
    front, second = await sender.pump()
    assert (front.state, front.hash != sent.hash, second.hash) == (State.SENT, True, behind.hash)
    assert (await bench.client.known_transactions([sent.hash, front.hash])) == [False, True]
    sealing.seal()
    await bench.until_final(sender)
    assert [s.hash for s in bench.journal.all()] == [front.hash, behind.hash]
    assert await bench.client.balance(to) == 12


async def test_a_transaction_that_a_rewound_chain_forgot_is_sent_again(
    sealing: CliqueChain, bench: Bench, fresh_address: Fresh
):
    sender, to = await bench.sender(confirmations=50), fresh_address()
    sent = await sender.submit("a", to, b"", GAS, value=5)
    block = await bench.until_mined(sent.hash)
    assert [s.state for s in await sender.confirm()] == [State.MINED]
    stop_sealing(sealing)
    rewind(sealing, block - 1)
    (changed,) = await sender.confirm()
    assert (changed.state, changed.block_hash) == (State.SIGNED, None)
    sealing.seal()
    (again,) = await sender.pump()
    assert (again.state, again.hash) == (State.SENT, sent.hash)
    await bench.until_mined(sent.hash)
    assert (await sender.confirm())[0].succeeded
    assert await bench.client.balance(to) == 5


async def test_a_reorganisation_that_takes_final_transactions_leaves_no_gap(
    sealing: CliqueChain, bench: Bench, fresh_address: Fresh
):
    sender, to = await bench.sender(), fresh_address()
    first = await sender.submit("a", to, b"", GAS, value=1)
    await bench.until_final(sender)
    kept = await sender.submit("b", to, b"", GAS, value=2)
    await bench.until_final(sender)
    block = (sender.find("b") or kept).block_number or 0
    stop_sealing(sealing)
    rewind(sealing, block - 1)
    # A head that shrank says nothing yet, and what is sent meanwhile waits behind the gap.
    assert await sender.confirm() == []
    behind = await sender.submit("c", to, b"", GAS, value=4, simulate=False)
    assert behind.nonce == kept.nonce + 1
    sealing.seal()
    assert wait_until(lambda: sealing.height() > block, PATIENCE)
    assert {s.key: s.state for s in await sender.confirm()} == {"b": State.SIGNED}
    await bench.until_final(sender)
    assert [s.hash for s in bench.journal.all()] == [first.hash, kept.hash, behind.hash]
    assert await bench.client.balance(to) == 7
    assert wait_until(lambda: in_step(sealing), PATIENCE)


async def test_two_signers_of_three_carry_transactions_on(
    sealing: CliqueChain, bench: Bench, fresh_address: Fresh
):
    sealing.child(2).kill()
    sender, to = await bench.sender(), fresh_address()
    for number in range(5):
        await sender.submit(f"k{number}", to, b"", GAS, value=1)
    await bench.until_final(sender)
    assert await bench.client.balance(to) == 5
