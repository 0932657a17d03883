# SPDX-License-Identifier: MIT
"""`python -m oracle.simulator`: simulated meters as a process."""

from oracle.entry import run_process
from oracle.simulator.process import PROCESS, SimulatorSettings, run

if __name__ == "__main__":
    run_process(SimulatorSettings, PROCESS, run)
