# SPDX-License-Identifier: MIT
"""Bad input that a program meets when it starts: settings, configuration files, keys, ports."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.api.street import BYTECODE
from tests.bad_input.answers import Answer, Row, code_of_sentence
from tests.bad_input.town import Town
from wattbook.processes import claim_port

ROOT = Path(__file__).parents[2]
INPUT, CHAIN, SECRET, PROCESS = 2, 4, 5, 6
Arguments = Callable[[Town], list[str]]


def started(*argv: str, env: dict[str, str] | None = None, cwd: Path = ROOT) -> Answer:
    """Runs a program that must end by itself; what it says beside its log is one sentence."""
    done = subprocess.run(
        [sys.executable, "-m", *argv],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **BYTECODE, **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
    )
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip() and not is_log(line)]
    assert len(said) == 1, done.stdout + done.stderr
    name, _, sentence = said[0].partition(": ")
    if " " in name:  # a program that doesn't put its name before
        sentence = said[0]
    return Answer(done.returncode, code_of_sentence(sentence), sentence)


def is_log(line: str) -> bool:
    try:
        return "event" in json.loads(line)
    except ValueError:
        return False


@contextmanager
def taken_port() -> Iterator[str]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield str(holder.getsockname()[1])


def row(case: str, door: str, what: str, arguments: Arguments, status: int, code: str, port: str = "") -> Row:
    """`port`: the flag that is given one which is taken."""

    def knock(town: Town, scratch: Path) -> Answer:
        with taken_port() as taken:
            given = [*arguments(town), *((port, taken) if port else ())]
            return started(*given, cwd=scratch)

    return Row(case, door, what, knock, status, code)


def service(module: str, *more: str, deployment: str = "deployment.json") -> Arguments:
    """Indexer, relay or API on the town's databases."""
    return lambda town: [
        *(module, "--config", town.file("wattbook.toml"), "--clock", "system"),
        *("--deployment", town.file(deployment), *(part.format(town=town.folder) for part in more)),
    ]


def oracle(*more: str, deployment: str = "deployment.json", password: str = "password") -> Arguments:
    return lambda town: [
        *("oracle", "--deployment", town.file(deployment), "--rpc", town.chain.url, "--gateway", "1"),
        *("--points", town.file("points.json"), "--keystore", town.file("gateway.json")),
        *("--journal", town.file("oracle.db")),
        *("--password-file", town.file(password), *(part.format(town=town.folder) for part in more)),
    ]


def keeper(*more: str, deployment: str = "deployment.json") -> Arguments:
    return lambda town: [
        *("wattbook.keeper", "--deployment", town.file(deployment), "--rpc", town.chain.url),
        *(part.format(town=town.folder) for part in more),
    ]


def demo(town: Town) -> list[str]:
    return ["scripts.demo", "--once", "--out", "out", "--chain-port", "0"]


def simulator(town: Town) -> list[str]:
    return ["oracle.simulator", "--meters", town.file("broken/meters.json"), "--ledger", "ledger.jsonl"]


def deploy(*more: str) -> Arguments:
    """`wattbook deploy` on the town's chain."""
    return lambda town: [
        *("scripts.launch", "--once", "--out", "out", "--rpc", town.chain.url),
        *(part.format(town=town.folder) for part in more),
    ]


def deploy_with(change: Callable[[str], str]) -> Arguments:
    """With the shipped community file, changed."""

    def arguments(town: Town) -> list[str]:
        path = town.folder / "logs" / "community.yaml"
        path.write_text(change((ROOT / "scripts" / "community.yaml").read_text()))
        return [*deploy()(town), "--community", str(path)]

    return arguments


def nobody_answers(_: Town) -> list[str]:
    """`wattbook deploy` that is to start a chain itself."""
    return ["scripts.launch", "--once", "--out", "out", "--rpc", f"http://127.0.0.1:{claim_port(0)}"]


WRONG_PASSWORD = ("--keystore", "{town}/ana.json", "--password-file", "{town}/wrong-password")

