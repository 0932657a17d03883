# SPDX-License-Identifier: MIT
"""No process is ever left behind, whoever dies first."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from wattbook.errors import PortTaken, ProcessFailed, ProcessSilent, ProgramMissing
from wattbook.processes import Supervisor, claim_port, json_ready

PROGRAMS = Path(__file__).parent / "programs"
FAMILY = [sys.executable, str(PROGRAMS / "family.py")]


def lives(pid: int) -> bool:
    """Whether a process runs; one that waits to be reaped doesn't."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually(holds: Callable[[], bool], seconds: float = 8.0) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds()


def test_a_child_says_when_it_is_ready_and_with_what():
    with Supervisor() as supervisor:
        child = supervisor.start("family", FAMILY)
        assert child.port == 1
        assert child.alive()
        assert os.getpgid(child.pid) == child.pid != os.getpgid(0)
    assert not lives(child.pid)


def test_stopping_ends_the_whole_group_even_a_stubborn_one():
    with Supervisor(grace=0.2) as supervisor:
        children = [
            supervisor.start(name, [*FAMILY, *more]) for name, more in (("a", []), ("b", ["stubborn"]))
        ]
        pids = [pid for child in children for pid in (child.pid, child.facts["child"])]
        assert all(map(lives, pids))
    assert eventually(lambda: not any(map(lives, pids)))


def test_children_stop_in_reverse_order(tmp_path: Path):
    told = tmp_path / "told"
    code = (
        "import signal, sys, time\n"
        "from wattbook.processes import announce_ready\n"
        f"def end(*_): open({str(told)!r}, 'a').write(sys.argv[1]); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "announce_ready()\n"
        "time.sleep(600)\n"
    )
    with Supervisor() as supervisor:
        for name in "abc":
            supervisor.start(name, [sys.executable, "-c", code, name])
    assert told.read_text() == "cba"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_parent_leaves_no_process(number: int):
    parent = subprocess.Popen(
        [sys.executable, str(PROGRAMS / "parent.py")], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    facts = json_ready(parent.stdout.readline())
    assert facts is not None
    assert all(map(lives, facts["pids"]))
    os.kill(parent.pid, number)
    parent.wait()
    parent.stdout.close()
    left = lambda: [pid for pid in facts["pids"] if lives(pid)]  # noqa: E731
    assert eventually(lambda: not left()), left()


def test_a_child_can_be_killed_and_started_again():
    with Supervisor() as supervisor:
        first = supervisor.start("family", FAMILY)
        first.kill()
        assert not first.alive()
        second = supervisor.restart("family")
        assert second.pid != first.pid
        assert supervisor.children == {"family": second}


def test_a_child_that_ends_first_is_reported_with_its_last_words():
    code = "import sys; sys.stderr.write('first\\nThe cellar is locked.\\n'); sys.exit(3)"
    with (
        Supervisor() as supervisor,
        pytest.raises(ProcessFailed, match=r"status 3.*The cellar is locked\.") as failed,
    ):
        supervisor.start("oracle", [sys.executable, "-c", code])
    assert failed.value.facts["status"] == 3


def test_a_child_that_is_never_ready_is_ended_and_named():
    with Supervisor() as supervisor:
        with pytest.raises(ProcessSilent, match=r"oracle was not ready after 0\.3 s"):
            supervisor.start("oracle", [sys.executable, "-c", "import time; time.sleep(600)"], timeout=0.3)
        assert supervisor.children == {}


@pytest.mark.parametrize("guarded", [False, True])
def test_a_missing_program_is_said_in_one_sentence(guarded: bool):
    with Supervisor() as supervisor, pytest.raises((ProgramMissing, ProcessFailed), match="run `make setup`"):
        supervisor.start("x", ["no-such-program"], guarded=guarded)


def test_a_taken_port_is_said_in_one_sentence():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {port} of 127.0.0.1 is taken: stop the program"):
            claim_port(port)
    assert claim_port(port) == port
    assert claim_port(0) > 0


def test_a_talkative_child_never_blocks_and_all_it_says_is_kept(tmp_path: Path):
    code = (
        "print('{\"ready\": true}', flush=True)\n"
        "for i in range(20000): print('x' * 50)\n"
        "print('done', flush=True)"
    )
    with Supervisor(tmp_path) as supervisor:
        child = supervisor.start("loud", [sys.executable, "-c", code])
        assert eventually(lambda: not child.alive())
        assert eventually(lambda: child.log.read_text().endswith("done\n"))


def test_what_is_not_a_ready_line_is_none():
    assert json_ready("starting …") is None
    assert json_ready("{broken") is None
    assert json_ready('{"ready": false}') is None
