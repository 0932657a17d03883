# SPDX-License-Identifier: MIT
"""What became of sent transactions: receipts, reorganisations, drops; the sender's incoming half."""

from collections.abc import Sequence
from dataclasses import replace

from wattbook import logs
from wattbook.chain.blocks import Header, Receipt
from wattbook.chain.client import ChainClient
from wattbook.chain.journal import Journal
from wattbook.chain.signer import Signer
from wattbook.chain.transactions import SentTransaction, State
from wattbook.crash import crash_point

log = logs.get_logger()


class Confirmation:
    """Compares the journal with the chain. `confirmations` count the transaction's own block."""

    def __init__(self, client: ChainClient, signer: Signer, journal: Journal, confirmations: int) -> None:
        self._client = client
        self._signer = signer
        self._journal = journal
        self._confirmations = confirmations

    async def reopen_lost(self, head: Header) -> list[SentTransaction]:
        """Opens again what was final in blocks that the chain no longer has; answers it as it was.

        Such a reorganisation is deeper than the confirmations that were asked for. Left alone it leaves a gap
        in the nonces, behind which all later transactions wait. Raises ChainUnreachable.
        """
        newest = self._journal.final_blocks(1)
        # A head below it is a node that catches up, which says nothing of what comes.
        if not newest or head.number < newest[0][0] or await self._client.is_canonical(*newest[0]):
            return []
        common = await self._client.common_ancestor(self._journal.final_blocks())
        lost = self._journal.final_above(common[0] if common else -1)
        for submission in lost:
            log.error(
                "final transaction reorganised away", transaction=submission.hash, nonce=submission.nonce
            )
        self._journal.mark_unsent(submission.id for submission in lost)
        return lost

    async def confirm(self, unfinished: Sequence[SentTransaction], head: Header, now: int) -> None:
        """One look at the chain for all unfinished submissions. Raises ChainUnreachable.

        `head` was asked for before: whatever it counts as mined has its receipt in the answers after it.
        """
        receipts = await self._receipts(unfinished)
        mined = [self._mined(s, receipts[s.id], head, now) for s in unfinished if s.id in receipts]
        crash_point("receipt")
        self._journal.mark_mined(mined)
        without = [s for s in unfinished if s.id not in receipts]
        self._take_back([s for s in without if s.state is State.MINED])
        await self._look_for([s for s in without if s.state is State.SENT], head)

    async def _receipts(self, submissions: Sequence[SentTransaction]) -> dict[int, Receipt]:
        """The receipt of each submission that has one, whichever attempt it was."""
        owners = {a.hash: s.id for s in submissions for a in self._journal.attempts(s.id)}
        answers = await self._client.receipts(list(owners))
        return {owners[hash_]: receipt for hash_, receipt in zip(owners, answers, strict=True) if receipt}

    def _mined(
        self, submission: SentTransaction, receipt: Receipt, head: Header, now: int
    ) -> SentTransaction:
        depth = head.number - receipt.block_number + 1
        attempts = {attempt.hash: attempt for attempt in self._journal.attempts(submission.id)}
        return replace(
            submission,
            state=State.FINAL if depth >= self._confirmations else State.MINED,
            hash=receipt.transaction_hash,
            seen_at=submission.seen_at or now,
            void=attempts[receipt.transaction_hash].void,
            block_number=receipt.block_number,
            block_hash=receipt.block_hash,
            status=receipt.status,
            gas_used=receipt.gas_used,
        )

    def _take_back(self, reorganised: Sequence[SentTransaction]) -> None:
        for submission in reorganised:
            log.info("transaction reorganised away", transaction=submission.hash, nonce=submission.nonce)
        # The node may have put them back into its pool: then it says so when they are sent again.
        self._journal.mark_unsent(submission.id for submission in reorganised)

    async def _look_for(self, sent: Sequence[SentTransaction], head: Header) -> None:
        """Tells what waits in a pool from what was dropped and what lost its nonce to another program."""
        known = await self._client.known_transactions([submission.hash for submission in sent])
        missing = [submission for submission, there in zip(sent, known, strict=True) if not there]
        if not missing:
            return
        settled = max(head.number - self._confirmations + 1, 0)
        spent = await self._client.transaction_count(self._signer.key.address, settled)
        self._journal.mark_unsent(submission.id for submission in missing if submission.nonce >= spent)
        await self._renumber([submission for submission in missing if submission.nonce < spent])

    async def _renumber(self, displaced: Sequence[SentTransaction]) -> None:
        """New nonces for submissions whose nonce is spent, with confirmations, on none of their attempts."""
        if not displaced:
            return
        receipts = await self._receipts(displaced)
        pending = await self._client.transaction_count(self._signer.key.address, "pending")
        for submission in displaced:
            if submission.id in receipts:
                continue
            nonce = max(self._journal.next_nonce(), pending)
            log.error("another program uses this key", nonce=submission.nonce, new_nonce=nonce)
            if submission.void:
                self._journal.mark_mined([replace(submission, state=State.FINAL, status=0)])
                continue
            s, fees = submission, self._journal.attempts(submission.id)[0].fees
            self._journal.add_attempt(
                s.id, self._signer.sign(nonce, s.to, s.data, s.value, s.gas, fees), nonce
            )
