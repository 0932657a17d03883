# SPDX-License-Identifier: MIT
"""The transaction sender: one key, one journal, nothing sent twice, nothing forgotten.

    sender = await Sender.open(client, key, Journal(path), fees, confirmations=1)
    sent = await sender.submit("batch-17", to, data, gas)     # journalled, then sent
    ...
    await sender.pump()                  # sends what a crash, a dead node or a reorganisation left unsent
    changed = await sender.confirm()     # notes receipts, takes them back when the chain does

No method waits for a block: confirm in a later tick. After a crash at any line, `open` and `pump` go on: what
was journalled is sent as it was signed, with its own nonce, so the chain can take it only once.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from eth_utils.address import to_checksum_address

from wattbook import logs
from wattbook.chain.client import ChainClient
from wattbook.chain.confirmation import Confirmation
from wattbook.chain.contracts import load_refusals
from wattbook.chain.delivery import Delivery
from wattbook.chain.errors import Refusals
from wattbook.chain.fees import Fees
from wattbook.chain.journal import Journal
from wattbook.chain.signer import Signer, intrinsic_gas
from wattbook.chain.transactions import NewTransaction, SentTransaction
from wattbook.crash import crash_point
from wattbook.errors import (
    BlockGone,
    ChainUnreachable,
    RpcRefused,
    SubmissionChanged,
    TransactionRefused,
)
from wattbook.keys import Key

# Geth's pool refuses above 131,072 bytes, signature and envelope included.
LARGEST_DATA = 130_000

log = logs.get_logger()


@dataclass(frozen=True, slots=True)
class Submission:
    """What to send: `key` names it for ever (idempotency), `value` in wei."""

    key: str
    to: str
    data: bytes
    gas: int
    value: int = 0

    def __post_init__(self) -> None:
        # One spelling, so that the same address is the same content.
        object.__setattr__(self, "to", to_checksum_address(self.to))


@dataclass(frozen=True, slots=True)
class SenderSettings:
    """As `Sender.open` explains them."""

    fees: Fees
    confirmations: int
    stuck_after: int
    block_gas_limit: int


class Sender:
    """One key's transactions on one chain. Use `open`, not the constructor."""

    def __init__(
        self,
        client: ChainClient,
        signer: Signer,
        journal: Journal,
        settings: SenderSettings,
        refusals: Refusals,
    ) -> None:
        self._client = client
        self._signer = signer
        self._journal = journal
        self._settings = settings
        self._refusals = refusals
        self._delivery = Delivery(client, signer, journal, settings.stuck_after)
        self._confirmation = Confirmation(client, signer, journal, settings.confirmations)
        self._lock = asyncio.Lock()

    @classmethod
    async def open(
        cls,
        client: ChainClient,
        key: Key,
        journal: Journal,
        fees: Fees,
        confirmations: int = 1,
        stuck_after: int = 60,
        block_gas_limit: int = 60_000_000,
        refusals: Refusals | None = None,
    ) -> Self:
        """A sender on the client's chain.

        `confirmations` count the transaction's own block; after `stuck_after` seconds at the front of the
        queue the fees are raised. Raises JournalForeign for a journal of another chain or key.
        """
        chain_id = await client.chain_id()
        journal.claim(chain_id, (await client.header(0)).hash, key.address)
        settings = SenderSettings(fees, confirmations, stuck_after, block_gas_limit)
        return cls(client, Signer(key, chain_id), journal, settings, refusals or load_refusals())

    @property
    def address(self) -> str:
        """The checksummed address that pays and signs."""
        return self._signer.key.address

    @property
    def confirmations(self) -> int:
        """Blocks, the transaction's own included, until a receipt counts as final."""
        return self._settings.confirmations

    def find(self, key: str) -> SentTransaction | None:
        """What became of a submission, as last confirmed."""
        return self._journal.find(key)

    def unfinished(self) -> list[SentTransaction]:
        """All that isn't final yet, by nonce."""
        return self._journal.open()

    async def submit(
        self, key: str, to: str, data: bytes, gas: int, value: int = 0, simulate: bool = True
    ) -> SentTransaction:
        """Journals and sends a transaction, once for each `key`; answers at once, mined or not.

        With `simulate` it is tried by eth_call on the pending state first: a refusal raises the contract's
        error and spends no nonce. Raises SubmissionChanged, TransactionRefused, ContractError,
        ChainUnreachable. A node that goes away after the journalling is no error: `pump` sends later.
        """
        return (await self.submit_many([Submission(key, to, data, gas, value)], simulate))[0]

    async def submit_many(
        self, submissions: Sequence[Submission], simulate: bool = False
    ) -> list[SentTransaction]:
        """Journals many in one durable step and sends them in as few requests as the node allows.

        Raises as `submit`, for the first that can't be submitted; none is journalled then.
        """
        async with self._lock:
            new = [submission for submission in submissions if not self._is_known(submission)]
            for submission in new:
                self._check(submission)
            if simulate:
                await self._simulate(new)
            if new:
                nonce = await self._next_nonce()
                fees = self._settings.fees.above((await self._client.head()).base_fee)
                self._journal.add([self._sign(each, nonce + i, fees) for i, each in enumerate(new)])
                crash_point("journalled")
                await self._send_patiently()
        return [self._found(submission.key) for submission in submissions]

    async def pump(self) -> list[SentTransaction]:
        """Sends what no pool has, raises the fees of what is stuck; answers what is unfinished, by nonce.

        Raises ChainUnreachable.
        """
        async with self._lock:
            await self._delivery.replace_stuck()
            await self._delivery.send_unsent()
        return self.unfinished()

    async def confirm(self, now: int | None = None) -> list[SentTransaction]:
        """Looks for receipts; answers the submissions whose state changed, by nonce. Raises ChainUnreachable.

        Mined ones are looked at again until they have enough confirmations: a reorganisation takes them back,
        and the next `pump` sends them again. One so deep that it takes final ones opens those as well.
        `now` (else the clock's) dates the receipts.
        """
        before = {submission.id: submission for submission in self.unfinished()}
        async with self._lock:
            try:
                head = await self._client.head()
                before |= {lost.id: lost for lost in await self._confirmation.reopen_lost(head)}
                dated = self._client.clock.now() if now is None else now
                await self._confirmation.confirm(self.unfinished(), head, dated)
            except (BlockGone, RpcRefused) as error:
                log.info("the chain changed while it was looked at", reason=str(error))
        after = [self._found(old.key) for old in sorted(before.values(), key=lambda old: old.nonce)]
        return [new for new in after if new != before[new.id]]

    def _found(self, key: str) -> SentTransaction:
        found = self._journal.find(key)
        if found is None:
            raise KeyError(key)
        return found

    def _is_known(self, wanted: Submission) -> bool:
        known = self._journal.find(wanted.key)
        if known is None:
            return False
        if (known.to, known.data, known.value) != (wanted.to, wanted.data, wanted.value):
            raise SubmissionChanged(key=wanted.key)
        return True

    def _check(self, submission: Submission) -> None:
        """Refuses here what every node would refuse once the nonce is given out."""
        if len(submission.data) > LARGEST_DATA:
            raise TransactionRefused(reason=f"its {len(submission.data)} bytes are above {LARGEST_DATA}")
        if submission.gas > self._settings.block_gas_limit:
            raise TransactionRefused(reason=f"its gas {submission.gas} is above the block's limit")
        if submission.gas < intrinsic_gas(submission.data):
            raise TransactionRefused(reason=f"its gas {submission.gas} does not even pay for its data")

    async def _simulate(self, submissions: Sequence[Submission]) -> None:
        for wanted in submissions:
            try:
                await self._client.call(
                    wanted.to, wanted.data, "pending", self.address, wanted.gas, wanted.value
                )
            except RpcRefused as refused:
                raise self._refusals.of(refused) or refused from None

    async def _next_nonce(self) -> int:
        """Above everything given out here, and above what the chain has seen of this key."""
        pending = await self._client.transaction_count(self.address, "pending")
        return max(self._journal.next_nonce(), pending)

    def _sign(self, wanted: Submission, nonce: int, fees: Fees) -> NewTransaction:
        content = (wanted.to, wanted.data, wanted.value, wanted.gas)
        attempt = self._signer.sign(nonce, *content, fees)
        return NewTransaction(wanted.key, nonce, *content, attempt)

    async def _send_patiently(self) -> None:
        try:
            await self._delivery.send_unsent()
        except ChainUnreachable as error:
            log.warning("not sent yet", reason=str(error))
