# SPDX-License-Identifier: MIT
"""One period's readings, signed by the gateway's key, with the hash of the raw polls behind them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from oracle.journal import Boundaries, Database, NewBatch, Polls
from oracle.journal.batches import Batches
from oracle.journal.evidence import batch_evidence
from oracle.readings import Boundary
from wattbook.keys import Key, sign_digest_65
from wattbook.typeddata import Domain, Lane, ReadingBatch, pack_lanes

MOST_LANES = 200  # in a batch, so that every chain has room for it in a block


@dataclass(frozen=True, slots=True)
class BatchSigner:
    """`gateway` is the id under which the registry knows the key's address."""

    key: Key
    domain: Domain
    gateway: int

    def sign(self, period: int, readings: Sequence[Boundary], evidence: bytes) -> NewBatch:
        """A batch, ready to be posted by anyone. Deterministic."""
        lanes = (Lane(it.point, it.import_wh, it.export_wh, int(it.quality)) for it in readings)
        message = ReadingBatch(self.gateway, period, evidence, pack_lanes(lanes))
        signature = sign_digest_65(self.key, message.digest(self.domain))
        return NewBatch(self.gateway, period, evidence, message.readings, signature)

    def sign_pending(self, database: Database) -> int:
        """Journals a signed batch for every period that has pending readings; answers how many readings."""
        with database.write() as connection:
            Boundaries(connection).hold_back()
            pending = Boundaries(connection).pending()
            for period, readings in pending.items():
                for start in range(0, len(readings), MOST_LANES):
                    self._add(connection, period, readings[start : start + MOST_LANES])
        return sum(map(len, pending.values()))

    def _add(self, connection: Connection, period: int, readings: Sequence[Boundary]) -> None:
        polls = Polls(connection)
        evidence = batch_evidence(
            polls.at(it.point, sorted({it.polled_before, it.polled_after})) for it in readings
        )
        batch = Batches(connection).add(self.sign(period, readings, evidence))
        Boundaries(connection).assign(batch, period, [it.point for it in readings])
