# SPDX-License-Identifier: MIT
"""A coarse energy register, refined with the power register: pure, whole mW·s.

What really flowed lies within one step above what the register shows. Between two polls the power says how
much flowed; the register says where that must lie. So the refined register never falls, is never more than
one step from the register, and what the power gets wrong doesn't add up.
"""

from dataclasses import replace

from oracle.boundary import MEASURED_WITHIN
from oracle.readings import MWS_PER_WH, Poll
from oracle.validate.flags import Flag

COARSE_WH = 10  # a register of this step or a coarser one is refined


def refine(ahead_mws: int, flowed_mws: int, counted_wh: int, step_wh: int) -> int:
    """How far ahead of its register the energy is now, in mW·s.

    `ahead_mws`: as of the poll before; since then power says `flowed_mws`, the register `counted_wh`.
    """
    left = ahead_mws - counted_wh * MWS_PER_WH
    return max(left, min(max(left + flowed_mws, 0), step_wh * MWS_PER_WH - 1))


def flowed(before_mw: int, now_mw: int, seconds: int) -> int:
    """mW·s of one direction that surely flowed between two polls: at the lower of their powers.

    A mean would be nearer on the whole, and too much at times; so the energy lies between this and a step
    more. What the power was between polls far apart nobody knows: then the register goes on alone.
    """
    return max(min(before_mw, now_mw), 0) * seconds if seconds <= MEASURED_WITHIN else 0


def refined(before: Poll | None, poll: Poll, power_mw: int | None) -> Poll:
    """The poll with what its register can't show, if that is coarse and the power is known."""
    if poll.resolution_wh < COARSE_WH or power_mw is None:
        return poll
    marked = replace(poll, power_mw=power_mw, flags=poll.flags | Flag.REFINED)
    if before is None or not poll.usable:
        return marked
    power_before = power_mw if before.power_mw is None else before.power_mw
    seconds = poll.at - before.at
    imported, exported = flowed(power_before, power_mw, seconds), flowed(-power_before, -power_mw, seconds)
    return replace(
        marked,
        import_ahead_mws=refine(
            before.import_ahead_mws, imported, poll.import_wh - before.import_wh, poll.resolution_wh
        ),
        export_ahead_mws=refine(
            before.export_ahead_mws, exported, poll.export_wh - before.export_wh, poll.resolution_wh
        ),
    )
