# SPDX-License-Identifier: MIT
"""`python -m oracle.simulator`: simulated meters as a process."""

from oracle.entry import run_process
from oracle.simulator.settings import PROCESS, SimulatorSettings

if __name__ == "__main__":
    run_process(SimulatorSettings, PROCESS, "oracle.simulator.process")
