# SPDX-License-Identifier: MIT
"""Wrong lines to try the tests with: slither's mutators propose them, a seed draws."""

import contextlib
import hashlib
import inspect
import json
import logging
import os
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tools.common import CACHE, ROOT, ToolError, content_hash, environment, files_under, write_atomically

PATHS = ROOT / "tests" / "mutation" / "paths.toml"
CANDIDATES = CACHE / "mutants.json"
PROFILE = "audit"  # of foundry.toml
# Reverting or leaving out a whole line is found by any test that passes there: a few of them are enough.
CRUDE = {"RR", "CR"}
CRUDE_EVERY = 10
# Another visibility or mutability of a function, and patches of declarations that never compile.
IDLE = {"FHR", "LIR", "MVIV"}


@dataclass(frozen=True)
class Mutant:
    """`new` in place of the bytes `start` to `end` of `file` makes the line `right` the line `wrong`.

    `nth` tells equal ones of a file apart.
    """

    file: str
    number: int
    start: int
    end: int
    new: str
    mutator: str
    right: str
    wrong: str
    nth: int = 0

    @property
    def name(self) -> str:
        return f"{self.file}:{self.number}"

    @property
    def identity(self) -> str:
        """Stays as long as the line does, wherever it moves in its file."""
        return f"{self.file}: {self.right} → {self.wrong} #{self.nth}"

    def applied(self, source: bytes) -> bytes:
        """Raises ToolError if the file isn't the one that the wrong line was proposed for."""
        if lines_around(source, self.start, self.end) != self.right:
            raise ToolError(f"{self.file} was changed while wrong lines were tried in it: run this again.")
        return source[: self.start] + self.new.encode() + source[self.end :]


@dataclass(frozen=True)
class MoneyPath:
    """Files on which an invariant of the design rests, and the forge tests (globs) tried first there."""

    invariant: str
    files: tuple[str, ...]
    tests: tuple[str, ...]


def squeeze(text: str) -> str:
    return " ".join(text.split())


def lines_around(source: bytes, start: int, end: int) -> str:
    """The whole lines that hold the bytes, in one."""
    first = source.rfind(b"\n", 0, start) + 1
    last = source.find(b"\n", end)
    return squeeze(source[first : last if last >= 0 else None].decode())


def read_paths() -> list[MoneyPath]:
    """Raises ToolError if a file isn't there any more, or stands in two paths."""
    paths = [
        MoneyPath(entry["invariant"], tuple(entry["files"]), tuple(entry["tests"]))
        for entry in tomllib.loads(PATHS.read_text())["path"]
    ]
    seen: set[str] = set()
    for name in (name for path in paths for name in path.files):
        if not (ROOT / name).exists():
            raise ToolError(f"{PATHS.relative_to(ROOT)} names {name}, which isn't there.")
        if name in seen:
            raise ToolError(f"{PATHS.relative_to(ROOT)} names {name} twice.")
        seen.add(name)
    return paths


def read_gas_tests() -> tuple[str, ...]:
    """Names of the tests whose bounds only optimised code keeps."""
    return tuple(tomllib.loads(PATHS.read_text())["gas"])


def draw_mutants(path: MoneyPath, seed: str) -> list[Mutant]:
    """All of the path in the order in which the seed draws them. A line that stays keeps its place in it."""
    order = sorted(
        (mutant for mutant in read_candidates() if mutant.file in path.files),
        key=lambda mutant: digest(seed, mutant.identity),
    )
    fine = [mutant for mutant in order if mutant.mutator not in CRUDE]
    crude = [mutant for mutant in order if mutant.mutator in CRUDE]
    drawn: list[Mutant] = []
    while fine or crude:
        turn = crude if crude and (not fine or len(drawn) % CRUDE_EVERY == CRUDE_EVERY - 1) else fine
        drawn.append(turn.pop(0))
    return drawn


