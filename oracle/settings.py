# SPDX-License-Identifier: MIT
"""The oracle's settings, read once at the entry point."""

from dataclasses import dataclass
from pathlib import Path

from wattbook.settings import setting

PROCESS = "oracle"
PASSWORD_VARIABLE = "WATTBOOK_ORACLE_PASSWORD"  # noqa: S105 - the variable's name


@dataclass(frozen=True)
class OracleSettings:
    deployment: Path = setting(help="the deployment file")
    points: Path = setting(help="the points file: which meter stands where")
    keystore: Path = setting(help="the gateway's encrypted key")
    gateway: int = setting(help="the gateway's number in the registry")
    journal: Path = setting(help="the journal, an SQLite file", default=Path("oracle.db"))
    sender_journal: Path = setting(help="the sender's journal", default=Path("oracle-sender.db"))
    password_file: Path | None = setting(
        help=f"first line: the keystore's password (else {PASSWORD_VARIABLE})", default=None
    )
    rpc: str | None = setting(help="the node, if not the chain profile's", default=None)
    clock: str = setting(help="system, or a stepped clock's tcp://HOST:PORT?name=NAME", default="system")
    devices: Path | None = setting(help="a folder of device files instead of the shipped one", default=None)
    poll_seconds: float = setting(help="between two polls of a meter, at most 15", default=10.0)
    timeout_seconds: float = setting(help="for connecting to a meter, and for each answer", default=3.0)
    chain_patience: float = setting(help="seconds a poll may be kept waiting by the chain", default=4.0)
    metrics_port: int | None = setting(help="Prometheus on this port of the loopback (0: any)", default=None)
    log_level: str = setting(help="debug, info, warning or error", default="info")
    drop_after_ack: bool = setting(help="fault injection for the demo's own test", default=False)
