# SPDX-License-Identifier: MIT
"""`python -m wattbook.keeper`: the keeper as a process."""

import asyncio
import sys

from wattbook.keeper.process import main

sys.exit(asyncio.run(main()))
