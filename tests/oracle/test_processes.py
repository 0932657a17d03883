# SPDX-License-Identifier: MIT
"""Both processes as programs: ready lines, settings, errors in one sentence; and the command line."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable

import httpx
import pytest
from typer.testing import CliRunner

from oracle.cli import app
from oracle.journal import open_database
from oracle.metrics import Metrics
from oracle.poll.bus import Bus
from oracle.poll.reader import Reader
from oracle.simulator.plan import load_plan
from oracle.simulator.process import Simulation
from tests.oracle.support import (
    FIRST,
    PERIOD,
    STARTS,
    a_meter,
    a_plan,
    a_point,
    plan_json,
    points_json,
    write,
)
from wattbook.clock_server import Conductor
from wattbook.processes import Supervisor, claim_port

MODELS = ("eastron-sdm120", "janitza-b23", "sunspec-103", "sunspec-203", "schneider-iem3155-float")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments], capture_output=True, text=True, timeout=60, check=False
    )


async def test_the_simulator_process_follows_the_stepped_clock_and_keeps_a_ledger(tmp_path):
    plan = a_plan([a_meter(i, model) for i, model in enumerate(MODELS, start=1)])
    meters = write(tmp_path / "meters.json", json.dumps(plan_json(plan)))
    assert load_plan(meters).meters[2].device == "sunspec-103"
    conductor = Conductor(STARTS)
    await conductor.start()
    try:
        with Supervisor(tmp_path / "logs") as supervisor:
            argv = [sys.executable, "-m", "oracle.simulator", "--meters", str(meters)]
            argv += ["--ledger", str(tmp_path / "ledger.jsonl"), "--clock", conductor.url_for("simulator")]
            child = await asyncio.to_thread(supervisor.start, "simulator", argv)
            ports = child.facts["ports"]
            assert sorted(ports) == ["1", "2", "3", "4", "5"]
            await conductor.set_time(STARTS + 3 * PERIOD)
            await conductor.step("simulator", STARTS + 3 * PERIOD)
            for number, model in enumerate(MODELS, start=1):
                bus = Bus("127.0.0.1", ports[str(number)], 5.0)
                answer = await Reader(a_point(device=model, point=number), bus).read()
                assert answer.decoded.exported.wh == 500_000 + 340
                bus.close()
            lines = [json.loads(line) for line in (tmp_path / "ledger.jsonl").read_text().splitlines()]
            assert len(lines) == 4 * len(MODELS)
            assert lines[-1]["period"] == FIRST + 2
            assert supervisor.stop_child("simulator") == 0
    finally:
        await conductor.close()


async def test_meters_of_one_bus_share_a_port(tmp_path):
    simulation = Simulation(a_plan([a_meter(1, bus="A"), a_meter(2, unit=2, bus="A")]), tmp_path / "l.jsonl")
    await simulation.start()
    assert simulation.ports[1] == simulation.ports[2]
    bus = Bus("127.0.0.1", simulation.ports[1], 5.0)
    for number in (1, 2):
        await Reader(a_point(point=number, unit=number), bus).read()
    bus.close()
    await simulation.stop()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "can't be used"),
        ('{"periodSeconds": 900, "firstPeriod": 1, "seed": 1}', "lacks 'meters'"),
        (
            json.dumps(plan_json(a_plan([a_meter(device="eastron-sdm630")]))).replace("sdm630", "sdm1"),
            "no register map for 'eastron-sdm1'",
        ),
    ],
)
def test_a_wrong_simulation_file_is_refused_in_one_sentence(tmp_path, text, reason):
    path = write(tmp_path / "meters.json", text)
    done = run("oracle.simulator", "--meters", str(path), "--ledger", str(tmp_path / "l.jsonl"))
    assert done.returncode == 2
    assert reason in done.stderr.splitlines()[-1]
    assert not (tmp_path / "l.jsonl").exists()


def test_a_port_that_is_taken_is_said_in_one_sentence(tmp_path):
    import socket

    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        plan = a_plan([a_meter(port=holder.getsockname()[1])])
        path = write(tmp_path / "meters.json", json.dumps(plan_json(plan)))
        done = run("oracle.simulator", "--meters", str(path), "--ledger", str(tmp_path / "l.jsonl"))
    assert done.returncode == 6
    assert "is taken" in done.stderr


def test_the_oracle_says_which_setting_is_missing_and_changes_nothing(tmp_path):
    done = run("oracle", "--journal", str(tmp_path / "oracle.db"))
    assert done.returncode == 2
    assert "deployment" in done.stderr.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def test_the_oracles_settings_can_be_printed(tmp_path):
    needed = ["--deployment", "d.json", "--points", "p.json", "--keystore", "k.json", "--gateway", "1"]
    done = run("oracle", *needed, "--print-config")
    assert done.returncode == 0
    assert "poll_seconds = 10.0" in done.stdout


@pytest.fixture
def wattbook() -> Callable[..., str]:
    """wattbook("devices", "list"): what the command printed."""

    def invoke(*arguments: str) -> str:
        done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    return invoke


def test_device_models_are_listed_and_shown(wattbook):
    assert "sunspec-701" in json.loads(wattbook("devices", "list", "--json"))
    assert "resolves 100 Wh" in wattbook("devices", "list")
    shown = json.loads(wattbook("devices", "show", "carlo-gavazzi-em24", "--json"))
    assert shown["reads"] == "66+2, 40+2, 92+2 (optional)"


async def test_a_meter_can_be_tried_before_it_counts(tmp_path):
    plan = a_plan([a_meter(1, "sunspec-203")])
    simulation = Simulation(plan, tmp_path / "ledger.jsonl")
    await simulation.start()
    path = write(tmp_path / "points.json", json.dumps(points_json(plan, simulation.ports)))
    arguments = ["check", "--points", str(path)]
    done = await asyncio.to_thread(CliRunner().invoke, app, arguments)
    assert done.exit_code == 0
    assert "import 1000000 Wh, export 500000 Wh, resolves 1 Wh, serial SIM1" in done.output
    await simulation.stop()
    gone = await asyncio.to_thread(CliRunner().invoke, app, [*arguments, "--timeout", "0.3"])
    assert gone.exit_code == 1
    assert "No connection" in gone.output


def test_the_journals_status_is_shown_and_refused_readings_are_sent_again(wattbook, tmp_path):
    path = tmp_path / "oracle.db"
    open_database(path).close()
    status = json.loads(wattbook("journal", "status", "--journal", str(path), "--json"))
    assert status == {"polls": 0, "newestPeriod": None, "readings": {}, "batches": {}}
    assert "0 readings" in wattbook("retry", "--journal", str(path))


def test_metrics_are_served_on_a_port_of_their_own(tmp_path):
    database = open_database(tmp_path / "oracle.db")
    metrics = Metrics(0)
    metrics.update(database, {3: "silent"}, chain_reachable=False)
    page = httpx.get(f"http://127.0.0.1:{metrics.port}/metrics", trust_env=False).text
    metrics.close()
    database.close()
    assert 'wattbook_oracle_meters_failing{fault="silent"} 1.0' in page
    assert "wattbook_oracle_chain_reachable 0.0" in page
    assert claim_port(metrics.port or 0)


def test_without_a_port_nothing_is_served(tmp_path):
    database = open_database(tmp_path / "oracle.db")
    metrics = Metrics(None)
    metrics.update(database, {}, chain_reachable=True)
    assert metrics.port is None
    database.close()
