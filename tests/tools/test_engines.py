# SPDX-License-Identifier: MIT
"""Building Geth: what is missing is said in one sentence, and a build that is there isn't made again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import engines, run_tests
from tools.common import ROOT, ToolError


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without Go and without a Geth; programs may be put into the folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(engines.GIVEN, raising=False)
    monkeypatch.setattr(engines, "USUAL_GO", str(tmp_path / "nowhere"))
    monkeypatch.setattr(engines, "geth_path", lambda: tmp_path / "engines" / "geth")
    return tmp_path


def program(folder: Path, name: str, words: str = "") -> None:
    (folder / name).write_text(f"#!/bin/sh\necho '{words}'\n")
    (folder / name).chmod(0o755)


def test_a_machine_without_go_is_told_in_one_sentence(bare: Path):
    assert (
        engines.why_not()
        == "Go is missing: install Go 1.21 or newer, or name a Geth 1.13.15 with WATTBOOK_GETH."
    )
    with pytest.raises(ToolError, match="Go is missing"):
        engines.build_geth()


def test_a_go_that_is_too_old_and_a_missing_c_compiler_are_told(bare: Path):
    program(bare, "go", "go version go1.19.4 linux/amd64")
    assert "Go 1.19, too old for Geth: install 1.21 or newer" in str(engines.why_not())
    program(bare, "go", "go version go1.26.8 linux/amd64")
    assert engines.why_not() == "A C compiler is missing, which Geth's build needs: install gcc or clang."
    program(bare, "gcc")
    assert engines.why_not() is None


def test_a_geth_that_is_there_or_named_needs_no_go(bare: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(engines.GIVEN, "/somewhere/geth")
    assert engines.why_not() is None
    engines.build_geth()
    monkeypatch.delenv(engines.GIVEN)
    (bare / "engines").mkdir()
    program(bare / "engines", "geth")
    assert engines.why_not() is None
    engines.build_geth()


def test_a_build_that_fails_shows_its_last_lines(bare: Path, monkeypatch: pytest.MonkeyPatch):
    (bare / "go").write_text(
        "#!/bin/sh\n[ $1 = version ] && echo go1.26.8 && exit\necho 'module: no such host'\nexit 1\n"
    )
    (bare / "go").chmod(0o755)
    program(bare, "cc")
    monkeypatch.setattr(engines, "LOGS", ROOT / "out" / "test" / "engines")
    with pytest.raises(ToolError, match="no such host\nGeth could not be built"):
        engines.build_geth()
    assert not engines.geth_path().exists()


def test_only_geth_can_be_built():
    done = subprocess.run(
        [sys.executable, "-m", "tools.engines", "besu"],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (1, "wattbook: the engines that can be built are: geth.\n")


def test_tests_that_need_geth_are_left_out_in_one_sentence_where_it_cant_be_built(
    bare: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(run_tests, "LEFT_OUT", [])
    assert run_tests.clique() == []
    (sentence,) = run_tests.LEFT_OUT
    assert sentence.startswith("Go is missing: ")
    assert sentence.endswith("The tests on geth-clique were left out.")
    (bare / "engines").mkdir()
    program(bare / "engines", "geth")
    assert [job.name for job in run_tests.clique()] == ["geth", "pytest-clique"]
