# SPDX-License-Identifier: MIT
"""The sender: a transaction is sent once, whatever pool, chain and fees do. Against a real Anvil."""

from collections.abc import Callable

import pytest

from tests.wattbook.chain.conftest import Bench
from wattbook.chain.answers import FeeAboveCap
from wattbook.chain.client import ChainClient
from wattbook.chain.contracts import load_abis, load_bytecode
from wattbook.chain.journal import Journal
from wattbook.chain.sender import Sender, Submission
from wattbook.chain.transactions import State
from wattbook.errors import (
    ContractError,
    JournalForeign,
    RpcRefused,
    SubmissionChanged,
    TransactionRefused,
)
from wattbook.keys import demo_key, key_from

pytestmark = pytest.mark.chain
GAS = 21_000
Fresh = Callable[[], str]


async def test_a_submission_is_sent_mined_and_final(bench: Bench, fresh_address: Fresh):
    sender, to = await bench.sender(), fresh_address()
    sent = await sender.submit("a", to, b"", GAS, value=5)
    assert (sent.state, sent.status) == (State.SENT, None)
    assert await sender.confirm() == []
    await bench.mine()
    (changed,) = await sender.confirm()
    assert (changed.state, changed.status, changed.hash) == (State.FINAL, 1, sent.hash)
    assert changed.succeeded
    assert await bench.client.balance(to) == 5
    assert sender.unfinished() == []


async def test_the_same_key_twice_sends_once(bench: Bench, fresh_address: Fresh):
    sender, to = await bench.sender(), fresh_address()
    first = await sender.submit("a", to, b"", GAS, value=5)
    assert await sender.submit("a", to, b"", GAS, value=5) == first
    await bench.mine()
    await sender.confirm()
    assert (await sender.submit("a", to, b"", GAS, value=5)).state is State.FINAL
    assert await bench.client.balance(to) == 5


async def test_the_same_key_for_another_content_is_refused(bench: Bench, fresh_address: Fresh):
    sender = await bench.sender()
    await sender.submit("a", fresh_address(), b"", GAS)
    with pytest.raises(SubmissionChanged, match="'a' was already submitted"):
        await sender.submit("a", fresh_address(), b"", GAS)


async def test_many_are_sent_together_with_consecutive_nonces(bench: Bench, fresh_address: Fresh):
    sender, recipients = await bench.sender(), [fresh_address() for _ in range(300)]
    sent = await sender.submit_many([Submission(f"k{i}", to, b"", GAS, 1) for i, to in enumerate(recipients)])
    assert [s.nonce for s in sent] == list(range(sent[0].nonce, sent[0].nonce + 300))
    await bench.mine()
    assert all(s.succeeded for s in await sender.confirm())
    assert [await bench.client.balance(to) for to in recipients[::50]] == [1] * 6


async def test_a_refused_simulation_raises_the_contracts_error_and_spends_no_nonce(
    bench: Bench, fresh_address: Fresh
):
    sender, euro = await bench.sender(), await bench.deploy(load_bytecode("TestEuro"))
    data = load_abis()["TestEuro"].encode("transfer", fresh_address(), 5)
    with pytest.raises(ContractError) as refused:
        await sender.submit("a", euro, data, 100_000)
    assert refused.value.code == "insufficient-balance"
    assert sender.find("a") is None
    assert (await sender.submit("b", fresh_address(), b"", GAS)).nonce == 0


async def test_a_simulation_sees_what_is_still_in_the_pool(bench: Bench, fresh_address: Fresh):
    sender, euro, abi = (
        await bench.sender(),
        await bench.deploy(load_bytecode("TestEuro")),
        load_abis()["TestEuro"],
    )
    to = fresh_address()
    await sender.submit("mint", euro, abi.encode("mint", sender.address, 5), 200_000)
    await sender.submit("pay", euro, abi.encode("transfer", to, 5), 200_000)
    await bench.mine()
    assert all(s.succeeded for s in await sender.confirm())
    balance = await bench.client.call(euro, abi.encode("balanceOf", to))
    assert abi.decode_result("balanceOf", balance) == 5


async def test_a_reverted_transaction_is_final_and_not_sent_again(bench: Bench, fresh_address: Fresh):
    sender, euro = await bench.sender(), await bench.deploy(load_bytecode("TestEuro"))
    data = load_abis()["TestEuro"].encode("transfer", fresh_address(), 5)
    await sender.submit("a", euro, data, 100_000, simulate=False)
    await bench.mine()
    (changed,) = await sender.confirm()
    assert (changed.state, changed.status, changed.succeeded) == (State.FINAL, 0, False)
    assert await sender.pump() == []


@pytest.mark.parametrize(
    ("data", "gas", "reason"),
    [
        (b"", 20_999, "doesn't|does not"),
        (b"", 60_000_001, "block's limit"),
        (b"\x01" * 130_001, 10**7, "bytes"),
    ],
)
async def test_what_every_node_would_refuse_spends_no_nonce(
    bench: Bench, fresh_address: Fresh, data: bytes, gas: int, reason: str
):
    sender = await bench.sender()
    with pytest.raises(TransactionRefused, match=reason):
        await sender.submit("a", fresh_address(), data, gas)
    assert sender.unfinished() == []


