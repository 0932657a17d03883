# SPDX-License-Identifier: MIT
"""Side-by-side measurements; `python -m bench.clearing` and the like."""
