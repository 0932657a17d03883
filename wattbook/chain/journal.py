# SPDX-License-Identifier: MIT
"""The sender's journal: every transaction is written down, signed, before it leaves (SQLite, WAL, fsync).

A *submission* is what somebody wanted sent, under an idempotency key; it owns one nonce. An *attempt* is one
signed transaction for that nonce: the first, then replacements with higher fees. Only one can be mined.

    signed ──► sent ──► mined ──► final
      ▲          │        │
      └──────────┴────────┘   dropped from the pool, or reorganised away
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from wattbook.chain.fees import FeeMode, Fees
from wattbook.chain.transactions import Attempt, NewTransaction
from wattbook.chain.transactions import SentTransaction as SentTransaction
from wattbook.chain.transactions import State as State
from wattbook.errors import JournalForeign

_SCHEMA = """
CREATE TABLE IF NOT EXISTS owner (chain_id INTEGER, genesis TEXT, address TEXT);
CREATE TABLE IF NOT EXISTS submissions (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    nonce INTEGER NOT NULL UNIQUE,
    recipient TEXT NOT NULL,
    data BLOB NOT NULL,
    value TEXT NOT NULL,
    gas INTEGER NOT NULL,
    state TEXT NOT NULL,
    sent_at INTEGER,
    seen_at INTEGER,
    refusal TEXT,
    void INTEGER NOT NULL DEFAULT 0,
    mined_hash TEXT,
    block_number INTEGER,
    block_hash TEXT,
    status INTEGER,
    gas_used INTEGER
);
CREATE INDEX IF NOT EXISTS submissions_open ON submissions (nonce) WHERE state != 'final';
CREATE INDEX IF NOT EXISTS submissions_final ON submissions (block_number) WHERE state = 'final';
CREATE TABLE IF NOT EXISTS attempts (
    id INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submissions (id),
    hash TEXT NOT NULL UNIQUE,
    raw BLOB NOT NULL,
    fee_mode TEXT NOT NULL,
    fee_price TEXT NOT NULL,
    fee_tip TEXT NOT NULL,
    void INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS attempts_of ON attempts (submission, id);
"""


_SELECT = """
    SELECT s.id, s.key, s.nonce, s.recipient, s.data, s.value, s.gas, s.state, s.sent_at, s.seen_at,
    s.refusal, s.void, s.block_number, s.block_hash, s.status, s.gas_used,
    coalesce(s.mined_hash, (SELECT hash FROM attempts WHERE submission = s.id ORDER BY id DESC LIMIT 1))
    FROM submissions s """


class Journal:
    """One key's transactions on one chain. Every method is one durable step."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.execute("PRAGMA busy_timeout = 5000")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    def claim(self, chain_id: int, genesis: str, address: str) -> None:
        """Binds the journal to a chain and a key. Raises JournalForeign if it is bound to others."""
        mine = (chain_id, genesis, address)
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            found = self._db.execute("SELECT chain_id, genesis, address FROM owner").fetchone()
            if found is None:
                self._db.execute("INSERT INTO owner VALUES (?, ?, ?)", mine)
            elif found != mine:
                raise JournalForeign(path=self._path, found=_owner(*found), expected=_owner(*mine))

    def add(self, transactions: Iterable[NewTransaction]) -> None:
        """Writes new submissions with their first attempts, all or none. After this they will be sent."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            for new in transactions:
                content = (new.key, new.nonce, new.to, new.data, str(new.value), new.gas, State.SIGNED)
                row = self._db.execute(
                    "INSERT INTO submissions (key, nonce, recipient, data, value, gas, state)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    content,
                )
                self._insert_attempt(row.lastrowid or 0, new.attempt)

    def add_attempt(self, submission: int, attempt: Attempt, nonce: int | None = None) -> None:
        """Writes a replacement, which is to be sent next; with `nonce` if the old one is lost for good."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._insert_attempt(submission, attempt)
            self._db.execute(
                "UPDATE submissions SET nonce = coalesce(?, nonce), state = ?, sent_at = NULL, void = ?"
                " WHERE id = ?",
                (nonce, State.SIGNED, int(attempt.void), submission),
            )

    def drop_attempt(self, submission: int, attempt: str) -> None:
        """Forgets a replacement that no pool took; the attempt before it is to be sent next."""
        self._update_many("DELETE FROM attempts WHERE submission = ? AND hash = ?", [(submission, attempt)])

    def _insert_attempt(self, submission: int, attempt: Attempt) -> None:
        fees = attempt.fees
        self._db.execute(
            "INSERT INTO attempts (submission, hash, raw, fee_mode, fee_price, fee_tip, void)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (submission, attempt.hash, attempt.raw, fees.mode, str(fees.price), str(fees.tip), attempt.void),
        )

    def mark_sent(self, submissions: Iterable[int], now: int) -> None:
        """A node has them; `now` is kept from the first time, so that their age shows."""
        self._update_many(
            "UPDATE submissions SET state = ?, refusal = NULL, sent_at = coalesce(sent_at, ?) WHERE id = ?",
            [(State.SENT, now, submission) for submission in submissions],
        )

    def mark_unsent(self, submissions: Iterable[int]) -> None:
        """No node has them any more; a receipt that they had is void."""
        self._update_many(
            "UPDATE submissions SET state = ?, sent_at = NULL, seen_at = NULL, mined_hash = NULL,"
            " block_number = NULL, block_hash = NULL, status = NULL, gas_used = NULL WHERE id = ?",
            [(State.SIGNED, submission) for submission in submissions],
        )

    def mark_refused(self, refusals: Iterable[tuple[int, str]]) -> None:
        """Keeps the node's words; the submissions stay to be sent."""
        self._update_many(
            "UPDATE submissions SET refusal = ? WHERE id = ?", [(words, row) for row, words in refusals]
        )

    def mark_mined(self, submissions: Iterable[SentTransaction]) -> None:
        """Keeps state and receipt fields of each."""
        self._update_many(
            "UPDATE submissions SET state = ?, refusal = NULL, mined_hash = ?, block_number = ?,"
            " block_hash = ?, status = ?, gas_used = ?, void = ?, seen_at = ? WHERE id = ?",
            [_receipt_row(submission) for submission in submissions],
        )

    def _update_many(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        if not rows:
            return
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(statement, rows)

    def find(self, key: str) -> SentTransaction | None:
        """A submission by its idempotency key."""
        return next(iter(self._select("WHERE s.key = ?", key)), None)

    def open(self, *states: State) -> list[SentTransaction]:
        """The submissions in these states (none given: all that aren't final), by nonce."""
        wanted = states or (State.SIGNED, State.SENT, State.MINED)
        marks = ", ".join("?" * len(wanted))
        return self._select(f"WHERE s.state IN ({marks}) AND s.state != 'final' ORDER BY s.nonce", *wanted)

    def final_blocks(self, newest: int | None = None) -> list[tuple[int, str]]:
        """(number, hash) of the blocks with final transactions, or of the newest few, by rising number."""
        rows = self._db.execute(
            "SELECT DISTINCT block_number, block_hash FROM submissions"
            " WHERE state = 'final' AND block_number IS NOT NULL ORDER BY block_number DESC LIMIT ?",
            (-1 if newest is None else newest,),
        )
        return [(number, block_hash) for number, block_hash in rows][::-1]

    def final_above(self, block: int) -> list[SentTransaction]:
        """The final submissions in blocks above a number, by nonce."""
        return self._select("WHERE s.state = 'final' AND s.block_number > ? ORDER BY s.nonce", block)

    def all(self) -> list[SentTransaction]:
        """Every submission, by nonce."""
        return self._select("ORDER BY s.nonce")

    def attempts(self, submission: int) -> list[Attempt]:
        """Oldest first; the last is the one to send."""
        rows = self._db.execute(
            "SELECT hash, raw, fee_mode, fee_price, fee_tip, void FROM attempts"
            " WHERE submission = ? ORDER BY id",
            (submission,),
        )
        return [
            Attempt(h, raw, _fees(mode, price, tip), bool(void)) for h, raw, mode, price, tip, void in rows
        ]

    def next_nonce(self) -> int:
        """One above the highest nonce given out; 0 at first."""
        return int(self._db.execute("SELECT coalesce(max(nonce) + 1, 0) FROM submissions").fetchone()[0])

    def _select(self, clause: str, *values: object) -> list[SentTransaction]:
        with closing(self._db.execute(_SELECT + clause, values)) as rows:
            return [_submission(row) for row in rows]


def _fees(mode: FeeMode, price: str, tip: str) -> Fees:
    return Fees(mode, int(price), int(tip))


def _receipt_row(s: SentTransaction) -> tuple[object, ...]:
    return s.state, s.hash, s.block_number, s.block_hash, s.status, s.gas_used, int(s.void), s.seen_at, s.id


def _owner(chain_id: int, genesis: str, address: str) -> str:
    return f"{address} on chain {chain_id} with genesis {genesis[:10]}…"


def _submission(row: tuple) -> SentTransaction:  # type: ignore[type-arg] # SQLite's rows have no types
    (
        number,
        key,
        nonce,
        to,
        data,
        value,
        gas,
        state,
        sent_at,
        seen_at,
        refusal,
        void,
        *receipt,
        transaction_hash,
    ) = row
    block, block_hash, status, used = receipt
    return SentTransaction(
        id=number,
        key=key,
        nonce=nonce,
        to=to,
        data=data,
        value=int(value),
        gas=gas,
        state=State(state),
        hash=transaction_hash,
        sent_at=sent_at,
        seen_at=seen_at,
        refusal=refusal,
        void=bool(void),
        block_number=block,
        block_hash=block_hash,
        status=status,
        gas_used=used,
    )
