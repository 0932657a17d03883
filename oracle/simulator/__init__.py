# SPDX-License-Identifier: MIT
"""Simulated meters: real Modbus TCP servers that follow the clock, and a ledger of the truth beside them.

curve.py says how much energy has passed at an instant, maps.py how a model shows it in its registers,
ledger.py writes down what really passed. maps.py knows nothing of the device files and ledger.py nothing of
either, so a wrong scale in a device file can't hide. faulty.py is a raw server that misbehaves, for tests.
"""
