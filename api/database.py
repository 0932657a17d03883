# SPDX-License-Identifier: MIT
"""Engines and schemas of the two databases. SQLite by default, in WAL mode; the URL may name PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from api.errors import IndexBehind

Schema = Literal["chain", "relay"]

MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(url: str, durable: bool = False, writes: bool = True) -> Engine:
    """An engine. `durable`: a commit survives a power cut (SQLite's synchronous=FULL), not only kill -9."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    # pysqlite's own transactions begin too late: ours begin by BEGIN IMMEDIATE, so that writers queue.
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})
    _configure_sqlite(engine, "FULL" if durable else "NORMAL", writes)
    return engine


def _configure_sqlite(engine: Engine, synchronous: str, writes: bool) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            f"query_only={'OFF' if writes else 'ON'}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def upgrade(engine: Engine, schema: Schema) -> None:
    """Brings a database to the newest schema, in one transaction."""
    with engine.begin() as connection:
        if _version(connection) == newest_version(schema):
            return
        # Half a second to import, and hardly ever needed.
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS / schema))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def newest_version(schema: Schema) -> str:
    """The revision that this program was written for: files are named like their revisions."""
    return max(path.stem.partition("_")[0] for path in (MIGRATIONS / schema / "versions").glob("*.py"))


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A read of chain.db, of one moment. Raises IndexBehind while the indexer hasn't made the tables."""
    try:
        with engine.connect() as connection:
            yield connection
    except (OperationalError, ProgrammingError):
        raise IndexBehind() from None
