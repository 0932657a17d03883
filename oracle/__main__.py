# SPDX-License-Identifier: MIT
"""`python -m oracle`: the gateway as a process."""

from oracle.entry import run_process
from oracle.settings import PROCESS, OracleSettings

if __name__ == "__main__":
    run_process(OracleSettings, PROCESS, "oracle.process")
