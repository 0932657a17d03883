# SPDX-License-Identifier: MIT
"""Settings come from flag, then environment, then TOML, and secrets stay secret."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.wattbook.programs.settings_program import ProgramSettings
from wattbook.errors import ConfigUnreadable, SettingInvalid, SettingMissing, SettingUnknown
from wattbook.settings import fill_settings, read_settings, variable_of

RPC = {"WATTBOOK_PROGRAM_RPC": "http://env"}


def fill(flags=None, environ=RPC, toml: str | None = None, tmp_path: Path | None = None) -> ProgramSettings:
    config = None
    if toml is not None and tmp_path is not None:
        config = tmp_path / "config.toml"
        config.write_text(toml)
    return fill_settings(ProgramSettings, "program", flags or {}, environ, config)


def test_a_flag_goes_before_the_environment_and_that_before_the_file(tmp_path: Path):
    toml = '[program]\nrpc = "http://file"\nbatch = 7\n'
    assert fill({"rpc": "http://flag"}, RPC, toml, tmp_path).rpc == "http://flag"
    assert fill({}, RPC, toml, tmp_path).rpc == "http://env"
    assert fill({}, {}, toml, tmp_path).rpc == "http://file"
    assert fill({}, {}, toml, tmp_path).batch == 7


def test_text_becomes_the_fields_type():
    environ = {
        variable_of("program", name): text
        for name, text in {
            "rpc": "r",
            "batch": "3",
            "every": "0.25",
            "dry": "Yes",
            "journal": "a/b",
            "hosts": "a, b",
            "keystore": "k",
        }.items()
    }
    settings = fill(environ=environ)
    assert settings == ProgramSettings("r", 3, 0.25, True, Path("a/b"), ("a", "b"), Path("k"), "")


def test_toml_values_keep_their_type(tmp_path: Path):
    settings = fill(toml='batch = 3\ndry = true\nhosts = ["a", "b"]\n', tmp_path=tmp_path)
    assert (settings.batch, settings.dry, settings.hosts) == (3, True, ("a", "b"))


@pytest.mark.parametrize(
    ("name", "text", "expected"), [("batch", "many", "a whole number"), ("dry", "maybe", "true or false")]
)
def test_a_value_of_the_wrong_type_says_where_it_came_from(name: str, text: str, expected: str):
    with pytest.raises(SettingInvalid, match=f"WATTBOOK_PROGRAM_{name.upper()}.*{expected}"):
        fill(environ={**RPC, variable_of("program", name): text})


def test_an_unknown_key_of_the_file_names_the_known_ones(tmp_path: Path):
    with pytest.raises(SettingUnknown, match=r"'bach'.*rpc, batch"):
        fill(toml="[program]\nbach = 1\n", tmp_path=tmp_path)


def test_a_file_for_other_processes_only_is_refused(tmp_path: Path):
    with pytest.raises(ConfigUnreadable, match=r"no table \[program\]"):
        fill(toml="[relay]\nbatch = 1\n", tmp_path=tmp_path)


def test_a_broken_or_missing_file_is_refused_in_one_sentence(tmp_path: Path):
    with pytest.raises(ConfigUnreadable):
        fill(toml="batch = = 1", tmp_path=tmp_path)
    with pytest.raises(ConfigUnreadable, match="no such file"):
        fill_settings(ProgramSettings, "program", {}, {}, tmp_path / "none.toml")


def test_a_required_setting_that_nobody_gives_is_named_with_all_its_sources():
    with pytest.raises(SettingMissing, match=r"--rpc, set WATTBOOK_PROGRAM_RPC"):
        fill(environ={})


def test_print_config_masks_secrets_and_ends(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        read_settings(ProgramSettings, "program", ["--password", "hunter2", "--print-config"], RPC)
    printed = capsys.readouterr().out
    assert ended.value.code == 0
    assert "hunter2" not in printed
    assert 'rpc = "http://env"' in printed


def test_what_print_config_prints_is_a_config(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    flags = ["--hosts", 'a,b"c', "--dry", "true", "--keystore", "k"]
    with pytest.raises(SystemExit):
        read_settings(ProgramSettings, "program", [*flags, "--print-config"], RPC)
    printed = capsys.readouterr().out
    assert fill(environ={}, toml=printed, tmp_path=tmp_path) == read_settings(
        ProgramSettings, "program", flags, RPC
    )


def test_a_process_ends_with_one_sentence_and_a_status():
    program = Path(__file__).parent / "programs" / "settings_program.py"
    ended = subprocess.run([sys.executable, program], capture_output=True, text=True, env={})
    assert ended.returncode == 2
    assert ended.stderr.startswith("The setting rpc is missing")
    shown = subprocess.run([sys.executable, program, "--help"], capture_output=True, text=True, env={})
    assert "100 % of it" in shown.stdout
