# SPDX-License-Identifier: MIT
"""Wrong lines to try the tests with: slither's mutators propose them, a seed draws."""

import contextlib
import inspect
import json
import logging
import random
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tools.common import CACHE, ROOT, ToolError, content_hash, files_under, write_atomically

PATHS = ROOT / "tests" / "mutation" / "paths.toml"
CANDIDATES = CACHE / "mutants.json"
# Reverting or leaving out a whole line is found by any test that passes there: a few of them are enough.
CRUDE = {"RR", "CR"}
CRUDE_SHARE = 10


@dataclass(frozen=True)
class Mutant:
    """`start` and `end` are bytes of `file`."""

    file: str
    line: int
    start: int
    end: int
    old: str
    new: str
    mutator: str

    @property
    def name(self) -> str:
        return f"{self.file}:{self.line} {self.mutator}"

    def applied(self, source: bytes) -> bytes:
        return source[: self.start] + self.new.encode() + source[self.end :]


@dataclass(frozen=True)
class MoneyPath:
    """Files on which an invariant of the design rests, and the forge tests that must see a fault there."""

    invariant: str
    files: tuple[str, ...]
    tests: str


def read_paths() -> list[MoneyPath]:
    """Raises ToolError if a file isn't there any more."""
    paths = [
        MoneyPath(entry["invariant"], tuple(entry["files"]), entry["tests"])
        for entry in tomllib.loads(PATHS.read_text())["path"]
    ]
    for path in paths:
        for name in path.files:
            if not (ROOT / name).exists():
                raise ToolError(f"{PATHS.relative_to(ROOT)} names {name}, which isn't there.")
    return paths


def draw_mutants(paths: list[MoneyPath], count: int, seed: str) -> Iterator[tuple[MoneyPath, list[Mutant]]]:
    """For each path as many as for the others, in drawn order, with spares for what doesn't compile."""
    candidates = read_candidates()
    for path in paths:
        draw = random.Random(f"{seed}:{path.invariant}")
        own = [mutant for mutant in candidates if mutant.file in path.files]
        crude = [mutant for mutant in own if mutant.mutator in CRUDE]
        fine = [mutant for mutant in own if mutant.mutator not in CRUDE]
        share = -(-count // len(paths))
        fine = draw.sample(fine, min(len(fine), share * 2)) + draw.sample(crude, min(len(crude), share))
        for place in range(CRUDE_SHARE - 1, share, CRUDE_SHARE):
            fine.insert(place, fine.pop())
        yield path, fine


def read_candidates() -> list[Mutant]:
    """All that the mutators propose for the contracts as they are; made anew when a contract changed."""
    key = content_hash([*files_under("contracts"), PATHS], "mutants", "1")
    with contextlib.suppress(OSError, ValueError):
        kept = json.loads(CANDIDATES.read_text())
        if kept["key"] == key:
            return [Mutant(**entry) for entry in kept["mutants"]]
    mutants = propose()
    write_atomically(CANDIDATES, json.dumps({"key": key, "mutants": [asdict(it) for it in mutants]}))
    return mutants


def propose() -> list[Mutant]:
    from slither import Slither
    from slither.tools.mutator.mutators import all_mutators
    from slither.tools.mutator.mutators.abstract_mutator import AbstractMutator

    logging.disable(logging.CRITICAL)
    classes: list[Any] = [
        it
        for _, it in inspect.getmembers(all_mutators, inspect.isclass)
        if issubclass(it, AbstractMutator) and it is not AbstractMutator
    ]
    wanted = {name for path in read_paths() for name in path.files}
    found: dict[tuple[object, ...], Mutant] = {}
    for unit in Slither(str(ROOT)).compilation_units:
        for contract in unit.contracts:
            file = contract.source_mapping.filename.relative
            if file not in wanted:
                continue
            for cls in classes:
                for mutant in proposed_by(cls(unit, 0, "", "", contract, None, False, Path(), []), file):
                    found[(mutant.file, mutant.start, mutant.end, mutant.new)] = mutant
    logging.disable(logging.NOTSET)
    return sorted(found.values(), key=lambda it: (it.file, it.start, it.end, it.new))


def proposed_by(mutator: Any, file: str) -> list[Mutant]:
    """A mutator that can't read a construct says nothing of that contract."""
    try:
        patches = mutator._mutate().get("patches", {})
    except Exception:  # noqa: BLE001 (slither's mutators raise whatever they stumble on)
        return []
    return [
        Mutant(
            file,
            patch["line_number"],
            patch["start"],
            patch["end"],
            patch["old_string"] if isinstance(patch["old_string"], str) else patch["old_string"].decode(),
            patch["new_string"],
            mutator.NAME,
        )
        for some in patches.values()
        for patch in some
        if patch["old_string"] != patch["new_string"]
    ]
