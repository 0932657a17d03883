# SPDX-License-Identifier: MIT
"""Reading a real Anvil: pinned, in halving ranges, through reorganisations and bad weather."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.wattbook.chain.conftest import Bench
from wattbook.chain.client import ChainClient
from wattbook.chain.contracts import load_abis, load_bytecode
from wattbook.chain.rpc import is_repeatable
from wattbook.errors import BlockGone, ChainUnreachable, RpcRefused

pytestmark = pytest.mark.chain
EURO = load_abis()["TestEuro"]


@pytest.fixture
async def euro(bench: Bench) -> str:
    return await bench.deploy(load_bytecode("TestEuro"))


async def mint(bench: Bench, euro: str, amount: int) -> None:
    sender = await bench.sender()
    await sender.submit(f"mint-{amount}", euro, EURO.encode("mint", sender.address, amount), 200_000)
    await bench.mine()
    await sender.confirm()


async def supply(client: ChainClient, euro: str, at: Any = "latest") -> int:
    return int(EURO.decode_result("totalSupply", await client.call(euro, EURO.encode("totalSupply"), at)))


async def test_a_pinned_read_sees_its_block_whatever_comes_later(bench: Bench, euro: str):
    before = await bench.client.head()
    await mint(bench, euro, 7)
    assert await supply(bench.client, euro, before) == 0
    assert await supply(bench.client, euro, before.number) == 0
    assert await supply(bench.client, euro) == 7


@pytest.mark.parametrize("by_hash", [True, False])
async def test_a_pinned_read_of_a_block_that_was_reorganised_away_says_so(
    bench: Bench, euro: str, by_hash: bool
):
    client = ChainClient(bench.url, bench.clock, calls_by_hash=by_hash)
    await mint(bench, euro, 7)
    pinned = await client.head()
    assert await supply(client, euro, pinned) == 7
    await bench.rpc("anvil_reorg", 1, [])
    with pytest.raises(BlockGone, match=pinned.hash):
        await supply(client, euro, pinned)
    with pytest.raises(BlockGone):
        await client.header(pinned)
    await client.close()


async def test_a_view_that_reverts_carries_its_data(bench: Bench, euro: str):
    with pytest.raises(RpcRefused) as refused:
        await bench.client.call(euro, EURO.encode("transfer", bench.key.address, 1))
    assert str(refused.value.facts["rpc_data"]).startswith("0x")


async def test_logs_come_decoded_in_order_from_any_range(bench: Bench, euro: str):
    first = (await bench.client.head()).number + 1
    for amount in (1, 2, 3):
        await mint(bench, euro, amount)
    last = (await bench.client.head()).number
    narrow = ChainClient(bench.url, bench.clock, log_range=1)
    for client in (bench.client, narrow):
        logs = await client.logs(first, last, [euro], [EURO.topic("Transfer")])
        events = [EURO.decode_log(log) for log in logs]
        assert [event.arguments["amount"] for event in events if event] == [1, 2, 3]
        assert events[0] is not None
        assert events[0].arguments["to"] == bench.key.address
    await narrow.close()


async def test_logs_of_a_block_that_is_gone_are_refused(bench: Bench, euro: str):
    await mint(bench, euro, 5)
    header = await bench.client.head()
    assert len(await bench.client.block_logs(header, [euro])) == 1
    await bench.rpc("anvil_reorg", 1, [])
    with pytest.raises(BlockGone):
        await bench.client.block_logs(header, [euro])


async def test_the_common_ancestor_is_the_newest_block_still_there(bench: Bench):
    sender = await bench.sender()
    for number in range(6):
        # With something in it: Anvil makes an empty block again with the same hash.
        await sender.submit(f"a-{number}", bench.key.address, b"", 21_000)
        await bench.mine()
    head = await bench.client.head()
    known = [(h.number, h.hash) for h in await bench.client.headers(head.number - 5, head.number)]
    assert await bench.client.common_ancestor(known) == known[-1]
    await bench.rpc("anvil_reorg", 3, [])
    assert await bench.client.common_ancestor(known) == known[2]
    assert await bench.client.common_ancestor(known[3:]) is None
    assert await bench.client.common_ancestor([]) is None


async def test_headers_beyond_the_head_are_refused(bench: Bench):
    head = await bench.client.head()
    with pytest.raises(BlockGone):
        await bench.client.headers(head.number, head.number + 1)


async def test_a_batch_holds_results_and_refusals_in_place(bench: Bench):
    answers = await bench.client.rpc.batch(
        [("eth_chainId", ()), ("no_such_method", ()), ("eth_blockNumber", ())]
    )
    assert answers[0] == "0x7a69"
    assert isinstance(answers[1], RpcRefused)
    assert answers[2].startswith("0x")


class Weather:
    """A node's door that answers what it is told: (HTTP status, body) for each request in turn."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Callable[[Any], Any]]] = []
        self.requests: list[Any] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].split()[0])
        asked = json.loads(await reader.readexactly(length))
        self.requests.append(asked)
        status, answer = self.answers.pop(0)
        body = json.dumps(answer(asked)).encode()
        close = f"HTTP/1.1 {status} X\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        writer.write(close.encode() + body)
        await writer.drain()
        writer.close()


