# SPDX-License-Identifier: MIT
"""The `wattbook` command: one file a group of commands; `session.py` is what they share.

Exit status: 0 done, 2 wrong input, 3 refused by contract or API, 4 chain, 5 keys, 6 processes, 7 a check
failed.
"""