def digest(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()


def read_candidates() -> list[Mutant]:
    """All that the mutators propose for the contracts as they are; made anew when a contract changed."""
    key = content_hash([*files_under("contracts"), PATHS, Path(__file__)])
    with contextlib.suppress(OSError, ValueError):
        kept = json.loads(CANDIDATES.read_text())
        if kept["key"] == key:
            return [Mutant(**entry) for entry in kept["mutants"]]
    mutants = numbered(propose())
    write_atomically(CANDIDATES, json.dumps({"key": key, "mutants": [asdict(it) for it in mutants]}))
    return mutants


def propose() -> list[Mutant]:
    from slither import Slither
    from slither.exceptions import SlitherError
    from slither.tools.mutator.mutators import all_mutators
    from slither.tools.mutator.mutators.abstract_mutator import AbstractMutator

    logging.disable(logging.CRITICAL)
    os.environ.update(environment({"FOUNDRY_PROFILE": PROFILE}))  # for the build that slither asks forge for
    known: list[Any] = [it for _, it in inspect.getmembers(all_mutators, inspect.isclass)]
    classes = [
        it
        for it in known
        if issubclass(it, AbstractMutator) and it is not AbstractMutator and it.NAME not in IDLE
    ]
    wanted = {name for path in read_paths() for name in path.files}
    found: dict[tuple[object, ...], Mutant] = {}
    try:
        units = Slither(str(ROOT)).compilation_units
    except SlitherError as error:
        hint = f"FOUNDRY_PROFILE={PROFILE} tools/bin/forge build"
        raise ToolError(f"{error}\nslither can't read the contracts; `{hint}` may say why.") from error
    for unit in units:
        for contract in unit.contracts:
            file = contract.source_mapping.filename.relative
            if file not in wanted:
                continue
            for cls in classes:
                for mutant in proposed_by(cls(unit, 0, "", "", contract, None, False, Path(), []), file):
                    found[(mutant.file, mutant.start, mutant.end, mutant.new)] = mutant
    logging.disable(logging.NOTSET)
    return sorted(found.values(), key=lambda it: (it.file, it.start, it.end, it.new))


def proposed_by(mutator: Any, file: str) -> Iterator[Mutant]:
    """A mutator that can't read a construct says nothing of that contract."""
    try:
        patches = mutator._mutate().get("patches", {})
    except Exception:  # noqa: BLE001 (slither's mutators raise whatever they stumble on)
        return
    source = (ROOT / file).read_bytes()
    for patch in (patch for some in patches.values() for patch in some):
        start, end, new = patch["start"], patch["end"], patch["new_string"]
        # What a patch says of the old text isn't always what it replaces.
        old = source[start:end].decode()
        changed = source[:start] + new.encode() + source[end:]
        right, wrong = (
            lines_around(source, start, end),
            lines_around(changed, start, start + len(new.encode())),
        )
        if right != wrong and not is_idle(mutator.NAME, old, new):
            yield Mutant(file, patch["line_number"], start, end, new, mutator.NAME, right, wrong)


def is_idle(mutator: str, old: str, new: str) -> bool:
    """True of what doesn't compile, or can't make a difference: a step whose value nobody reads, taken before
    or after; a counter that runs until it is its bound; another kind of constant; a narrower type, which only
    compiles for a value that it holds."""
    if mutator == "UOR":
        half, moved = new[-1:] == "-" != new[-2:-1], sorted(new) == sorted(old)
        return half or moved or new.strip("+-") != old.strip("+-")
    if old.startswith("i < ") and new == old.replace("<", "!=", 1):
        return True
    if "int256(" not in old and new.replace("int128", "int256") == old.replace("int128", "int256"):
        return True
    return new == old.replace(" constant ", " immutable ")


def numbered(mutants: list[Mutant]) -> list[Mutant]:
    """Counts equal wrong lines of a file from its beginning."""
    count: dict[str, int] = {}
    for place, mutant in enumerate(mutants):
        nth = count[mutant.identity] = count.get(mutant.identity, -1) + 1
        mutants[place] = Mutant(**{**asdict(mutant), "nth": nth})
    return mutants
