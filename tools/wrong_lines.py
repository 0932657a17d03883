# SPDX-License-Identifier: MIT
"""Wrong lines that are planted on purpose, as tables in tests/ name them, each with what must find it."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tools.common import ROOT, ToolError


@dataclass(frozen=True)
class Bug:
    """`becomes` in place of the one `line` of `file` makes the sentence true; `finder` is the proof or test
    that must fail then."""

    sentence: str
    file: str
    line: str
    becomes: str
    finder: str

    def applied(self, source: bytes) -> bytes:
        return source.replace(self.line.encode(), self.becomes.encode())


def read_bugs(table: Path, kind: str, known: Collection[str]) -> list[Bug]:
    """`kind` is the key of an entry's finder. Raises ToolError if a wrong line or its finder isn't there."""
    bugs = []
    for entry in tomllib.loads(table.read_text())["bug"]:
        finder = entry.pop(kind)
        if finder not in known:
            raise ToolError(f"{table.name} names the {kind} {finder}, which isn't there.")
        if (ROOT / entry["file"]).read_text().count(entry["line"]) != 1:
            raise ToolError(f"{table.name}: {entry['file']} doesn't have exactly one line `{entry['line']}`.")
        bugs.append(Bug(**entry, finder=finder))
    return bugs
