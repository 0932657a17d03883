# SPDX-License-Identifier: MIT
"""Places at which a test may let a process die: kill -9 between two lines, where no timer would hit.

A process started with WATTBOOK_CRASH=<folder> and WATTBOOK_CRASH_NAME=oracle kills itself at
`crash_point("sent")` if the folder has a file named oracle.sent, which it removes first: each file is one
death. Without the variables nothing is looked at.
"""

import os
import signal
from pathlib import Path

FOLDER_VARIABLE = "WATTBOOK_CRASH"
PROCESS_VARIABLE = "WATTBOOK_CRASH_NAME"


def crash_file(folder: Path, process: str, point: str) -> Path:
    """The file that means: die there next time."""
    return folder / f"{process}.{point}"


def crash_point(point: str) -> None:
    """Dies here if a test wants it."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder is None:
        return
    try:
        crash_file(Path(folder), os.environ.get(PROCESS_VARIABLE, ""), point).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
