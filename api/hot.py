# SPDX-License-Identifier: MIT
"""Answers that only the index's next write can change, kept ready as bytes.

SQLite tells by `PRAGMA data_version` whether anybody wrote since; elsewhere the newest block's hash tells.
"""

import threading
from collections.abc import Callable, Hashable

from fastapi import Response
from pydantic import BaseModel
from sqlalchemy import Connection, Engine, PoolProxiedConnection

from api.database import reading
from api.reads.blocks import indexed_head

LARGEST = 2_000


class HotReads:
    """A cache of serialized answers over chain.db; never older than the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        self._watch: PoolProxiedConnection | None = None
        self._version: Hashable = None
        self._answers: dict[Hashable, bytes] = {}
        self._lock = threading.Lock()

    def answer(self, key: Hashable, build: Callable[[Connection], BaseModel]) -> Response:
        """The answer of `key`, built anew only if the database changed."""
        with self._lock:
            self._refresh()
            content = self._answers.get(key)
            if content is None:
                with reading(self._engine) as connection:
                    content = build(connection).model_dump_json(by_alias=True).encode()
                self._answers[key] = content
        return Response(content, media_type="application/json")

    def _refresh(self) -> None:
        version = self._seen_version()
        if version != self._version or len(self._answers) > LARGEST:
            self._answers.clear()
            self._version = version

    def _seen_version(self) -> Hashable:
        if not self._sqlite:
            with reading(self._engine) as connection:
                head = indexed_head(connection)
                return head.hash if head else None
        if self._watch is None:
            # A connection of its own, outside any transaction: only so does it see the others' writes.
            self._watch = self._engine.raw_connection()
        cursor = self._watch.cursor()
        cursor.execute("PRAGMA data_version")
        return cursor.fetchone()
