# SPDX-License-Identifier: MIT
"""The oracle's memory: SQLite, written and synced before anything is sent. Nothing is overwritten in place.

database.py opens it, tables.py draws it, polls.py, boundaries.py, batches.py and exchanges.py are what is
asked of it, evidence.py hashes the raw polls behind a batch.
"""

from oracle.journal.batches import Batch, Batches, BatchState, NewBatch
from oracle.journal.boundaries import Boundaries, LaneState
from oracle.journal.database import Database, open_database
from oracle.journal.polls import Polls

__all__ = [
    "Batch",
    "Batches",
    "BatchState",
    "Boundaries",
    "Database",
    "LaneState",
    "NewBatch",
    "Polls",
    "open_database",
]
