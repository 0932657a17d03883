# SPDX-License-Identifier: MIT
"""Alembic's environment of chain.db: it works on the connection that api/database.py hands over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
