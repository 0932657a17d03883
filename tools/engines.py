# SPDX-License-Identifier: MIT
"""`make geth`: builds go-ethereum, the engine of the geth-clique chain, from the Go module proxy, once.

python -m tools.engines geth
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools.common import CACHE, LOGS, ROOT, ToolError, die, environment, exclusive, say

GETH = "1.13.15"
MODULE = f"github.com/ethereum/go-ethereum/cmd/geth@v{GETH}"
GIVEN = "WATTBOOK_GETH"
OLDEST_GO = (1, 21)
# From here on Go's linker refuses what an old dependency of Geth's does, unless told otherwise.
CHECKING_GO = (1, 23)
# Where Go's own instructions install it.
USUAL_GO = "/usr/local/go/bin/go"
EVERY_SECONDS = 15


def geth_path() -> Path:
    return CACHE / "engines" / f"geth-{GETH}" / "geth"


def why_not() -> str | None:
    """What this machine lacks for building Geth, as a sentence; None if it can be built, or needn't be."""
    if os.environ.get(GIVEN) or geth_path().exists():
        return None
    if (go := find_go()) is None:
        return f"Go is missing: install Go {dotted(OLDEST_GO)} or newer, or name a Geth {GETH} with {GIVEN}."
    if (version := go_version(go)) < OLDEST_GO:
        return f"{go} is Go {dotted(version)}, too old for Geth: install {dotted(OLDEST_GO)} or newer."
    if not any(shutil.which(name) for name in (os.environ.get("CC", "cc"), "gcc", "clang")):
        return "A C compiler is missing, which Geth's build needs: install gcc or clang."
    return None


def find_go() -> str | None:
    return shutil.which("go") or (USUAL_GO if Path(USUAL_GO).exists() else None)


def go_version(go: str) -> tuple[int, int]:
    answer = subprocess.run([go, "version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"go(\d+)\.(\d+)", answer)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


def build_geth() -> None:
    """Builds it unless it is there. Raises ToolError."""
    if os.environ.get(GIVEN) or geth_path().exists():
        return
    with exclusive("geth"):
        if geth_path().exists():
            return
        if reason := why_not():
            raise ToolError(reason)
        say(f"building Geth {GETH} (about two minutes, once) ...")
        geth_path().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="geth-", dir=CACHE) as folder:
            install(str(find_go()), Path(folder))
            Path(folder, "geth").replace(geth_path())


def install(go: str, folder: Path) -> None:
    """`go install` into a folder, with a line of progress now and then."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "geth.log"
    command = [go, "install", "-v", MODULE]
    if go_version(go) >= CHECKING_GO:
        command.insert(3, "-ldflags=-checklinkname=0")
    flags = f"{os.environ.get('GOFLAGS', '')} -modcacherw".strip()  # else nobody can remove what it downloads
    env = environment({"CGO_ENABLED": "1", "GOBIN": str(folder), "GOFLAGS": flags})
    started = time.monotonic()
    with log.open("wb") as out:
        build = subprocess.Popen(
            command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            while not finished(build):
                compiled = log.read_bytes().count(b"\n")
                say(f"  geth: {compiled} packages after {time.monotonic() - started:.0f} s ...")
        except BaseException:
            build.kill()
            raise
    if build.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
        raise ToolError(f"{tail}\nGeth could not be built; the whole log is {log.relative_to(ROOT)}.")
    say(f"  geth: done in {time.monotonic() - started:.0f} s")


def finished(build: "subprocess.Popen[bytes]") -> bool:
    try:
        build.wait(EVERY_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True


def main() -> None:
    if sys.argv[1:] != ["geth"]:
        die("the engines that can be built are: geth.")
    try:
        build_geth()
    except ToolError as error:
        die(str(error))


if __name__ == "__main__":
    main()
