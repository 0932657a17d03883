# SPDX-License-Identifier: MIT
"""Chains of one's own: Anvil and Ganache start on a free port, and the sender works on both."""

import os
import socket
from pathlib import Path

import pytest

from wattbook.chain import launch
from wattbook.chain.client import ChainClient
from wattbook.chain.journal import Journal
from wattbook.chain.launch import listening, start_chain
from wattbook.chain.profiles import load_profile
from wattbook.chain.sender import Sender
from wattbook.clock import SystemClock
from wattbook.errors import PortTaken, ProfileInvalid, ProgramMissing
from wattbook.keys import demo_key
from wattbook.processes import Supervisor

pytestmark = pytest.mark.chain


@pytest.mark.parametrize("name", ["anvil", "ganache"])
async def test_a_chain_starts_as_its_profile_says_and_takes_transactions(name: str, tmp_path: Path):
    profile, to = load_profile(name), "0x" + "ab" * 20
    with Supervisor() as supervisor:
        chain = start_chain(profile, supervisor, accounts=5, mining=False, now=1_700_000_000)
        async with ChainClient.of(profile, SystemClock(), chain.url) as client:
            assert await client.chain_id() == profile.chain_id
            genesis = await client.head()
            assert (genesis.number, genesis.timestamp) == (0, 1_700_000_000)
            assert genesis.gas_limit == profile.block_gas_limit
            journal = Journal(tmp_path / "j.db")
            sender = await Sender.open(client, demo_key(0, profile.chain_id), journal, profile.fees)
            await sender.submit("a", to, b"", 21_000, value=3)
            assert await client.balance(to) == 0
            await client.rpc.request("evm_mine")
            assert (await sender.confirm())[0].succeeded
            assert await client.call_many([(to, b"")], at=genesis) == [b""]
            journal.close()


async def test_a_taken_port_is_said_before_anything_starts():
    with socket.socket() as holder, Supervisor() as supervisor:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        with pytest.raises(PortTaken, match="is taken"):
            start_chain(load_profile("anvil"), supervisor, port=holder.getsockname()[1])
        assert supervisor.children == {}


def test_a_missing_program_says_make_setup(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(launch, "_CHECKOUT", tmp_path)
    monkeypatch.setitem(os.environ, "PATH", str(tmp_path))
    with (
        Supervisor() as supervisor,
        pytest.raises(ProgramMissing, match="anvil is missing: run `make setup`"),
    ):
        start_chain(load_profile("anvil"), supervisor)


def test_an_engine_that_wattbook_cannot_start_is_refused(tmp_path: Path):
    text = Path(launch.__file__).parents[2].joinpath("chains/anvil.yaml").read_text()
    (tmp_path / "besu.yaml").write_text(text.replace("engine: anvil", "engine: besu"))
    with Supervisor() as supervisor, pytest.raises(ProfileInvalid, match="can't start the engine besu"):
        start_chain(load_profile("besu", tmp_path), supervisor)


def test_both_engines_ready_lines_are_understood():
    assert listening("Listening on 127.0.0.1:8545") == {"port": 8545}
    assert listening("RPC Listening on 127.0.0.1:18777") == {"port": 18777}
    assert listening("Available Accounts") is None
