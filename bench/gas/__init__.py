# SPDX-License-Identifier: MIT
"""Gas of whole transactions: receipts of a real Anvil, against a snapshot. `python -m bench.gas`."""
