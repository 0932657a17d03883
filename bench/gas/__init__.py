# SPDX-License-Identifier: MIT
"""Gas of whole transactions: the receipts' gasUsed on a real Anvil, against a snapshot. `python -m bench.gas`."""
