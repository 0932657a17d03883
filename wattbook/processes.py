# SPDX-License-Identifier: MIT
"""Starting, watching and stopping processes, so that none is ever left behind.

Parent side: `Supervisor`. Child side: `announce_ready` and `end_with_parent`, called by every `python -m` of
ours; programs that don't know us run under the guard at the end of this file.

A child gets a process group of its own and the read end of a pipe that only the parent holds open
(WATTBOOK_PARENT_FD): when the parent dies, even by kill -9, the pipe closes and the child ends.
"""

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Any, Self

from wattbook.errors import PortTaken, ProcessFailed, ProcessSilent, ProgramMissing

PARENT_FD = "WATTBOOK_PARENT_FD"
GRACE = 5.0

ReadyLine = Callable[[str], dict[str, Any] | None]


def json_ready(line: str) -> dict[str, Any] | None:
    """The facts of `{"ready": true, …}`, or None for any other line."""
    if not line.startswith("{"):
        return None
    try:
        facts = json.loads(line)
    except ValueError:
        return None
    return facts if facts.get("ready") is True else None


def claim_port(port: int, host: str = "127.0.0.1") -> int:
    """`port` if it is free (any free one for 0). Raises PortTaken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise PortTaken(port=port, host=host) from None
        return int(probe.getsockname()[1])


@dataclass
class Child:
    """A process that said it is ready. `facts` is its ready line; `log` has all that it wrote."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    popen: subprocess.Popen[bytes]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def port(self) -> int:
        """The port of the ready line."""
        return int(self.facts["port"])

    def alive(self) -> bool:
        return self.popen.poll() is None

    def signal_group(self, number: int) -> None:
        """Sends a signal to the child and whatever it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """kill -9, and waits until it is gone."""
        self.signal_group(signal.SIGKILL)
        self.popen.wait()

    def stop(self, grace: float = GRACE) -> int:
        """SIGTERM, then SIGKILL after `grace` seconds; answers the exit status."""
        if self.alive():
            self.signal_group(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(grace)
        # The leader may be gone and its own children not: the group goes in any case.
        self.kill()
        return self.popen.returncode


class Supervisor:
    """Starts children and stops them in reverse order; a context manager.

    `log_dir` keeps one log a name; without it they lie in a temporary folder that goes with the supervisor.
    """

    def __init__(self, log_dir: Path | None = None, grace: float = GRACE) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="wattbook-") if log_dir is None else None
        self._log_dir = log_dir or Path(self._temporary.name if self._temporary else "")
        self._log_dir.mkdir(parents=True, exist_ok=True)
        self._grace = grace
        self._ready_lines: dict[str, tuple[ReadyLine, float, bool]] = {}
        self._pipes: dict[str, int] = {}
        self.children: dict[str, Child] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(
        self,
        name: str,
        argv: Sequence[str],
        env: Mapping[str, str] | None = None,
        ready: ReadyLine = json_ready,
        timeout: float = 60.0,
        guarded: bool = False,
        on_stderr: bool = False,
    ) -> Child:
        """Starts `argv` and waits for its ready line.

        `env` is added to our environment. `guarded` is for programs that don't call `end_with_parent`,
        `on_stderr` for those that say on standard error that they are ready.
        Raises ProgramMissing, ProcessFailed (ended first), ProcessSilent (not ready in `timeout` seconds).
        """
        command = [sys.executable, "-m", "wattbook.processes", *argv] if guarded else list(argv)
        self._ready_lines[name] = ready, timeout, on_stderr
        return self._launch(name, command, dict(env or {}))

    def restart(self, name: str) -> Child:
        """Starts a child again as it was started first; kills it before if it still lives."""
        child = self.children[name]
        child.kill()
        return self._launch(name, child.argv, child.env)

    def stop(self) -> None:
        """Stops all children, the last started first, each with the grace to end by itself."""
        for name in reversed(list(self.children)):
            self.stop_child(name)
        if self._temporary is not None:
            self._temporary.cleanup()

    def stop_child(self, name: str) -> int:
        """Stops one child; answers its exit status."""
        status = self.children.pop(name).stop(self._grace)
        os.close(self._pipes.pop(name))
        return status

    def _launch(self, name: str, argv: Sequence[str], env: Mapping[str, str]) -> Child:
        ready, timeout, on_stderr = self._ready_lines[name]
        child = self._spawn(name, argv, env, self._log_dir / f"{name}.log", on_stderr)
        self.children.pop(name, None)
        self.children[name] = child
        try:
            child.facts = _await_ready(child, ready, timeout)
        except BaseException:
            self.stop_child(name)
            raise
        return child

    def _spawn(
        self, name: str, argv: Sequence[str], env: Mapping[str, str], log: Path, on_stderr: bool
    ) -> Child:
        read_end, write_end = os.pipe()
        try:
            with log.open("ab") as stream:
                popen = subprocess.Popen(
                    argv,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT if on_stderr else stream,
                    env={**os.environ, **env, PARENT_FD: str(read_end)},
                    pass_fds=[read_end],
                    process_group=0,
                )
        except FileNotFoundError:
            os.close(write_end)
            raise ProgramMissing(program=argv[0]) from None
        finally:
            os.close(read_end)
        if name in self._pipes:
            os.close(self._pipes[name])
        self._pipes[name] = write_end
        return Child(name, argv, env, log, popen)


def _await_ready(child: Child, ready: ReadyLine, timeout: float) -> dict[str, Any]:
    """Reads stdout in a thread, which goes on for the child's life so that its pipe never fills."""
    facts: dict[str, Any] = {}
    seen = threading.Event()
    assert child.popen.stdout is not None  # noqa: S101 - Popen was given PIPE
    reader = threading.Thread(
        target=_drain, args=(child.popen.stdout, child.log, ready, facts, seen), daemon=True
    )
    reader.start()
    if not seen.wait(timeout):
        raise ProcessSilent(name=child.name, seconds=timeout, log=child.log)
    if not facts:
        status = child.popen.wait()
        raise ProcessFailed(name=child.name, status=status, last_line=_last_line(child.log), log=child.log)
    return facts


