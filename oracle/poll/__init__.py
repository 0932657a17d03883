# SPDX-License-Identifier: MIT
"""Reading meters: bus.py is one Modbus TCP connection, reader.py one meter, poller.py all of them at once."""

from oracle.poll.poller import Poller

__all__ = ["Poller"]
