# SPDX-License-Identifier: MIT
"""The fault that the demo injects to see its checks catch it: a reading acknowledged, and never sent."""

from oracle.journal import Boundaries, Database, LaneState
from wattbook.typeddata import Quality

DROPPED = "dropped"


def withhold_one(database: Database) -> None:
    """Marks the first measured reading as confirmed without sending it; once in a journal's life."""
    with database.write() as connection:
        boundaries = Boundaries(connection)
        if boundaries.has_reason(DROPPED):
            return
        for period, readings in boundaries.pending().items():
            for reading in readings:
                if reading.quality is Quality.MEASURED:
                    boundaries.move(period, [reading.point], LaneState.CONFIRMED, DROPPED)
                    return
