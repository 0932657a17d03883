# SPDX-License-Identifier: MIT
"""One step of the relay: outcomes of what was sent, then what waits, in sequence.

A crash at any line loses and doubles nothing: a batch's content is kept before the sender hears of it, the
sender journals before it sends, and both know the batch by the same key when the step is done again.
"""

from typing import Any

from eth_utils.crypto import keccak

from api.relay.batches import Batches
from api.relay.outcomes import outcomes_of
from api.relay.queue import Outcome, Queue
from wattbook import logs
from wattbook.chain.contracts import Contracts
from wattbook.chain.journal import SentTransaction, State
from wattbook.chain.sender import Sender
from wattbook.crash import crash_point
from wattbook.errors import TransactionRefused

log = logs.get_logger()


class Relay:
    """Over one queue, one sender and one book."""

    def __init__(self, queue: Queue, batches: Batches, sender: Sender, contracts: Contracts) -> None:
        self._queue = queue
        self._batches = batches
        self._sender = sender
        self._contracts = contracts

    async def step(self, now: int) -> None:
        """Raises ChainUnreachable; the next step goes on where this one stopped."""
        self._queue.beat("relay", now, self._sender.address)
        await self._send_formed()
        await self._sender.pump()
        await self._sender.confirm(now)
        for batch in self._queue.open_batches():
            await self._note(batch)
        self._batches.fail_late(now)
        self._batches.form()
        crash_point("formed")
        await self._send_formed()

    async def _send_formed(self) -> None:
        """Hands every batch that the sender doesn't know yet to it."""
        for batch in self._queue.open_batches():
            if self._sender.find(_key(batch)) is None:
                await self._submit(batch)

    async def _submit(self, batch: Any) -> None:
        book = self._contracts.address("OrderBook")
        try:
            sent = await self._sender.submit(
                _key(batch), book, bytes.fromhex(batch.data[2:]), batch.gas, simulate=False
            )
        except TransactionRefused as refused:
            self._give_up(batch, refused)
        else:
            log.info("batch sent", batch=batch.batch, kind=batch.kind, transaction=sent.hash)

    async def _note(self, batch: Any) -> None:
        """Keeps what the chain says of a batch, for good once it is final."""
        sent = self._sender.find(_key(batch))
        if sent is None or sent.state not in (State.MINED, State.FINAL):
            self._reset(batch)
            return
        if not sent.succeeded:
            if sent.state is State.FINAL:
                self._give_up(batch, TransactionRefused(reason="the whole batch was reverted"))
            return
        receipt = await self._contracts.client.receipt(sent.hash)
        if receipt is not None:
            self._keep(batch, sent, outcomes_of(self._contracts, batch.kind, self._rows(batch), receipt))

    def _keep(self, batch: Any, sent: SentTransaction, outcomes: dict[int, Outcome]) -> None:
        final = sent.state is State.FINAL
        crash_point("outcome")
        self._queue.note(outcomes, sent.hash, closes=batch.batch if final else None)
        skipped = sum(outcome.state == "skipped" for outcome in outcomes.values())
        log.info("batch mined", batch=batch.batch, transaction=sent.hash, rows=len(outcomes), skipped=skipped)

    def _reset(self, batch: Any) -> None:
        """Takes outcomes back whose block is gone."""
        gone = [row.sequence for row in self._rows(batch) if row.state != "batched"]
        if gone:
            self._queue.note({sequence: Outcome("batched") for sequence in gone}, None)

    def _give_up(self, batch: Any, reason: TransactionRefused) -> None:
        """A batch that failed as a whole is tried one by one; what fails alone has failed."""
        rows = self._rows(batch)
        log.warning("batch failed", batch=batch.batch, rows=len(rows), reason=str(reason))
        if len(rows) == 1:
            self._queue.note({rows[0].sequence: Outcome("failed", reason)}, None, closes=batch.batch)
            return
        self._batches.form_alone(batch.batch, rows)

    def _rows(self, batch: Any) -> Any:
        return self._queue.rows_of(batch.batch)


def _key(batch: Any) -> str:
    """The batch's name in the sender's journal, for ever."""
    return f"batch-{batch.batch}-{keccak(hexstr=batch.data).hex()[:16]}"
