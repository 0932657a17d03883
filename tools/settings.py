# SPDX-License-Identifier: MIT
"""The compiler's settings: they stand in foundry.toml, once, and are read from there for all others."""

import json
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tools.common import ROOT


@dataclass(frozen=True)
class CompilerSettings:
    version: str
    evm_version: str
    optimizer: bool
    optimizer_runs: int
    via_ir: bool

    def as_environment(self) -> dict[str, str]:
        """What brownie-config.yaml refers to."""
        return {
            "WATTBOOK_SOLC_VERSION": self.version,
            "WATTBOOK_EVM_VERSION": self.evm_version,
            "WATTBOOK_OPTIMIZER": "true" if self.optimizer else "false",
            "WATTBOOK_OPTIMIZER_RUNS": str(self.optimizer_runs),
            "WATTBOOK_VIA_IR": "true" if self.via_ir else "false",
        }


def compiler_settings(root: Path = ROOT) -> CompilerSettings:
    profile = tomllib.loads((root / "foundry.toml").read_text())["profile"]["default"]
    version = json.loads((root / "package.json").read_text())["devDependencies"]["solc"]
    if not profile["solc"].endswith(f"/solc-v{version}"):
        sys.exit(
            f"wattbook: foundry.toml and package.json name two compilers ({profile['solc']}, {version})."
        )
    return CompilerSettings(
        version=version,
        evm_version=profile["evm_version"],
        optimizer=profile["optimizer"],
        optimizer_runs=profile["optimizer_runs"],
        via_ir=profile["via_ir"],
    )
