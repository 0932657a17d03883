# SPDX-License-Identifier: MIT

"""The settings of the three processes: flag, then environment, then TOML (wattbook/settings.py)."""

from dataclasses import dataclass
from pathlib import Path

from wattbook.settings import setting

CHAIN_DATABASE = "sqlite:///out/chain.db"
RELAY_DATABASE = "sqlite:///out/relay.db"


@dataclass(frozen=True)
class IndexerSettings:
    """`python -m api.indexer`."""

    deployment: Path = setting(help="deployment file")
    chain: str = setting(help="chain profile", default="anvil")
    rpc: str | None = setting(help="RPC address; default: the profile's", default=None)
    database: str = setting(help="SQLAlchemy URL of the chain database", default=CHAIN_DATABASE)
    clock: str = setting(help="system, or tcp://HOST:PORT?name=indexer", default="system")
    every: float = setting(help="seconds between looks at the chain", default=0.5)
    page: int = setting(help="blocks in one database transaction", default=500)
    rebuild: bool = setting(help="forget the database and read the chain anew", default=False)
    log_level: str = setting(help="debug, info, warning, error", default="info")


@dataclass(frozen=True)
class RelaySettings:
    """`python -m api.relay`."""

    deployment: Path = setting(help="deployment file")
    chain: str = setting(help="chain profile", default="anvil")
    rpc: str | None = setting(help="RPC address; default: the profile's", default=None)
    database: str = setting(help="SQLAlchemy URL of the relay's database", default=RELAY_DATABASE)
    chain_database: str = setting(help="SQLAlchemy URL of the chain database", default=CHAIN_DATABASE)
    journal: Path = setting(help="the sender's journal", default=Path("out/relay-journal.db"))
    keystore: Path | None = setting(help="keystore of the relay's key", default=None)
    password_file: Path | None = setting(help="file whose first line opens the keystore", default=None)
    private_key: str = setting(help="the relay's key itself, instead of a keystore", default="", secret=True)
    clock: str = setting(help="system, or tcp://HOST:PORT?name=relay", default="system")
    every: float = setting(help="seconds between batches", default=0.5)
    batch: int = setting(help="orders or cancels in a transaction", default=50)
    max_touches: int = setting(help="levels and entries an order may touch", default=100)
    gas_each: int = setting(help="gas for one order or cancel", default=500_000)
    confirmations: int | None = setting(
        help="blocks until a batch is final; default: the profile's", default=None
    )
    log_level: str = setting(help="debug, info, warning, error", default="info")


@dataclass(frozen=True)
class ApiSettings:
    """`python -m api`."""

    deployment: Path = setting(help="deployment file")
    chain: str = setting(help="chain profile", default="anvil")
    rpc: str | None = setting(help="RPC address; default: the profile's", default=None)
    database: str = setting(help="SQLAlchemy URL of the relay's database", default=RELAY_DATABASE)
    chain_database: str = setting(help="SQLAlchemy URL of the chain database", default=CHAIN_DATABASE)
    host: str = setting(help="address to listen on", default="127.0.0.1")
    port: int = setting(help="port to listen on, 0 for any free one", default=0)
    receipt_keystore: Path | None = setting(help="keystore of the key that signs receipts", default=None)
    password_file: Path | None = setting(help="file whose first line opens the keystore", default=None)
    receipt_key: str = setting(help="that key itself, instead of a keystore", default="", secret=True)
    clock: str = setting(help="system, or tcp://HOST:PORT?name=api", default="system")
    static: Path = setting(help="folder of the built page", default=Path(__file__).parent / "static")
    demo_notes: Path | None = setting(help="JSON file that says what the demo is", default=None)
    origin: str = setting(help="the page's origin in session messages; default: ours", default="")
    operators: tuple[str, ...] = setting(help="addresses that may read every account", default=())
    session_seconds: int = setting(help="how long a session stays open", default=12 * 3600)
    waiting_limit: int = setting(help="orders of one account that may wait in the relay", default=64)
    max_touches: int = setting(help="levels and entries an order may touch", default=100)
    poll: float = setting(help="seconds between looks at the chain database for the stream", default=0.2)
    streams: int = setting(help="event streams open at once", default=500)
    log_level: str = setting(help="debug, info, warning, error", default="info")
