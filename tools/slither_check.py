# SPDX-License-Identifier: MIT
"""Slither over the contracts; every finding is either mended or explained in tests/audit/slither.toml.

An entry there names the detector, where it may fire (`Contract.function`, or `*`) and why that is no fault.
An entry that explains nothing any more fails as well.
"""

import fnmatch
import json
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.common import ROOT, VENV, ToolError, die, environment, say

EXPLAINED = ROOT / "tests" / "audit" / "slither.toml"
PROFILE = "audit"  # of foundry.toml: slither reads the sources, so the build behind it needn't be optimised
OTHERS = "node_modules|tests/|contracts/mocks"


@dataclass(frozen=True)
class Finding:
    check: str
    impact: str
    where: str
    text: str


@dataclass(frozen=True)
class Explanation:
    check: str
    where: str
    why: str

    def covers(self, finding: Finding) -> bool:
        return self.check == finding.check and fnmatch.fnmatchcase(finding.where, self.where)


def run_slither() -> list[Finding]:
    """Raises ToolError if slither doesn't get to its end: its exit status only says if it found anything."""
    with tempfile.TemporaryDirectory(prefix="slither-") as folder:
        answer = Path(folder) / "answer.json"
        command = [str(VENV / "bin" / "slither"), str(ROOT), "--filter-paths", OTHERS, "--json", str(answer)]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment({"FOUNDRY_PROFILE": PROFILE}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if not answer.exists():
            raise ToolError(f"{(done.stdout + done.stderr)[-3000:]}\nslither failed.")
        found = json.loads(answer.read_text())
    if not found["success"]:
        raise ToolError(f"slither failed: {found['error']}")
    return [
        Finding(it["check"], it["impact"], place(it["elements"]), it["description"].strip())
        for it in found["results"].get("detectors", [])
    ]


def place(elements: list[dict[str, Any]]) -> str:
    """`Contract.function` of the first element, or what is nearest to it."""
    if not elements:
        return "?"
    names: list[str] = []
    element: dict[str, Any] | None = elements[0]
    while element is not None:
        if element["type"] in ("function", "contract", "variable", "event", "enum", "struct"):
            names.insert(0, str(element["name"]))
        element = element.get("type_specific_fields", {}).get("parent")
    return ".".join(names) or str(elements[0]["source_mapping"]["filename_relative"])


def read_explanations() -> list[Explanation]:
    return [Explanation(**entry) for entry in tomllib.loads(EXPLAINED.read_text())["explained"]]


def check() -> int:
    findings, explanations = run_slither(), read_explanations()
    unexplained = [it for it in findings if not any(known.covers(it) for known in explanations)]
    idle = [known for known in explanations if not any(known.covers(it) for it in findings)]
    for finding in unexplained:
        say(f"{finding.impact}: {finding.check} in {finding.where}\n  {finding.text}")
    for known in idle:
        say(f"tests/audit/slither.toml explains {known.check} in {known.where}, which slither doesn't find.")
    say(f"slither: {len(findings)} findings, {len(unexplained)} not explained.")
    return 1 if unexplained or idle else 0


if __name__ == "__main__":
    try:
        sys.exit(check())
    except ToolError as error:
        die(str(error))
