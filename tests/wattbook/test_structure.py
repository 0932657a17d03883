# SPDX-License-Identifier: MIT
"""How the packages hang together: time comes from the clock, and imports go one way."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("wattbook", "oracle", "api", "scripts")
TIMEKEEPERS = {"wattbook/clock.py", "wattbook/processes.py"}
FORBIDDEN_TIME = {
    "time.time",
    "time.time_ns",
    "time.sleep",
    "asyncio.sleep",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
}
MAY_IMPORT = {
    "wattbook": {"wattbook"},
    "oracle": {"wattbook", "oracle"},
    "api": {"wattbook", "api"},
    "scripts": {"wattbook", "scripts", "brownie"},
}
FILES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(tree: ast.AST) -> Iterator[str]:
    """Top-level packages, wherever in the file they are imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def time_uses(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            used = ".".join(ast.unparse(node).split(".")[-2:])
            if used in FORBIDDEN_TIME:
                yield f"{used} in line {node.lineno}"
        elif isinstance(node, ast.ImportFrom) and node.module in ("time", "asyncio"):
            taken = {f"{node.module}.{alias.name}" for alias in node.names} & FORBIDDEN_TIME
            yield from (f"{used} in line {node.lineno}" for used in taken)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_time_comes_from_the_injected_clock(path: Path):
    if name_of(path) not in TIMEKEEPERS:
        assert list(time_uses(ast.parse(path.read_text()))) == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_package_imports_only_what_it_may(path: Path):
    package = name_of(path).split("/")[0]
    ours = {"wattbook", "oracle", "api", "scripts", "tests", "tools", "bench", "brownie"}
    assert set(imported(ast.parse(path.read_text()))) & ours <= MAY_IMPORT[package]


def test_the_test_sees_every_way_to_read_the_time():
    lines = ["time.time()", "datetime.datetime.now()", "from asyncio import sleep", "asyncio.sleep(1)"]
    code = "\n".join(lines)
    assert len(list(time_uses(ast.parse(code)))) == 4
