# SPDX-License-Identifier: MIT
"""What each custom error of our contracts means to the one who called: its family and one sentence.

A test holds this table against every ABI: an error without a line here fails it. A sentence may use the
error's own parameters; `{until:utc}` shows a time of day.
"""

from wattbook.chain.refusals.family import INPUT, INTERNAL, STATE, Family
from wattbook.chain.refusals.libraries import LIBRARIES, MISUSE
from wattbook.chain.refusals.members import MEMBERS
from wattbook.chain.refusals.money import MONEY
from wattbook.chain.refusals.oversight import OVERSIGHT
from wattbook.chain.refusals.readings import READINGS
from wattbook.chain.refusals.settling import SETTLING
from wattbook.chain.refusals.trading import TRADING

__all__ = ["INTERNAL", "MISUSE", "REFUSALS", "Family", "refusal_of"]

_MISUSE = (INPUT, "The call makes no sense to the contract ({name}): check its arguments.")

REFUSALS = {**TRADING, **MONEY, **MEMBERS, **READINGS, **SETTLING, **OVERSIGHT, **LIBRARIES}


def refusal_of(name: str, signature: str = "") -> tuple[Family, str] | None:
    """(family, sentence) of a custom error by signature, else name; None for one that nobody wrote down."""
    if signature in REFUSALS:
        return REFUSALS[signature]
    if name.startswith("AccessManager"):
        return STATE, "The access manager refused this ({name}): check the role, its delay and its schedule."
    return _MISUSE if name in MISUSE else REFUSALS.get(name)
