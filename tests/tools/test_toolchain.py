# SPDX-License-Identifier: MIT
"""The tool chain's tests of itself."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from eth_utils.crypto import keccak

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tools import common, complete_lock, export_abi, run_tests, settings  # noqa: E402

SOURCE_ENDINGS = (".sol", ".py", ".ts", ".tsx")
LOCK = "requirements-dev.txt"
FOUNDRY = ROOT / "tools" / "bin"


def project_files() -> list[Path]:
    """What git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in sorted(set(names)) if name and (ROOT / name).is_file()]


def forge(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(FOUNDRY / "forge"), *arguments],
        cwd=folder,
        env=common.environment(),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def forge_project(tmp_path: Path) -> Path:
    solc = common.SOLC_FOLDER / f"solc-v{settings.compiler_settings().version}"
    (tmp_path / "foundry.toml").write_text(
        f'[profile.default]\nsrc = "src"\ntest = "test"\nlibs = []\nsolc = "{solc}"\noffline = true\n'
        'auto_detect_remappings = false\nevm_version = "london"\n'
    )
    (tmp_path / "test").mkdir()
    return tmp_path


@pytest.mark.parametrize(("condition", "status"), [("true", 0), ("false", 1)])
def test_forge_reports_a_failing_test(forge_project: Path, condition: str, status: int) -> None:
    (forge_project / "test" / "Probe.t.sol").write_text(
        "// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n"
        f"contract ProbeTest {{ function test_probe() external pure {{ require({condition}); }} }}\n"
    )
    done = forge(forge_project, "test")
    assert done.returncode == status, done.stdout + done.stderr
    assert run_tests.count(done.stdout) == (1 - status, status)


@pytest.mark.parametrize("tool", ["forge", "anvil", "cast"])
def test_programs_are_native(tool: str) -> None:
    with (FOUNDRY / tool).resolve().open("rb") as program:
        assert program.read(2) != b"#!", f"{tool} is a wrapper that loses exit codes"


def test_solc_shim_has_the_version_of_its_module() -> None:
    version = settings.compiler_settings().version
    shim = [str(ROOT / "tools" / "solc" / "solc.cjs"), "--version"]
    told = subprocess.run(shim, capture_output=True, text=True, check=True).stdout
    module = "process.stdout.write(require('solc').version())"
    asked = subprocess.run(
        ["node", "-e", module], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert asked.startswith(f"{version}+commit.")
    assert f"Version: {asked.replace('Emscripten.clang', 'Linux.g++')}" in told.splitlines()


def test_solc_in_use_is_that_version() -> None:
    version = settings.compiler_settings().version
    solc = [str(common.SOLC_FOLDER / f"solc-v{version}"), "--version"]
    assert (
        f"Version: {version}+commit."
        in subprocess.run(solc, capture_output=True, text=True, check=True).stdout
    )


def test_spdx_heads_every_source_file() -> None:
    missing = [
        path.relative_to(ROOT).as_posix()
        for path in project_files()
        if path.suffix in SOURCE_ENDINGS
        and path.stat().st_size
        and "SPDX-License-Identifier: MIT" not in "".join(path.read_text().splitlines(keepends=True)[:3])
    ]
    assert not missing


def test_no_file_names_a_registry_or_a_machine() -> None:
    hosts = ["registry.npmjs" + ".org", "pypi" + ".org", "pythonhosted" + ".org", "npmmirror" + ".com"]
    paths = ["/ro" + "ot/", "/wo" + "rk/", "/home/" + "runner"]
    forbidden = re.compile(
        "|".join([re.escape(text) for text in hosts] + [rf"(?<![\w.\-]){p}" for p in paths])
    )
    found = []
    for path in project_files():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in forbidden.finditer(text)]
    assert not found


def test_locks_hold_no_addresses_of_packages() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert not [name for name, entry in lock["packages"].items() if "resolved" in entry]
    assert "://" not in (ROOT / LOCK).read_text()


def test_npm_lock_is_complete_and_pins_what_package_json_says() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert not complete_lock.complete(lock), "run `make lock`"
    assert not complete_lock.drop_funding(lock), "run `make lock`"
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    assert wanted == {name: lock["packages"][f"node_modules/{name}"]["version"] for name in wanted}


def test_make_help_lists_every_target() -> None:
    text = (ROOT / "Makefile").read_text().replace("\\\n", " ")
    phony = next(line for line in text.splitlines() if line.startswith(".PHONY:")).split()[1:]
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    listed = re.findall(r"^  make (\S+)\s+\S", shown, re.MULTILINE)
    assert sorted(listed) == sorted(phony)
    asked_for = (
        "help setup compile web test test-contracts test-python test-e2e chromium demo deploy gas bench lint"
    )
    assert {*asked_for.split(), "format", "clean", "screenshot"} <= set(listed)


def test_exported_abis_are_those_of_a_fresh_compile() -> None:
    if not (ROOT / "contracts").is_dir():
        return
    done = subprocess.run(
        [sys.executable, "-m", "tools.export_abi", "--check"],
        cwd=ROOT,
        env=common.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_brownie_and_forge_compile_to_the_same_code() -> None:
    """But for the metadata that Brownie puts behind it."""
    compared = 0
    for built in sorted((ROOT / "build" / "contracts").glob("*.json")):
        exported = ROOT / "wattbook" / "abi" / built.name
        if not exported.exists():
            continue
        runtime = bytes.fromhex(json.loads(built.read_text())["deployedBytecode"].removeprefix("0x"))
        if runtime:
            compared += 1
            code_hash = f"0x{keccak(export_abi.without_metadata(runtime)).hex()}"
            assert code_hash == json.loads(exported.read_text())["codeHash"], built.stem
    exports = [json.loads(path.read_text()) for path in (ROOT / "wattbook" / "abi").glob("*.json")]
    assert compared == len([export for export in exports if export["bytecode"]])


def test_a_failed_registry_leaves_nothing_half_done(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc", "pyproject.toml", "foundry.toml", LOCK):
        shutil.copy(ROOT / name, copy / name)
    shutil.copytree(
        ROOT / "tools", copy / "tools", symlinks=True, ignore=shutil.ignore_patterns("__pycache__")
    )
    nowhere = "http://127.0.0.1:9/"
    done = subprocess.run(
        [sys.executable, "-m", "tools.setup"],
        cwd=copy,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path / "home"),
            "PIP_INDEX_URL": nowhere,
            "PIP_RETRIES": "0",
            "UV_INDEX_URL": nowhere,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert re.fullmatch(r"wattbook: the Python package registry can't be reached: [^\n]+\n", done.stderr), (
        done.stderr
    )
    assert not (copy / ".venv").exists()
    assert not list((copy / ".cache" / "stamps").glob("*"))


def test_no_two_contracts_have_one_name():
    # Brownie keys its artifacts by the bare name; forge builds such a pair without a word.
    declared = re.compile(r"^(?:abstract )?(?:contract|interface|library) (\w+)", re.MULTILINE)
    names = [
        name for file in (ROOT / "contracts").rglob("*.sol") for name in declared.findall(file.read_text())
    ]
    assert len(names) > 50
    assert sorted(names) == sorted(set(names))