def _drain(
    stdout: IO[bytes], log: Path, ready: ReadyLine, facts: dict[str, Any], seen: threading.Event
) -> None:
    with stdout, log.open("ab") as stream:
        for line in stdout:
            stream.write(line)
            stream.flush()
            if not seen.is_set() and (found := ready(line.decode(errors="replace").strip())) is not None:
                facts.update(found)
                seen.set()
    seen.set()


def wait_until(condition: Callable[[], bool], timeout: float, every: float = 0.1) -> bool:
    """Asks again and again, at most `timeout` seconds; answers whether it came true."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it wrote nothing."


def announce_ready(**facts: Any) -> None:
    """Tells the supervisor that this process does its work now, e.g. `announce_ready(port=8080)`."""
    sys.stdout.write(json.dumps({"ready": True, **facts}) + "\n")
    sys.stdout.flush()


def end_with_parent(grace: float = GRACE) -> None:
    """From now on this process gets SIGTERM when its supervisor dies, and is killed `grace` seconds later.

    Does nothing in a process that no supervisor started.
    """
    pipe = os.environ.pop(PARENT_FD, None)
    if pipe is not None:
        orphaned = threading.Event()
        atexit.register(lambda: _end_group() if orphaned.is_set() else None)
        threading.Thread(target=_watch_parent, args=(int(pipe), grace, orphaned), daemon=True).start()


def _watch_parent(pipe: int, grace: float, orphaned: threading.Event) -> None:
    while os.read(pipe, 1):
        pass
    orphaned.set()
    # Without a handler SIGTERM would end us here and leave our own children behind.
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(grace)
    _end_group()


def _end_group() -> None:
    """Kills this process and whatever it started; only where the group is its own."""
    if os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _guard(argv: Sequence[str]) -> int:
    """Runs a foreign program, passes SIGTERM on, and ends it with our parent."""
    try:
        program = subprocess.Popen(argv, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        sys.stderr.write(f"{ProgramMissing(program=argv[0])}\n")
        return ProgramMissing.exit_status

    def pass_on(number: int, _frame: FrameType | None) -> None:
        program.send_signal(number)

    signal.signal(signal.SIGTERM, pass_on)
    end_with_parent()
    return program.wait()


if __name__ == "__main__":
    sys.exit(_guard(sys.argv[1:]))