@pytest.fixture
async def weather() -> AsyncIterator[Weather]:
    it = Weather()
    server = await asyncio.start_server(it.serve, "127.0.0.1", 0)
    it.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield it
    server.close()


def result(value: Any) -> Callable[[Any], Any]:
    return lambda asked: {"jsonrpc": "2.0", "id": asked["id"], "result": value}


async def test_what_passes_by_itself_is_tried_again(bench: Bench, weather: Weather):
    weather.answers = [(503, result(0)), (429, result(0)), (200, result("0x5"))]
    client = ChainClient(weather.url, bench.clock)
    assert await client.chain_id() == 5
    assert len(weather.requests) == 3
    await client.close()


async def test_a_node_that_stays_away_is_named_after_bounded_tries(bench: Bench, weather: Weather):
    weather.answers = [(503, result(0))] * 2
    client = ChainClient(weather.url, bench.clock, attempts=2)
    with pytest.raises(ChainUnreachable, match="HTTP status 503"):
        await client.chain_id()
    await client.close()
    nobody = ChainClient("http://127.0.0.1:9", bench.clock, attempts=2)
    with pytest.raises(ChainUnreachable, match=r"http://127\.0\.0\.1:9 does not answer"):
        await nobody.head()
    await nobody.close()


async def test_a_log_range_halves_until_the_node_takes_it(bench: Bench, weather: Weather):
    def limited(asked: Any) -> Any:
        query = asked["params"][0]
        span = int(query["toBlock"], 16) - int(query["fromBlock"], 16) + 1
        answer = {"error": {"code": -32005, "message": "range too large"}} if span > 3 else {"result": []}
        return {"jsonrpc": "2.0", "id": asked["id"], **answer}

    weather.answers = [(200, limited)] * 50
    client = ChainClient(weather.url, bench.clock, log_range=16)
    assert await client.logs(1, 20) == []
    ranges = [
        (int(r["params"][0]["fromBlock"], 16), int(r["params"][0]["toBlock"], 16)) for r in weather.requests
    ]
    taken = [(first, last) for first, last in ranges if last - first < 3]
    assert [block for first, last in taken for block in range(first, last + 1)] == list(range(1, 21))
    await client.close()


async def test_a_single_block_that_the_node_refuses_is_an_error(bench: Bench, weather: Weather):
    weather.answers = [
        (200, lambda asked: {"jsonrpc": "2.0", "id": asked["id"], "error": {"code": 1, "message": "no"}})
    ] * 10
    client = ChainClient(weather.url, bench.clock)
    with pytest.raises(RpcRefused, match=r"eth_getLogs: no \(code 1\)"):
        await client.logs(1, 4)
    await client.close()


async def test_a_node_that_takes_no_batches_is_asked_one_by_one(bench: Bench, weather: Weather):
    refusal = {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "no batches"}}
    weather.answers = [(200, lambda _: refusal), (200, result("0x1")), (200, result("0x2"))]
    client = ChainClient(weather.url, bench.clock)
    assert await client.rpc.batch([("a", ()), ("b", ())]) == ["0x1", "0x2"]
    await client.close()


async def test_a_deed_whose_answer_got_lost_is_not_done_again(bench: Bench, weather: Weather):
    weather.answers = [(504, result(0)), (200, result(0))]
    client = ChainClient(weather.url, bench.clock)
    with pytest.raises(ChainUnreachable, match="HTTP status 504"):
        await client.rpc.request("evm_mine")
    weather.answers = [(502, lambda asked: []), (200, lambda asked: [])]
    with pytest.raises(ChainUnreachable, match="HTTP status 502"):
        await client.rpc.batch([("eth_chainId", ()), ("evm_mine", ())])
    assert len(weather.requests) == 2
    await client.close()


async def test_a_deed_that_the_node_turned_away_is_tried_again(bench: Bench, weather: Weather):
    weather.answers = [(503, result(0)), (200, result("0x0"))]
    client = ChainClient(weather.url, bench.clock)
    assert await client.rpc.request("evm_mine") == "0x0"
    await client.close()


@pytest.mark.parametrize(
    ("method", "repeatable"),
    [
        ("eth_call", True),
        ("eth_sendRawTransaction", True),
        ("eth_sendTransaction", False),
        ("evm_mine", False),
        ("anvil_reorg", False),
        ("miner_stop", False),
        ("eth_newFilter", False),
    ],
)
def test_only_reading_and_signed_transactions_may_be_asked_twice(method: str, repeatable: bool):
    assert is_repeatable(method) is repeatable


async def test_a_batch_too_large_for_the_node_is_halved(bench: Bench, weather: Weather):
    def limited(asked: Any) -> Any:
        if isinstance(asked, dict):
            return {"jsonrpc": "2.0", "id": asked["id"], "result": asked["params"][0]}
        if len(asked) > 2:
            error = {"code": -32600, "message": "batch too large"}
            return [{"jsonrpc": "2.0", "id": asked[0]["id"], "error": error}]
        return [{"jsonrpc": "2.0", "id": each["id"], "result": each["params"][0]} for each in asked]

    weather.answers = [(200, limited)] * 20
    client = ChainClient(weather.url, bench.clock)
    assert await client.rpc.batch([("eth_call", (n,)) for n in range(7)]) == list(range(7))
    await client.close()
