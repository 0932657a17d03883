# SPDX-License-Identifier: MIT
"""Starts the checking process and shows what it found. It gets no more than its command line says."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from scripts.demo.stage import Files
from wattbook.errors import ProcessFailed

CHECK = Path(__file__).parent / "check"
ABI = Path(__file__).parents[2] / "wattbook" / "abi"


def run_checks(files: Files, rpc: str, periods: range) -> list[dict[str, Any]]:
    """The findings, kept in checks.json too. Raises ProcessFailed if the process itself fails."""
    arguments = {
        "rpc": rpc,
        "addresses": files.deployment,
        "abi": ABI,
        "ledger": files.ledger,
        "statements": files.statements,
        "first": periods.start,
        "last": periods.stop - 1,
    }
    flags = [text for name, value in arguments.items() for text in (f"--{name}", str(value))]
    # -I: no environment variables, no current folder on its path.
    done = subprocess.run(
        [sys.executable, "-I", str(CHECK), *flags], capture_output=True, text=True, check=False
    )
    if not done.stdout:
        last = (done.stderr.strip().splitlines() or ["it wrote nothing."])[-1]
        raise ProcessFailed(name="check", status=done.returncode, last_line=last, log="its own output")
    findings = json.loads(done.stdout)
    files.write(files.checks, findings)
    return list(findings)


def show_findings(console: Console, findings: Sequence[dict[str, Any]]) -> None:
    table = Table(title="Checks, made from outside", title_justify="left")
    table.add_column("")
    table.add_column("what")
    table.add_column("compared")
    table.add_column("times", justify="right")
    for finding in findings:
        mark = "[green]✓[/]" if finding["ok"] else "[red]✗[/]"
        table.add_row(mark, finding["name"], finding["compared"], f"{finding['count']:,}")
    console.print(table)
    for finding in findings:
        if not finding["ok"]:
            console.print(
                f"[red]Failed:[/] {finding['name']} ({finding['faultCount']} times)", soft_wrap=True
            )
            for fault in finding["faults"][:3]:
                console.print(f"  {fault}", soft_wrap=True)
