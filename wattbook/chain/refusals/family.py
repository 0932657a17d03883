# SPDX-License-Identifier: MIT
"""What kinds of refusals there are."""

from typing import NamedTuple

from wattbook.errors import Exit


class Family(NamedTuple):
    """How a refusal leaves a command and the API."""

    exit_status: Exit
    http_status: int


INPUT = Family(Exit.INPUT, 422)  # the request itself is wrong
FORBIDDEN = Family(Exit.REFUSED, 403)  # somebody else may
UNKNOWN = Family(Exit.REFUSED, 404)  # what it names doesn't exist
STATE = Family(Exit.REFUSED, 409)  # right request, wrong moment or not enough money
INTERNAL = Family(Exit.INTERNAL, 500)  # contracts or our own programs disagree
