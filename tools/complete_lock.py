# SPDX-License-Identifier: MIT
"""Completes package-lock.json: adds the @foundry-rs platform packages that a registry did not serve, and
drops what nobody installs: whom a package asks for money, and where.

`npm install` leaves optional packages it can't find out of the lock, and `npm ci` then refuses the lock as
out of step with package.json. Run after every `npm install` (`make lock` does).
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

CPUS = {"amd64": "x64", "arm64": "arm64"}
PLATFORM_PACKAGE = re.compile(r"@foundry-rs/(\w+)-(linux|darwin|win32)-(amd64|arm64)")


def complete(lock: dict[str, Any]) -> list[str]:
    """Adds the missing entries to the lock in place and returns their names."""
    packages: dict[str, Any] = lock["packages"]
    added = []
    for entry in list(packages.values()):
        for name, version in entry.get("optionalDependencies", {}).items():
            match = PLATFORM_PACKAGE.fullmatch(name)
            if not match or f"node_modules/{name}" in packages:
                continue
            tool, system, cpu = match.groups()
            binary = f"bin/{tool}.exe" if system == "win32" else f"bin/{tool}"
            packages[f"node_modules/{name}"] = {
                "version": version,
                "cpu": [CPUS[cpu]],
                "dev": True,
                "license": "MIT OR Apache-2.0",
                "optional": True,
                "os": [system],
                "bin": {tool: binary},
                "engines": {"node": ">=20"},
            }
            added.append(name)
    lock["packages"] = dict(sorted(packages.items()))
    return added


def drop_funding(lock: dict[str, Any]) -> int:
    """Takes the `funding` entries out of the lock in place and says how many there were."""
    return sum(entry.pop("funding", None) is not None for entry in lock["packages"].values())


def main() -> None:
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "package-lock.json")
    lock = json.loads(path.read_text())
    added = complete(lock)
    drop_funding(lock)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")
    print(f"{path}: {len(added)} platform packages added {' '.join(added)}".rstrip())


if __name__ == "__main__":
    main()
