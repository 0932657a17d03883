# SPDX-License-Identifier: MIT
"""What the tools share: paths, environment, content-hash stamps, one lock, programs run with a log."""

import contextlib
import fcntl
import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
LOGS = CACHE / "logs"
STAMPS = CACHE / "stamps"
VENV = ROOT / ".venv"
BIN = ROOT / "tools" / "bin"
SOLC_FOLDER = CACHE / "solcx"

_NO_NETWORK = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|dns error|error sending request|"
    r"Failed to fetch|Max retries exceeded|NewConnectionError|ConnectTimeout|No matching distribution found|"
    r"Could not resolve|network socket disconnected|tunneling socket",
    re.IGNORECASE,
)


class ToolError(Exception):
    """Something the user has to put right; its text is one sentence that says how."""


def say(text: str) -> None:
    print(text, flush=True)


def die(text: str) -> NoReturn:
    sys.stderr.write(f"wattbook: {text}\n")
    raise SystemExit(1)


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of every program we start: our own tools come first."""
    env = dict(os.environ)
    env.pop("PYTHONHOME", None)
    env.pop("PYTHONPATH", None)
    first = [str(BIN), str(VENV / "bin"), str(ROOT / "node_modules" / ".bin")]
    rest = [entry for entry in env.get("PATH", os.defpath).split(os.pathsep) if entry not in first]
    env["PATH"] = os.pathsep.join(first + rest)
    env["VIRTUAL_ENV"] = str(VENV)
    env["SOLCX_BINARY_PATH"] = str(SOLC_FOLDER)
    env["PYTHONUNBUFFERED"] = "1"
    env.update(extra or {})
    return env


def files_under(*places: str) -> list[Path]:
    """The files at or below the places (paths in the project); what is missing or generated is left out."""
    found: set[Path] = set()
    for place in places:
        path = ROOT / place
        if path.is_file():
            found.add(path)
        for folder, folders, names in os.walk(path):
            folders[:] = [f for f in folders if f not in ("node_modules", "__pycache__", "dist", ".cache")]
            found.update(Path(folder, name) for name in names)
    return sorted(found)


def content_hash(files: Iterable[Path], *more: str) -> str:
    """SHA-256 over names and contents."""
    digest = hashlib.sha256()
    for item in more:
        digest.update(item.encode() + b"\0")
    for path in files:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_fresh(name: str, key: str, outputs: Iterable[Path] = ()) -> bool:
    """True if the step ran to its end with this key and its outputs are still there."""
    try:
        stamped = (STAMPS / name).read_text()
    except OSError:
        return False
    return stamped == key and all(path.exists() for path in outputs)


def stamp(name: str, key: str) -> None:
    """Marks the step as done: always its last act."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    write_atomically(STAMPS / name, key)


def unstamp(name: str) -> None:
    (STAMPS / name).unlink(missing_ok=True)


def write_atomically(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text)
    temporary.replace(path)


@contextlib.contextmanager
def exclusive(name: str) -> Iterator[None]:
    """One `make` at a time does the named step here; a second one waits and then finds it done."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another {name} in this checkout ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def run_logged(
    name: str,
    command: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    registry: str | None = None,
) -> str:
    """Runs a program with its output in .cache/logs/<name>.log; a failure is told in one sentence."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    started = time.monotonic()
    try:
        with log.open("w") as out:
            done = subprocess.run(
                [str(part) for part in command],
                cwd=cwd,
                env=environment(env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                check=False,
            )
    except FileNotFoundError as error:
        raise ToolError(f"{command[0]} isn't installed: install it and run this again.") from error
    output = log.read_text(errors="replace")
    if done.returncode == 0:
        say(f"  {name}: done in {time.monotonic() - started:.0f} s")
        return output
    where = log.relative_to(ROOT)
    if registry and _NO_NETWORK.search(output):
        raise ToolError(
            f"the {registry} package registry can't be reached: check the network or its mirror settings "
            f"and run the same command again, nothing was left half done (log: {where})."
        )
    tail = "\n".join(output.rstrip().splitlines()[-40:])
    raise ToolError(f"{tail}\n{name} failed with exit status {done.returncode}; the whole log is {where}.")
