# SPDX-License-Identifier: MIT
"""The processes themselves: the event stream and its resumption, kill -9 at drawn moments, bad starts."""

import asyncio
import json
import os
import random
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from tests.api.stage import MEMBERS, Stage, account_of, key_of
from tests.api.street import BYTECODE, Street, opened_street
from wattbook.crash import crash_file
from wattbook.keys import sign_digest_65
from wattbook.orders import pack_order
from wattbook.typeddata import Session

pytestmark = pytest.mark.slow

POINTS = {"relay": ("journalled", "sent", "receipt", "formed", "outcome"), "indexer": ("block",)}


async def events(street: Street, token: str = "", last_id: str = "", **params: Any) -> AsyncIterator[Any]:
    """(id, kind, data) as they come."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    headers |= {"Last-Event-ID": last_id} if last_id else {}
    url = f"{street.api}/v1/stream"
    async with street.http.stream("GET", url, params=params, headers=headers, timeout=20) as response:
        assert response.status_code == 200
        fields: dict[str, str] = {}
        async for line in response.aiter_lines():
            name, _, value = line.partition(": ")
            if name in ("id", "event", "data"):
                fields[name] = value
            elif not line and "data" in fields:
                yield fields.get("id", ""), fields["event"], json.loads(fields["data"])
                fields = {}


async def until_block(stream: AsyncIterator[Any], number: int) -> list[Any]:
    found = []
    async for event in stream:
        found.append(event)
        if event[1] == "block" and event[2]["block"] >= number:
            break
    return found


async def token_of(street: Street, name: str) -> str:
    asked = await street.post("/v1/typed-data/session", {"address": key_of(name).address})
    digest = Session.from_json(asked["session"]).digest(street.stage.domain)
    signature = "0x" + sign_digest_65(key_of(name), digest).hex()
    opened = await street.post("/v1/sessions", {"session": asked["session"], "signature": signature})
    return str(opened["token"])


def head_of(stage: Stage) -> int:
    return int(stage.chain.rpc("eth_blockNumber"), 16)


async def send(street: Street, name: str, **changed: Any) -> str:
    order = street.stage.order(name, **changed)
    body = {"order": f"0x{pack_order(order):064x}", "signature": street.stage.sign(name, order)}
    return str((await street.post("/v1/orders", body))["hash"])


async def test_the_stream_resumes_where_it_was_left_and_tells_of_reorganisations(
    stage: Stage, tmp_path: Path
) -> None:
    async with opened_street(stage, tmp_path) as street:
        token = await token_of(street, "Ana")
        await asyncio.sleep(0.3)
        start = head_of(stage)
        mine = {"account": account_of("Ana")}
        async with aclosing(events(street, token, **mine)) as private, aclosing(events(street)) as public:
            first = asyncio.ensure_future(anext(private))
            heard = asyncio.ensure_future(anext(public))
            await asyncio.sleep(0.5)
            stage.place("Ana", "offer", 500, 1_900)
            stage.place("Ben", "bid", 200, 2_200)
            await street.step("indexer")
            seen = [await first, *await until_block(private, start + 2)]
            told = [await heard, *await until_block(public, start + 2)]
        assert [kind for _, kind, _ in seen] == ["order", "block", "trade", "fill", "market", "block"]
        assert [kind for _, kind, _ in told] == ["block", "trade", "market", "block"]
        assert seen[3][2]["role"] == "maker"
        assert "account" not in str(told)
        stage.place("Cem", "bid", 100, 2_200)
        await street.step("indexer")
        async with aclosing(events(street, token, last_id=seen[3][0], **mine)) as again:
            resumed = await until_block(again, start + 3)
        whole = [event for event in resumed if event[0] in {known for known, _, _ in seen}]
        assert whole == seen[4:]
        assert [kind for _, kind, _ in resumed[len(whole) :]] == ["trade", "fill", "market", "block"]
        stage.chain.rpc("anvil_reorg", 2, [])
        await street.step("indexer")
        async with aclosing(events(street, last_id=resumed[-1][0])) as after:
            assert (await anext(after))[1:] == ("reorganised", {"fromBlock": start + 3})


async def test_killed_at_any_moment_nothing_is_lost_and_nothing_doubled(stage: Stage, tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    rng = random.Random(seed)
    async with opened_street(stage, tmp_path) as street:
        hashes: list[str] = []
        nonces = dict.fromkeys(MEMBERS, 0)
        for _ in range(4):
            for name in rng.sample(MEMBERS, 4):
                side, price = rng.choice((("offer", 1_900), ("bid", 1_700)))
                order = {"side": side, "energy_wh": rng.randrange(10, 500), "price": price}
                hashes.append(await send(street, name, **order, nonce=nonces[name]))
                nonces[name] += 1
            await killed_round(street, rng)
        await asyncio.to_thread(street.kill, "api")
        await asyncio.to_thread(street.start, "api")
        for _ in range(3):
            await street.round()
        await check_every_order_once(street, hashes)


async def killed_round(street: Street, rng: random.Random) -> None:
    """A round in which relay and indexer die in their step, at a drawn moment or line, and come back."""
    for name in ("relay", "indexer"):
        point = rng.choice((None, *POINTS[name]))
        file = crash_file(street.folder, name, point or "")
        if point:
            await asyncio.to_thread(file.touch)
        stepping = asyncio.ensure_future(street.step(name))
        child = street.supervisor.children[name]
        if point:
            dying = asyncio.ensure_future(asyncio.to_thread(child.popen.wait))
            await asyncio.wait({stepping, dying}, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(rng.random() * 0.08)
        await asyncio.to_thread(street.kill, name)
        await asyncio.to_thread(file.unlink, missing_ok=True)
        if rng.random() < 0.5 and name == "relay":
            await street.mine()
        await asyncio.to_thread(street.start, name)
        await stepping
        if name == "relay":
            await street.mine()


async def check_every_order_once(street: Street, hashes: list[str]) -> None:
    found = [await street.get(f"/v1/orders/{order}") for order in hashes]
    assert {order["state"] for order in found} <= {"resting", "cancelled"}, found
    assert [order["sequence"] for order in found] == list(range(1, len(hashes) + 1))
    refs = [order["ref"] for order in found]
    assert len(set(refs)) == len(refs)
    # In the book in the promised sequence, each tick by itself; and the chain has the same energy.
    for tick in {ref >> 16 for ref in refs}:
        places = [ref & 0xFFFF for ref in refs if ref >> 16 == tick]
        assert places == list(range(len(places)))
    depth = await street.get(f"/v1/markets/{street.stage.market}/depth")
    for side, offers in (("bids", False), ("offers", True)):
        ticks, energies = street.stage.chain.read("OrderBook", "depth", street.stage.market, offers, 50)
        shown = [(int(level["priceTicks"]), int(level["energyWh"])) for level in depth[side]]
        assert shown == list(zip(ticks, energies, strict=True))


def start(folder: Path, module: str, *flags: str) -> subprocess.CompletedProcess[str]:
    argv, env = [sys.executable, "-m", module, *flags], {**os.environ, **BYTECODE}
    return subprocess.run(argv, capture_output=True, text=True, timeout=60, cwd=folder, env=env)


def test_a_bad_start_is_one_sentence_and_an_exit_status(stage: Stage, tmp_path: Path) -> None:
    deployment = str(stage.save(tmp_path))
    for module in ("api", "api.relay", "api.indexer"):
        missing = start(tmp_path, module, "--deployment", "nowhere.json")
        assert missing.returncode == 4
        assert "no deployment file" in missing.stderr.splitlines()[-1]
    text = Path(deployment).read_text().replace("31337", "31338")
    (tmp_path / "other.json").write_text(text)
    wrong = start(tmp_path, "api.indexer", "--deployment", "other.json", "--rpc", stage.chain.url)
    assert wrong.returncode == 4
    assert "chain 31337" in wrong.stderr
    unkeyed = start(tmp_path, "api.relay", "--deployment", deployment, "--rpc", stage.chain.url)
    assert unkeyed.returncode == 5
    assert len(unkeyed.stderr.strip().splitlines()) == 1


def test_settings_are_printed_without_secrets(tmp_path: Path) -> None:
    shown = start(
        tmp_path, "api.relay", "--deployment", "x", "--private-key", "0x" + "77" * 32, "--print-config"
    )
    assert shown.returncode == 0
    assert 'deployment = "x"' in shown.stdout
    assert "7777" not in shown.stdout