ROWS = [
    row("wrong chain", "oracle", "another id", oracle(deployment="other-chain.json"), CHAIN, "wrong-chain"),
    row(
        "wrong chain", "oracle", "no code there", oracle(deployment="no-code.json"), CHAIN, "contract-missing"
    ),
    row(
        "wrong chain",
        "indexer",
        "another id",
        service("api.indexer", deployment="other-chain.json"),
        CHAIN,
        "wrong-chain",
    ),
    row(
        "wrong chain",
        "relay",
        "another id",
        service("api.relay", deployment="other-chain.json"),
        CHAIN,
        "wrong-chain",
    ),
    row(
        "wrong chain",
        "API's settings",
        "another id",
        service("api", deployment="other-chain.json"),
        CHAIN,
        "wrong-chain",
    ),
    row("wrong chain", "keeper", "another id", keeper(deployment="other-chain.json"), CHAIN, "wrong-chain"),
    row("wrong chain", "deploy", "a node of another", deploy("--chain", "ganache"), CHAIN, "wrong-chain"),
    row("wrong chain", "deploy", "no such profile", deploy("--chain", "mainnet"), INPUT, "profile-missing"),
    row(
        "wrong key", "oracle", "a wrong password", oracle(password="wrong-password"), SECRET, "password-wrong"
    ),
    row(
        "wrong key",
        "relay",
        "a wrong password",
        service("api.relay", "--private-key", "", *WRONG_PASSWORD),
        SECRET,
        "password-wrong",
    ),
    row("wrong key", "relay", "no key", service("api.relay", "--private-key", "0x12"), SECRET, "key-invalid"),
    row(
        "wrong key",
        "API's settings",
        "a wrong password",
        service("api", "--receipt-key", "", "--receipt-keystore", *WRONG_PASSWORD[1:]),
        SECRET,
        "password-wrong",
    ),
    row("wrong key", "keeper", "a wrong password", keeper(*WRONG_PASSWORD), SECRET, "password-wrong"),
    row(
        "price out of range",
        "deploy",
        "a tariff",
        deploy_with(lambda text: text.replace("0.3200", "5.7600")),
        INPUT,
        "price-out-of-range",
    ),
    row(
        "quantity out of range",
        "deploy",
        "a capacity",
        deploy_with(lambda text: text.replace('"200"', '"-1"')),
        INPUT,
        "amount-negative",
    ),
    row(
        "quantity out of range",
        "oracle",
        "a pause between polls",
        oracle("--poll-seconds", "60"),
        INPUT,
        "setting-invalid",
    ),
    row(
        "quantity out of range",
        "API's settings",
        "a port",
        service("api", "--port", "many"),
        INPUT,
        "setting-invalid",
    ),
    row(
        "unknown device model",
        "oracle",
        "in the points file",
        oracle("--points", "{town}/broken/points.json"),
        INPUT,
        "device-unknown",
    ),
    row("unknown device model", "simulator", "in the plan", simulator, INPUT, "simulation-invalid"),
    row(
        "bad YAML",
        "oracle",
        "a device file",
        oracle("--devices", "{town}/broken"),
        INPUT,
        "device-file-invalid",
    ),
    row(
        "bad YAML",
        "oracle",
        "a points file",
        oracle("--points", "{town}/password"),
        INPUT,
        "points-file-invalid",
    ),
    row(
        "bad YAML",
        "API's settings",
        "a TOML file",
        lambda town: ["api", "--config", town.file("broken/wattbook.toml")],
        INPUT,
        "config-unreadable",
    ),
    row(
        "bad YAML",
        "deploy",
        "the community file",
        deploy("--community", "{town}/broken/anvil.yaml"),
        INPUT,
        "config-unreadable",
    ),
    row(
        "bad YAML",
        "deploy",
        "a setting too few",
        deploy_with(lambda text: text.replace("retail:", "retial:")),
        INPUT,
        "config-unreadable",
    ),
    row("port taken", "API's settings", "its own", service("api"), PROCESS, "port-taken", port="--port"),
    row("port taken", "oracle", "of the metrics", oracle(), PROCESS, "port-taken", port="--metrics-port"),
    row("port taken", "demo", "of the page", demo, PROCESS, "port-taken", port="--port"),
    row("port taken", "deploy", "of the chain", nobody_answers, PROCESS, "port-taken", port="--port"),
]
