# SPDX-License-Identifier: MIT
"""What polls, boundaries, batches and exchanges have in common."""

from sqlalchemy import Connection


class Part:
    """A part of the journal: asks and writes on the connection of a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