async def test_a_dropped_transaction_is_sent_again_as_it_was(bench: Bench, fresh_address: Fresh):
    sender, to = await bench.sender(), fresh_address()
    sent = await sender.submit("a", to, b"", GAS, value=5)
    await bench.rpc("anvil_dropTransaction", sent.hash)
    (changed,) = await sender.confirm()
    assert (changed.state, changed.hash) == (State.SIGNED, sent.hash)
    (again,) = await sender.pump()
    assert (again.state, again.hash) == (State.SENT, sent.hash)
    await bench.mine()
    assert (await sender.confirm())[0].succeeded
    assert await bench.client.balance(to) == 5


async def test_a_reorganisation_takes_a_receipt_back_and_the_next_pump_sends_again(
    bench: Bench, fresh_address: Fresh
):
    sender, to = await bench.sender(confirmations=3), fresh_address()
    sent = await sender.submit("a", to, b"", GAS, value=5)
    await bench.mine()
    assert (await sender.confirm())[0].state is State.MINED
    await bench.rpc("anvil_reorg", 1, [])
    (changed,) = await sender.confirm()
    assert (changed.state, changed.status, changed.block_hash) == (State.SIGNED, None, None)
    await sender.pump()
    await bench.mine(3)
    (changed,) = await sender.confirm()
    assert (changed.state, changed.hash) == (State.FINAL, sent.hash)
    assert await bench.client.balance(to) == 5


async def test_a_receipt_becomes_final_with_its_confirmations(bench: Bench, fresh_address: Fresh):
    sender = await bench.sender(confirmations=3)
    await sender.submit("a", fresh_address(), b"", GAS)
    states = []
    for _ in range(3):
        await bench.mine()
        states += [changed.state for changed in await sender.confirm()]
    assert states == [State.MINED, State.FINAL]


async def test_a_reorganisation_of_final_blocks_opens_what_they_held_and_leaves_no_gap(
    bench: Bench, fresh_address: Fresh
):
    sender, to = await bench.sender(), fresh_address()
    lost = await sender.submit("a", to, b"", GAS, value=5)
    await bench.mine()
    assert (await sender.confirm())[0].state is State.FINAL
    await bench.rpc("anvil_reorg", 1, [])
    (opened,) = await sender.confirm()
    assert (opened.key, opened.state, opened.block_hash) == ("a", State.SIGNED, None)
    behind = await sender.submit("b", to, b"", GAS, value=7)
    assert behind.nonce == lost.nonce + 1
    await sender.pump()
    await bench.mine()
    assert [(s.key, s.hash, s.state) for s in await sender.confirm()] == [
        ("a", lost.hash, State.FINAL),
        ("b", behind.hash, State.FINAL),
    ]
    assert await bench.client.balance(to) == 12


async def test_a_node_that_is_behind_opens_nothing(bench: Bench, fresh_address: Fresh):
    sender = await bench.sender()
    before = await bench.rpc("evm_snapshot")
    await sender.submit("a", fresh_address(), b"", GAS)
    await bench.mine(2)
    await sender.confirm()
    await bench.rpc("evm_revert", before)
    assert await sender.confirm() == []
    assert sender.unfinished() == []


async def test_a_dearer_attempt_that_the_node_caps_leaves_the_cheaper_one_waiting(
    bench: Bench, fresh_address: Fresh
):
    sender, to = await bench.sender(), fresh_address()
    sent = await sender.submit("a", to, b"", GAS, value=5)
    attempt = bench.journal.attempts(sent.id)[-1]
    dearer = sender._signer.sign(sent.nonce, sent.to, b"", 5, GAS, attempt.fees.bumped())
    bench.journal.add_attempt(sent.id, dearer)
    capped = FeeAboveCap(words="tx fee (1.10 ether) exceeds the configured cap (1.00 ether)")
    assert sender._delivery._react(sender.unfinished()[0], dearer, capped)
    (again,) = await sender.pump()
    assert (again.hash, again.state, again.void) == (sent.hash, State.SENT, False)
    await bench.mine()
    assert (await sender.confirm())[0].succeeded


async def test_a_stuck_transaction_is_replaced_with_higher_fees_and_happens_once(
    bench: Bench, fresh_address: Fresh
):
    sender, to = await bench.sender(stuck_after=60), fresh_address()
    sent = await sender.submit("a", to, b"", GAS, value=5)
    behind = await sender.submit("b", to, b"", GAS, value=7)
    bench.clock.at += 59
    assert [s.hash for s in await sender.pump()] == [sent.hash, behind.hash]
    bench.clock.at += 1
    front, second = await sender.pump()
    assert front.hash != sent.hash
    assert second.hash == behind.hash
    first, dearer = bench.journal.attempts(front.id)
    assert dearer.fees.price * 1000 >= first.fees.price * 1125
    await bench.mine()
    done = await sender.confirm()
    assert [s.hash for s in done] == [front.hash, behind.hash]
    assert await bench.client.balance(to) == 12


