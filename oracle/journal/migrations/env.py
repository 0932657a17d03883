# SPDX-License-Identifier: MIT
"""Alembic's door: database.py hands it the open connection."""

from alembic import context

from oracle.journal.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
