# SPDX-License-Identifier: MIT
"""A process with a child of its own: family.py [stubborn]; announces both process ids.

A stubborn one, and its child, ignore SIGTERM.
"""

import signal
import subprocess
import sys
import time

from wattbook.processes import announce_ready, end_with_parent

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"

if __name__ == "__main__":
    end_with_parent(grace=0.3)
    if "stubborn" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, "-c", STUBBORN])
    announce_ready(child=child.pid, port=1)
    time.sleep(600)
