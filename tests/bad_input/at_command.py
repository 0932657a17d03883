# SPDX-License-Identifier: MIT
"""Bad input typed after `wattbook`: once for people, once with --json for programs."""

import contextlib
import io
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.api.stage import FIRST_KEY, MEMBERS, account_of
from tests.bad_input.answers import Answer, Row
from tests.bad_input.town import EVAS_REF, NOBODY, Town
from wattbook.cli.main import main

Arguments = Callable[[Town], list[str]]
INPUT, REFUSED, CHAIN, SECRET = 2, 3, 4, 5


def invoke(*arguments: str, env: Mapping[str, str] | None = None) -> tuple[int, str, str]:
    """(exit status, stdout, stderr) of the command, run in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), patch.dict(os.environ, env or {}):
        status = main(list(arguments))
    return status, out.getvalue(), err.getvalue()


def knock(arguments: Arguments, variables: Mapping[str, str]) -> Callable[[Town, Path], Answer]:
    """`variables`: names of the environment and files of the town."""

    def answer(town: Town, _: Path) -> Answer:
        given = arguments(town)
        env = {name: town.file(file) for name, file in variables.items()}
        status, out, err = invoke(*given, env=env)
        problem_status, problem, _ = invoke(*given, "--json", env=env)
        told = json.loads(problem)
        assert (out, err) == ("", f"wattbook: {told['detail']}\n")
        assert problem_status == status
        return Answer(status, told["code"], told["detail"])

    return answer


def row(case: str, what: str, arguments: Arguments, status: int, code: str, **env: str) -> Row:
    return Row(case, "command", what, knock(arguments, env), status, code)


def at(town: Town, deployment: str = "deployment.json") -> list[str]:
    return ["--deployment", town.file(deployment), "--rpc", town.chain.url]


def key_of(name: str) -> list[str]:
    return ["--demo-key", str(FIRST_KEY + MEMBERS.index(name))]


def show(deployment: str) -> Arguments:
    return lambda town: ["member", "show", str(account_of("Ben")), *at(town, deployment)]


def place(
    name: str = "Ben", kwh: str = "0.5", price: str = "0.19", side: str = "sell", **more: Any
) -> Arguments:
    """`account`, `period` and `key` may be others."""

    def arguments(town: Town) -> list[str]:
        period = more.get("period", lambda town: town.open)(town)
        key = more.get("key", lambda _: key_of(name))(town)
        account = str(more.get("account", account_of(name)))
        return [
            "order",
            "place",
            side,
            kwh,
            price,
            "--account",
            account,
            "--period",
            str(period),
            *key,
            *at(town),
        ]

    return arguments


def keystore(file: str, password: str | None = None) -> Callable[[Town], list[str]]:
    def key(town: Town) -> list[str]:
        named = ["--keystore", town.file(file)]
        return named if password is None else [*named, "--password-file", town.file(password)]

    return key


def run(*words: str, by: int | None = None) -> Arguments:
    """Any command, with the demo key `by`."""
    return lambda town: [*words, *([] if by is None else ["--demo-key", str(by)]), *at(town)]


def admit(file: str) -> Arguments:
    return lambda town: ["member", "admit", town.file(file), "--demo-key", "5", *at(town)]


BEN = FIRST_KEY + MEMBERS.index("Ben")
TARGET = "0x" + "11" * 20

ROWS = [
    row("wrong chain", "a deployment elsewhere", show("other-chain.json"), CHAIN, "wrong-chain"),
    row("wrong chain", "no code there", show("no-code.json"), CHAIN, "contract-missing"),
    row("wrong chain", "other code there", show("other-code.json"), CHAIN, "contract-changed"),
    row(
        "wrong chain",
        "no node there",
        lambda town: [*show("deployment.json")(town)[:-1], "http://127.0.0.1:9"],
        CHAIN,
        "chain-unreachable",
    ),
    row("wrong chain", "no deployment file", show("nowhere.json"), CHAIN, "deployment-missing"),
    row(
        "wrong key",
        "a wrong password",
        place("Ana", key=keystore("ana.json", "wrong-password")),
        SECRET,
        "password-wrong",
    ),
    row("wrong key", "no password", place("Ana", key=keystore("ana.json")), SECRET, "password-missing"),
    row(
        "wrong key",
        "no keystore",
        place("Ana", key=keystore("none.json", "password")),
        SECRET,
        "keystore-missing",
    ),
    row(
        "wrong key",
        "no keystore's content",
        place("Ana", key=keystore("password", "password")),
        SECRET,
        "keystore-unreadable",
    ),
    row("wrong key", "no key at all", place("Ana", key=lambda _: []), INPUT, "key-not-named"),
    row(
        "wrong key",
        "another's account",
        place("Ana", key=lambda _: key_of("Ben")),
        REFUSED,
        "not-account-owner",
    ),
    row(
        "wrong key",
        "another's order",
        lambda town: [
            *("order", "cancel", str(EVAS_REF), "--area", "1", "--period", str(town.open)),
            *(*key_of("Ben"), *at(town)),
        ],
        REFUSED,
        "not-account-owner",
    ),
    row(
        "wrong key",
        "an operator's command",
        run("meter", "gateway", TARGET, by=BEN),
        REFUSED,
        "access-managed-unauthorized",
    ),
    row(
        "wrong key",
        "a regulator's command",
        run("member", "revoke", "2", by=BEN),
        REFUSED,
        "access-managed-unauthorized",
    ),
    row("wrong key", "an admission by nobody", admit("forged-admission.json"), REFUSED, "not-the-authority"),
    row("unadmitted member", "an order", place(account=NOBODY), REFUSED, "not-account-owner"),
    row(
        "unadmitted member",
        "a deposit",
        run("money", "deposit", "1", "--account", str(NOBODY), by=BEN),
        REFUSED,
        "account-unknown",
    ),
    row("unadmitted member", "a statement", run("statement", str(NOBODY)), REFUSED, "account-unknown"),
    row("unadmitted member", "a look", run("member", "show", str(NOBODY)), REFUSED, "account-unknown"),
    row("revoked member", "an order", place("Fay"), REFUSED, "not-seller"),
    row("revoked member", "a bid", place("Fay", side="buy"), REFUSED, "not-buyer"),
    row("closed gate", "an order", place(period=lambda town: town.closed), REFUSED, "gate-closed"),
    row("closed gate", "no such period", place(period=lambda _: "tomorrow"), INPUT, "period-unreadable"),
    row("price out of range", "above any tick", place(price="5.76"), INPUT, "price-out-of-range"),
    row("price out of range", "finer than a tick", place(price="0.19001"), INPUT, "amount-inexact"),
    row("price out of range", "above retail", place(side="buy", price="0.33"), INPUT, "price-above-retail"),
    row("quantity out of range", "too little", place(kwh="0.009"), INPUT, "energy-out-of-range"),
    row("quantity out of range", "too much", place(kwh="8388.608"), INPUT, "energy-out-of-range"),
    row("quantity out of range", "no number", place(kwh="much"), INPUT, "amount-unreadable"),
    row(
        "not enough collateral",
        "a bid",
        place(side="buy", kwh="8000", price="0.3"),
        REFUSED,
        "insufficient-balance",
    ),
    row(
        "not enough collateral",
        "a withdrawal",
        run("money", "withdraw", "100000", "--account", str(account_of("Ben")), by=BEN),
        REFUSED,
        "insufficient-balance",
    ),
    row("replayed signature", "an admission", admit("used-admission.json"), REFUSED, "admission-used"),
    row("expired signature", "an admission", admit("late-admission.json"), REFUSED, "admission-expired"),
    row(
        "unknown device model",
        "a look at it",
        lambda _: ["oracle", "devices", "show", "acme"],
        INPUT,
        "device-unknown",
    ),
    row(
        "unknown device model",
        "a meter to try",
        lambda town: ["oracle", "check", "--points", town.file("broken/points.json")],
        INPUT,
        "device-unknown",
    ),
    row(
        "bad YAML",
        "a chain profile",
        show("deployment.json"),
        INPUT,
        "profile-invalid",
        WATTBOOK_CHAINS="broken",
    ),
    row(
        "bad YAML",
        "a device file",
        lambda town: ["oracle", "devices", "list", "--devices", town.file("broken")],
        INPUT,
        "device-file-invalid",
    ),
    row("bad YAML", "a deployment file", show("password"), CHAIN, "deployment-unreadable"),
    row("bad YAML", "an admission", admit("password"), INPUT, "admission-unreadable"),
]
