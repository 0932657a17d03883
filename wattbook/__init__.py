# SPDX-License-Identifier: MIT
"""Wattbook's shared base: units, ids, clock, typed data, chain client, sender and the reference model.

Nothing here imports `oracle`, `api` or `scripts`; they import this.
"""

__version__ = "0.1.0"
