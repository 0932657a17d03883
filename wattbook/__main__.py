# SPDX-License-Identifier: MIT
"""`python -m wattbook`."""

from wattbook.cli.main import run

run()
