# SPDX-License-Identifier: MIT
"""Bringing journalled transactions into a pool, and keeping them moving: the sender's outgoing half."""

from wattbook import logs
from wattbook.chain.answers import Answer, FeeAboveCap, PoolRefused, read_refusal
from wattbook.chain.client import ChainClient
from wattbook.chain.fees import Fees
from wattbook.chain.journal import Journal
from wattbook.chain.signer import Signer
from wattbook.chain.transactions import Attempt, SentTransaction, State
from wattbook.crash import crash_point

# A fee war with a pool ends here; the operator decides what then.
_FEE_CEILING = 50
_ROUNDS = 3

log = logs.get_logger()


class Delivery:
    """Sends what is signed, replaces what is stuck. `stuck_after` in seconds."""

    def __init__(self, client: ChainClient, signer: Signer, journal: Journal, stuck_after: int) -> None:
        self._client = client
        self._signer = signer
        self._journal = journal
        self._stuck_after = stuck_after

    async def send_unsent(self) -> None:
        """Sends every signed submission, lowest nonce first. Raises ChainUnreachable."""
        for _ in range(_ROUNDS):
            waiting = self._journal.open(State.SIGNED)
            if not waiting or not await self._send(waiting):
                return

    async def _send(self, waiting: list[SentTransaction]) -> bool:
        """One round; answers whether new attempts were signed that are worth another."""
        attempts = [self._journal.attempts(submission.id)[-1] for submission in waiting]
        answers = await self._client.send_raw([attempt.raw for attempt in attempts])
        taken, refused, again = list[int](), list[tuple[int, str]](), False
        for submission, attempt, answer in zip(waiting, attempts, answers, strict=True):
            error = None if isinstance(answer, str) else read_refusal(answer)
            # A spent nonce is most often our own receipt not yet seen: confirmation finds out.
            if error is None or error.meaning in (Answer.TAKEN, Answer.SPENT):
                taken.append(submission.id)
                continue
            refused.append((submission.id, str(error)))
            about = {"transaction": attempt.hash, "nonce": submission.nonce}
            log.warning("transaction not taken", code=error.code, reason=str(error), **about)
            again |= self._react(submission, attempt, error)
        crash_point("sent")
        self._journal.mark_sent(taken, self._client.clock.now())
        self._journal.mark_refused(refused)
        return again

    def _react(self, submission: SentTransaction, attempt: Attempt, error: PoolRefused) -> bool:
        if error.meaning is Answer.UNDERPRICED:
            return self._raise_fees(submission, attempt)
        if isinstance(error, FeeAboveCap) and len(self._journal.attempts(submission.id)) > 1:
            # The cheaper attempt before it was taken, and goes on waiting.
            self._journal.drop_attempt(submission.id, attempt.hash)
            return True
        if error.meaning is Answer.HOPELESS and not attempt.void:
            # Its nonce is given out, and later ones wait behind it: spend it on nothing.
            void = self._signer.sign_void(submission.nonce, attempt.fees.bumped())
            self._journal.add_attempt(submission.id, void)
            return True
        return False

    def _raise_fees(self, submission: SentTransaction, attempt: Attempt, base_fee: int = 0) -> bool:
        first = self._journal.attempts(submission.id)[0].fees
        fees = attempt.fees.bumped().above(base_fee)
        if fees.price > first.price * _FEE_CEILING:
            log.error("fees reached the ceiling", transaction=attempt.hash, nonce=submission.nonce)
            return False
        self._journal.add_attempt(submission.id, self._replacement(submission, attempt, fees))
        return True

    def _replacement(self, submission: SentTransaction, attempt: Attempt, fees: Fees) -> Attempt:
        if attempt.void:
            return self._signer.sign_void(submission.nonce, fees)
        s = submission
        return self._signer.sign(s.nonce, s.to, s.data, s.value, s.gas, fees)

    async def replace_stuck(self) -> None:
        """Signs a dearer attempt for the transaction at the front of the queue, if it has waited too long.

        Only the front can be stuck for its fee; what is behind it waits for it. Raises ChainUnreachable.
        """
        now = self._client.clock.now()
        sent = self._journal.open(State.SENT)
        if not sent or now - (sent[0].sent_at or now) < self._stuck_after:
            return
        front = sent[0]
        if await self._client.transaction_count(self._signer.key.address, "latest") == front.nonce:
            log.warning("transaction stuck", transaction=front.hash, nonce=front.nonce)
            head = await self._client.head()
            self._raise_fees(front, self._journal.attempts(front.id)[-1], head.base_fee)
