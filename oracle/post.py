# SPDX-License-Identifier: MIT
"""Hands signed batches to the sender, which journals them again under names of their own and sends."""

from oracle.journal import Batch, Batches, BatchState, Database
from wattbook import logs
from wattbook.chain.contracts import Contracts
from wattbook.chain.sender import Sender, Submission
from wattbook.typeddata.reading_batch import LANE_BYTES

CONTRACT = "MeterReadings"
# Never estimated: what a batch costs depends on the ones before it, which may not be mined yet. A lane costs
# most where it ends a run of defaults; what isn't used isn't paid.
_GAS_A_BATCH, _GAS_A_LANE = 150_000, 140_000

log = logs.get_logger()


def submission_key(batch: Batch) -> str:
    """The batch's name in the sender's journal: submitting it twice sends it once."""
    return f"readings-{batch.gateway}-{batch.id}"


class Poster:
    """Posts through one sender, oldest batch first, so that nonces follow periods."""

    def __init__(self, database: Database, contracts: Contracts, sender: Sender) -> None:
        self._database = database
        self._contracts = contracts
        self._sender = sender

    async def post(self) -> None:
        """Submits what is signed and sends again what got lost. Raises ChainUnreachable."""
        with self._database.read() as connection:
            batches = Batches(connection).in_state([BatchState.SIGNED])
        if batches:
            sent = await self._sender.submit_many([self._submission(batch) for batch in batches])
            with self._database.write() as connection:
                for batch, transaction in zip(batches, sent, strict=True):
                    Batches(connection).move(batch.id, BatchState.SENT, transaction.hash)
            for batch, transaction in zip(batches, sent, strict=True):
                lanes = len(batch.readings) // LANE_BYTES
                log.info("batch sent", period=batch.period, readings=lanes, transaction=transaction.hash)
        await self._sender.pump()

    def _submission(self, batch: Batch) -> Submission:
        data = self._contracts.abi(CONTRACT).encode(
            "postReadings", batch.gateway, batch.period, batch.journal, batch.readings, batch.signature
        )
        gas = _GAS_A_BATCH + _GAS_A_LANE * (len(batch.readings) // LANE_BYTES)
        return Submission(submission_key(batch), self._contracts.address(CONTRACT), data, gas)
