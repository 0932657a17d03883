# SPDX-License-Identifier: MIT
"""Reads of chain.db: hot ones in plain SQL, the others with SQLAlchemy Core. Nothing here writes."""
