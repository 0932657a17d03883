# SPDX-License-Identifier: MIT
"""Wrong lines that no test can notice because they do the same, each with the reason why."""

import tomllib
from pathlib import Path

from tools.common import ROOT, ToolError
from tools.mutants import Mutant, squeeze

EXPLANATIONS = ROOT / "tests" / "mutation" / "survivors.toml"


class Survivors:
    """(file, right line, wrong line) → why. Raises ToolError if an explained line is gone."""

    def __init__(self, file: Path = EXPLANATIONS, root: Path = ROOT) -> None:
        entries = tomllib.loads(file.read_text()).get("survivor", []) if file.exists() else []
        for entry in entries:
            source = root / entry["file"]
            if not source.exists() or entry["line"] not in squeeze(source.read_text()):
                raise ToolError(
                    f"survivors.toml explains a line that {entry['file']} doesn't have: {entry['line']}"
                )
        self._why = {(entry["file"], entry["line"], entry["becomes"]): str(entry["why"]) for entry in entries}

    def why(self, mutant: Mutant) -> str | None:
        return self._why.get((mutant.file, mutant.right, mutant.wrong))
