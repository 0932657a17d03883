# SPDX-License-Identifier: MIT
"""`make compile`: forge and Brownie compile contracts/, side by side, and wattbook/abi/*.json is written."""

import concurrent.futures
import json
import sys
from collections.abc import Callable
from pathlib import Path

from tools.common import (
    BIN,
    ROOT,
    VENV,
    ToolError,
    content_hash,
    die,
    exclusive,
    files_under,
    is_fresh,
    run_logged,
    say,
    stamp,
)
from tools.setup import node_key, python_key

ABI_FOLDER = ROOT / "wattbook" / "abi"


def sources() -> list[Path]:
    return [path for path in files_under("contracts") if path.suffix == ".sol"]


def input_key(*more: str) -> str:
    return content_hash([*sources(), ROOT / "foundry.toml"], node_key(), *more)


def abi_key() -> str:
    """Over what goes in and what came out, so that an edited or foreign export is written anew."""
    exported = sorted(ABI_FOLDER.glob("*.json"))
    exporter = (ROOT / "tools" / "export_abi.py").read_text()
    return f"{input_key(exporter)} {content_hash(exported)}"


def brownie_key() -> str:
    return input_key((ROOT / "brownie-config.yaml").read_text(), python_key())


def compile_forge() -> None:
    run_logged("compile-forge", [BIN / "forge", "build", "contracts"])
    run_logged("export-abi", [VENV / "bin" / "python", "-m", "tools.export_abi"])
    stamp("abi", abi_key())


def forget_removed_sources() -> None:
    """Brownie fails on an artifact whose source, or a source of whose source, is gone."""
    for artifact in (ROOT / "build" / "contracts").glob("*.json"):
        data = json.loads(artifact.read_text())
        paths = {data.get("sourcePath"), *(data.get("allSourcePaths") or {}).values()}
        if any(path and path.startswith("contracts/") and not (ROOT / path).exists() for path in paths):
            artifact.unlink()


def compile_brownie() -> None:
    key = brownie_key()
    forget_removed_sources()
    run_logged("compile-brownie", [BIN / "brownie", "compile"])
    stamp("brownie", key)


def main() -> None:
    steps: list[tuple[str, Callable[[], str], list[Path], Callable[[], None]]]
    steps = [("abi", abi_key, [], compile_forge)]
    if "--abi-only" not in sys.argv[1:]:
        steps.append(("brownie", brownie_key, [ROOT / "build" / "contracts"], compile_brownie))
    if not sources() or all(is_fresh(name, key(), outputs) for name, key, outputs, _ in steps):
        return
    try:
        with exclusive("compile"), concurrent.futures.ThreadPoolExecutor() as pool:
            due = [run for name, key, outputs, run in steps if not is_fresh(name, key(), outputs)]
            say("compile: contracts")
            for job in [pool.submit(run) for run in due]:
                job.result()
    except ToolError as error:
        die(str(error))


if __name__ == "__main__":
    main()
