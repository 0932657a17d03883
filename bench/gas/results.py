# SPDX-License-Identifier: MIT
"""What was measured: gas of an operation in a state of storage, kept in bench/gas/snapshot.json."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

SNAPSHOT = Path(__file__).parent / "snapshot.json"


@dataclass(frozen=True, slots=True)
class Measured:
    """`gas` of whole transactions in which the operation was done `times`."""

    operation: str
    state: str
    gas: int
    times: int = 1

    @property
    def each(self) -> int:
        """Rounded up: a figure at its reach is within it."""
        return -(-self.gas // self.times)

    @property
    def name(self) -> str:
        return f"{self.operation} | {self.state}"


def read(path: Path = SNAPSHOT) -> list[Measured]:
    """The snapshot's lines; none if there is no snapshot yet."""
    if not path.is_file():
        return []
    return [Measured(**line) for line in json.loads(path.read_text())]


def write(lines: list[Measured], path: Path = SNAPSHOT) -> None:
    """A line of JSON for each, so that a change shows as one."""
    rows = [json.dumps(asdict(line)) for line in lines]
    path.write_text("[\n  " + ",\n  ".join(rows) + "\n]\n")


def differences(pinned: list[Measured], found: list[Measured]) -> Iterator[str]:
    """A sentence for each line that is new, gone or has other gas."""
    before = {line.name: line for line in pinned}
    after = {line.name: line for line in found}
    for name, line in after.items():
        if name not in before:
            yield f"{name}: {line.gas:,} gas, not in the snapshot"
        elif line != before[name]:
            yield f"{name}: {before[name].gas:,} → {line.gas:,} gas ({line.gas - before[name].gas:+,})"
    for name in before.keys() - after.keys():
        yield f"{name}: in the snapshot, but no longer measured"
