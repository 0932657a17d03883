# SPDX-License-Identifier: MIT
"""What the chain made of sent batches: which lanes it took, and which skipped ones make sense to retry.

| the chain skipped it because | then |
| --- | --- |
| NotConsecutive, SharePending | held: retried once the chain knows the period before it |
| AlreadyKnown | confirmed if it holds the same registers, else superseded |
| anything else | refused: an operator must look (`wattbook oracle retry`) |

A batch that this sender's journal doesn't know is looked for by its hash; if it isn't there, its readings are
pending again.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any

from sqlalchemy import Connection

from oracle.journal import Batch, Batches, BatchState, Boundaries, Database, LaneState
from oracle.post import CONTRACT, submission_key
from oracle.readings import Boundary
from wattbook import logs
from wattbook.chain.blocks import Header, Receipt
from wattbook.chain.contracts import Contracts
from wattbook.chain.journal import State
from wattbook.chain.sender import Sender
from wattbook.typeddata import Quality

REGISTER_MODULUS = 1 << 28  # the chain keeps registers modulo this many Wh

log = logs.get_logger()


class SkipReason(IntEnum):
    """Mirrors IMeterReadings.SkipReason."""

    WRONG_GATEWAY = 0
    ALREADY_KNOWN = 1
    NOT_CONSECUTIVE = 2
    ABOVE_LIMIT = 3
    QUALITY_UNKNOWN = 4
    POINT_UNKNOWN = 5
    SHARE_PENDING = 6
    NOT_THE_METER = 7

    @property
    def label(self) -> str:
        return self.name.lower().replace("_", "-")


_WAITS = {SkipReason.NOT_CONSECUTIVE, SkipReason.SHARE_PENDING}
_REVERTED = "reverted"


class Confirmer:
    """Reads receipts of what was sent, and the chain's own registers where it skipped a lane."""

    def __init__(self, database: Database, contracts: Contracts, sender: Sender) -> None:
        self._database = database
        self._contracts = contracts
        self._sender = sender

    async def confirm(self) -> None:
        """Moves batches and lanes on. Raises ChainUnreachable, BlockGone."""
        await self._sender.confirm()
        with self._database.read() as connection:
            sent = Batches(connection).in_state([BatchState.SENT])
        for batch in sent:
            await self._confirm_batch(batch)
        await self._release_held()

    async def _confirm_batch(self, batch: Batch) -> None:
        transaction = self._sender.find(submission_key(batch))
        if transaction is None:
            await self._confirm_unknown(batch)
        elif transaction.state is State.FINAL:
            receipt = await self._contracts.client.receipt(transaction.hash)
            if not transaction.succeeded:
                self._fail(batch)
            elif receipt is not None:
                await self._read(batch, receipt)

    async def _confirm_unknown(self, batch: Batch) -> None:
        """A batch of a sender whose journal is gone, as a new key's is: found by its hash, or sent anew.

        Should both come into the chain, it takes the first: a reading counts once.
        """
        client = self._contracts.client
        head = await client.head()
        receipt = await client.receipt(batch.transaction)
        if receipt is None:
            self._renew(batch)
        elif head.number - receipt.block_number + 1 < self._sender.confirmations:
            return
        elif receipt.status:
            await self._read(batch, receipt)
        else:
            self._fail(batch)

    async def _read(self, batch: Batch, receipt: Receipt) -> None:
        """What the chain made of each lane."""
        events = [event for entry in receipt.logs if (event := self._contracts.decode_log(entry)) is not None]
        skipped = {
            int(event.arguments["point"]): SkipReason(event.arguments["reason"])
            for event in events
            if event.contract == CONTRACT and event.name == "ReadingSkipped"
        }
        header = await self._contracts.client.head()
        known = [point for point, reason in skipped.items() if reason is SkipReason.ALREADY_KNOWN]
        on_chain = await self._readings([(point, batch.period) for point in known], header)
        self._accept(batch, skipped, dict(zip(known, on_chain, strict=True)), receipt.transaction_hash)

    def _accept(
        self,
        batch: Batch,
        skipped: Mapping[int, SkipReason],
        on_chain: Mapping[int, Mapping[str, Any]],
        transaction: str,
    ) -> None:
        """Notes a batch that is in the chain, and each of its lanes."""
        with self._database.write() as connection:
            readings = Boundaries(connection).of_batch(batch.id)
            Batches(connection).move(batch.id, BatchState.CONFIRMED, transaction)
            for reading in readings:
                reason = skipped.get(reading.point)
                state = state_after(reading, reason, on_chain.get(reading.point))
                label = reason.label if reason is not None else ""
                Boundaries(connection).move(batch.period, [reading.point], state, label)
        log.info("batch confirmed", period=batch.period, readings=len(readings), skipped=len(skipped))
        for reason in sorted(set(skipped.values())):
            points = sorted(point for point, found in skipped.items() if found is reason)
            log.warning("readings skipped", period=batch.period, reason=reason.label, points=points)

    def _fail(self, batch: Batch) -> None:
        readings = self._give_up(batch, LaneState.REFUSED, _REVERTED)
        log.error("batch reverted", period=batch.period, readings=readings, batch=batch.id)

    def _renew(self, batch: Batch) -> None:
        readings = self._give_up(batch, LaneState.PENDING)
        log.warning("batch lost with its sender", period=batch.period, readings=readings, batch=batch.id)

    def _give_up(self, batch: Batch, state: LaneState, reason: str = "") -> int:
        """Its readings go on without it; answers how many there are."""
        with self._database.write() as connection:
            points = [reading.point for reading in Boundaries(connection).of_batch(batch.id)]
            Batches(connection).move(batch.id, BatchState.FAILED)
            Boundaries(connection).move(batch.period, points, state, reason)
        return len(points)

    async def _release_held(self) -> None:
        """Held readings that the chain can take by now are pending again."""
        with self._database.read() as connection:
            first = {point: periods[0] for point, periods in Boundaries(connection).held().items()}
        if not first:
            return
        header = await self._contracts.client.head()
        before = await self._readings([(point, period - 1) for point, period in first.items()], header)
        with self._database.write() as connection:
            for (point, period), reading in zip(first.items(), before, strict=True):
                self._release(connection, point, period, reading)

    def _release(self, connection: Connection, point: int, period: int, before: Mapping[str, Any]) -> None:
        """`before` is what the chain has at the end of the period before."""
        boundaries = Boundaries(connection)
        if can_follow(Quality(before["quality"])):
            boundaries.release(point, LaneState.HELD)
            log.info("readings released", point=point, period=period)
        elif boundaries.has_travelled(point, period - 1):
            # The chain lost it, or has a default in its place, which the true register must follow first.
            boundaries.move(period - 1, [point], LaneState.PENDING)
            log.warning("reading sent again", point=point, period=period - 1)

    async def _readings(self, wanted: Sequence[tuple[int, int]], header: Header) -> list[Mapping[str, Any]]:
        """The chain's registers of (point, period), all at one block."""
        return await self._contracts.read_many([(CONTRACT, "reading", pair) for pair in wanted], at=header)


def can_follow(quality: Quality) -> bool:
    """Whether the chain takes the next reading: after a substitute only once it knows the true register."""
    return quality not in (Quality.NONE, Quality.SUBSTITUTED, Quality.DEFAULTED)


def is_same(on_chain: Mapping[str, Any], ours: Boundary) -> bool:
    """Whether the chain holds our registers."""
    registers = ours.import_wh % REGISTER_MODULUS, ours.export_wh % REGISTER_MODULUS
    return (on_chain["importRegister"], on_chain["exportRegister"]) == registers


def state_after(
    reading: Boundary, reason: SkipReason | None, on_chain: Mapping[str, Any] | None
) -> LaneState:
    """Where a lane goes that the chain took (no reason) or skipped."""
    if reason is None:
        return LaneState.CONFIRMED
    if reason in _WAITS:
        return LaneState.HELD
    if reason is SkipReason.ALREADY_KNOWN and on_chain is not None:
        return LaneState.CONFIRMED if is_same(on_chain, reading) else LaneState.SUPERSEDED
    return LaneState.REFUSED
