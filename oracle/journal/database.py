# SPDX-License-Identifier: MIT
"""Opens the journal: SQLite, write-ahead log, every commit synced, one oracle at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import StaticPool

from oracle.errors import JournalUnusable

MIGRATIONS = Path(__file__).with_name("migrations")


class Database:
    """One connection to the journal. `write` is one transaction: all of it, synced, or nothing."""

    def __init__(self, engine: Engine, path: Path, lock: Any) -> None:
        self.path = path
        self._engine = engine
        self._lock = lock

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction. Raises JournalUnusable, for a full disk too; then nothing of it was written."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except OperationalError as error:
            raise JournalUnusable(path=self.path, reason=str(error.orig)) from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view."""
        with self._engine.connect() as connection:
            yield connection

    def migrate(self) -> None:
        """Runs the migrations that the file lacks."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self._engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        self._engine.dispose()
        if self._lock is not None:
            self._lock.close()


def open_database(path: Path, read_only: bool = False) -> Database:
    """Opens the journal and brings its tables up to date. Raises JournalUnusable.

    With `read_only` beside a running oracle: nothing is locked or brought up to date.
    """
    if read_only and not path.is_file():
        raise JournalUnusable(path=path, reason="there is no such file")
    lock = None if read_only else _lock(path)
    database = Database(_engine(path), path, lock)
    try:
        if not read_only:
            database.migrate()
    except DatabaseError as error:
        database.close()
        raise JournalUnusable(path=path, reason=str(error.orig)) from None
    return database


def _lock(path: Path) -> Any:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_name(path.name + ".lock").open("a")
    except OSError as error:
        raise JournalUnusable(path=path, reason=str(error)) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise JournalUnusable(path=path, reason="another oracle writes to it") from None
    return lock


def _engine(path: Path) -> Engine:
    # The driver's own transactions start too late (at the first write); ours start with BEGIN below.
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=StaticPool,
        connect_args={"isolation_level": None, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