async def test_a_dearer_rival_in_the_pool_is_outbid_for_our_own_content(bench: Bench, fresh_address: Fresh):
    sender, to, other = await bench.sender(), fresh_address(), fresh_address()
    fields = {"from": sender.address, "to": other, "value": "0x1", "nonce": "0x0", "gas": hex(GAS)}
    bench.journal.claim(31337, (await bench.client.header(0)).hash, sender.address)
    sent = await sender.submit("a", to, b"", GAS, value=5)
    await bench.rpc("anvil_dropTransaction", sent.hash)
    await bench.rpc("eth_sendTransaction", {**fields, "gasPrice": hex(1_100_000_000)})
    await sender.confirm()
    await sender.pump()
    await bench.mine()
    assert (await sender.confirm())[0].succeeded
    assert (await bench.client.balance(to), await bench.client.balance(other)) == (5, 0)


async def test_a_nonce_lost_to_another_program_is_replaced_by_a_new_one(bench: Bench, fresh_address: Fresh):
    sender, to, other = await bench.sender(), fresh_address(), fresh_address()
    sent = await sender.submit("a", to, b"", GAS, value=5)
    await bench.rpc("anvil_dropTransaction", sent.hash)
    fields = {"from": sender.address, "to": other, "value": "0x1", "gas": hex(GAS), "gasPrice": hex(10**10)}
    await bench.rpc("eth_sendTransaction", fields)
    await bench.mine()
    (changed,) = await sender.confirm()
    assert (changed.state, changed.nonce) == (State.SIGNED, 1)
    await sender.pump()
    await bench.mine()
    assert (await sender.confirm())[0].succeeded
    assert (await bench.client.balance(to), await bench.client.balance(other)) == (5, 1)


async def test_an_account_without_money_sends_once_it_has_some(bench: Bench, fresh_address: Fresh):
    bench.key = key_from(b"\x07" * 31 + b"\x01")
    sender, to = await bench.sender(), fresh_address()
    sent = await sender.submit("a", to, b"", GAS, value=5, simulate=False)
    assert sent.state is State.SIGNED
    assert "funds" in str(sent.refusal).lower()
    await bench.rpc("anvil_setBalance", sender.address, hex(10**18))
    (again,) = await sender.pump()
    assert (again.state, again.refusal) == (State.SENT, None)
    await bench.mine()
    assert (await sender.confirm())[0].succeeded


async def test_a_transaction_that_no_node_takes_leaves_no_gap_behind(bench: Bench, fresh_address: Fresh):
    sender, to = await bench.sender(block_gas_limit=10**9), fresh_address()
    given_up = await sender.submit("a", to, b"", 61_000_000, value=5, simulate=False)
    behind = await sender.submit("b", to, b"", GAS, value=7)
    assert given_up.void
    await bench.mine()
    first, second = await sender.confirm()
    assert (first.state, first.void, first.succeeded) == (State.FINAL, True, False)
    assert second.hash == behind.hash
    assert second.succeeded
    assert await bench.client.balance(to) == 7


async def test_a_node_that_is_away_delays_nothing_but_the_sending(bench: Bench, fresh_address: Fresh):
    sender, to = await bench.sender(), fresh_address()
    there = bench.client.rpc.url
    original = sender._delivery._client
    away = ChainClient("http://127.0.0.1:9", bench.clock, attempts=1)
    sender._delivery._client = away
    sent = await sender.submit("a", to, b"", GAS, value=5)
    assert sent.state is State.SIGNED
    sender._delivery._client = original
    assert bench.client.rpc.url == there
    (again,) = await sender.pump()
    assert (again.state, again.hash) == (State.SENT, sent.hash)
    await away.close()


async def test_a_lost_journal_does_not_reuse_a_nonce_that_waits_in_the_pool(
    bench: Bench, fresh_address: Fresh
):
    first = await (await bench.sender()).submit("a", fresh_address(), b"", GAS)
    bench.journal.close()
    bench.journal = Journal(bench.folder / "another.db")
    second = await (await bench.sender()).submit("a", fresh_address(), b"", GAS)
    assert second.nonce == first.nonce + 1


async def test_a_journal_serves_one_key_on_one_chain_only(bench: Bench):
    await bench.sender()
    with pytest.raises(JournalForeign, match="belongs to"):
        await Sender.open(bench.client, demo_key(199, 31337), bench.journal, bench.profile.fees)


async def test_a_refusal_that_is_no_revert_is_raised_as_the_nodes(bench: Bench, fresh_address: Fresh):
    sender = await bench.sender()
    with pytest.raises(RpcRefused):
        await sender.submit("a", fresh_address(), b"", GAS, value=10**30)
