# SPDX-License-Identifier: MIT
"""A Clique network of one's own: it seals, survives its nodes' deaths, and keeps its data."""

import signal
from pathlib import Path

import pytest

from tests.clique.conftest import PATIENCE, clique_key, in_step
from wattbook.chain.clique import CliqueChain, find_geth, listening, start_clique
from wattbook.chain.profiles import load_profile
from wattbook.clock import SystemClock
from wattbook.errors import EngineMissing, EngineUnfit
from wattbook.processes import Supervisor, wait_until

pytestmark = pytest.mark.chain


def test_three_signers_seal_in_turn_every_second(network: CliqueChain):
    start = network.height()
    assert wait_until(lambda: network.height() >= start + 6, PATIENCE)
    status = network.ask(1, "clique_status")
    assert sorted(status["sealerActivity"]) == sorted(signer.lower() for signer in network.folder.signers)
    genesis = network.ask(1, "eth_getBlockByNumber", "0x0", False)
    assert int(genesis["gasLimit"], 16) == network.profile.block_gas_limit
    assert int(network.ask(1, "eth_chainId"), 16) == network.profile.chain_id


def test_a_dead_node_does_not_stop_the_chain_and_catches_up(sealing: CliqueChain):
    sealing.child(3).kill()
    start = sealing.height()
    assert wait_until(lambda: sealing.height() >= start + 4, PATIENCE)
    sealing.restart(3)
    assert wait_until(lambda: in_step(sealing), PATIENCE)


def test_a_network_killed_hard_goes_on_with_its_data(tmp_path: Path):
    profile, funded = load_profile("geth-clique"), [clique_key(0).address]
    with Supervisor(tmp_path / "logs") as supervisor:
        first = start_clique(profile, supervisor, tmp_path / "data", funded, SystemClock().now())
        assert wait_until(lambda: first.height() >= 3, PATIENCE)
        block = first.ask(1, "eth_getBlockByNumber", "0x1", False)["hash"]
        for number in first.numbers:
            first.child(number).signal_group(signal.SIGKILL)
    with Supervisor(tmp_path / "logs") as supervisor:
        again = start_clique(profile, supervisor, tmp_path / "data", funded, SystemClock().now())
        assert again.folder == first.folder
        assert again.ask(1, "eth_getBlockByNumber", "0x1", False)["hash"] == block
        assert int(again.ask(2, "eth_getBalance", funded[0], "latest"), 16) > 0


def test_a_geth_without_clique_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    newer = tmp_path / "geth"
    newer.write_text("#!/bin/sh\necho 'Geth\nVersion: 1.16.2-stable'\n")
    newer.chmod(0o755)
    monkeypatch.setenv("WATTBOOK_GETH", str(newer))
    with pytest.raises(EngineUnfit, match=r"is version 1\.16\.2-stable, but this chain needs 1\.13\.15"):
        find_geth()
    monkeypatch.setenv("WATTBOOK_GETH", str(tmp_path / "nowhere"))
    with pytest.raises(EngineMissing, match="run `make geth`"):
        find_geth()


def test_only_the_open_rpc_address_counts_as_ready():
    line = "INFO [11-22|10:00:00] HTTP server started   endpoint=127.0.0.1:8551 auth={} prefix= cors="
    assert listening(line.format("true")) is None
    assert listening(line.format("false")) == {"port": 8551}
