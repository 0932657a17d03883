# SPDX-License-Identifier: MIT
"""What the command says about itself: help everywhere, JSON where there is something to read."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer

from wattbook.cli import main as cli
from wattbook.errors import PartMissing

# Their words are passed on to a program of its own, which has the help.
PASSED_ON = {"deploy", "demo", "api run", "api config", "relay run", "relay config"}
PASSED_ON |= {"indexer run", "indexer config", "indexer rebuild", "oracle run"}
# A file to keep: JSON already.
PRINTS_A_FILE = {"member sign"}


def commands(group: Any, *path: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *path, name)
        else:
            yield " ".join((*path, name)), command


cli.add_parts()
KNOWN = dict(commands(typer.main.get_command(cli.app)))


def test_every_command_of_the_issue_is_there() -> None:
    words = {name.split()[0] for name in KNOWN}
    asked = "deploy member meter order book settle statement oracle relay api demo"
    assert set(asked.split()) <= words


@pytest.mark.parametrize("name", KNOWN)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert (KNOWN[name].help or "").strip()
    if name not in PASSED_ON:
        assert cli.main([*name.split(), "--help"]) == 0
        assert "Usage: wattbook" in capsys.readouterr().out


@pytest.mark.parametrize(
    "group", ["", "member", "meter", "dispute", "money", "order", "oracle", "relay", "api"]
)
def test_every_group_explains_itself(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*group.split(), "--help"]) == 0
    assert "Commands" in capsys.readouterr().out


@pytest.mark.parametrize("name", sorted(set(KNOWN) - PASSED_ON - PRINTS_A_FILE))
def test_every_command_that_answers_can_answer_in_json(name: str) -> None:
    assert any("--json" in param.opts for param in KNOWN[name].params)


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("deploy", "--help"), "--community"),
        (("demo", "--help"), "--seed"),
        (("api", "run", "--help"), "--receipt-keystore"),
        (("relay", "run", "--help"), "--private-key"),
    ],
)
def test_programs_list_their_own_options(
    words: tuple[str, ...], option: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(words) == 0
    assert option in capfd.readouterr().out


def test_a_part_that_is_not_installed_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "app", typer.Typer(no_args_is_help=True))
    cli.app.callback()(lambda: None)
    monkeypatch.setattr(cli, "entry_points", lambda group: [])
    assert cli.main(["oracle"]) == PartMissing.exit_status
    said = capsys.readouterr().err
    assert (
        said == "wattbook: The part oracle is not installed here: it needs pip install 'wattbook[oracle]'.\n"
    )


@pytest.mark.parametrize("word", ["deploy", "demo"])
def test_a_script_needs_the_checkout(
    word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda module: None)
    monkeypatch.setattr("sys.path", [])
    assert cli.main([word]) == PartMissing.exit_status
    assert "a checkout of the project" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["ordr"], ["order", "place", "buy"], ["book", "--area", "one"], ["book", "--colour"]]
)
def test_a_mistyped_command_is_wrong_input(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 2
    assert "Traceback" not in capsys.readouterr().err
