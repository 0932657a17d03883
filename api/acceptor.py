# SPDX-License-Identifier: MIT
"""Accepting many orders in few transactions: what arrives while one is written goes into the next."""

import asyncio
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

from api.relay.intake import Intake, Signed, SignedReceipt
from wattbook.crash import crash_point

LARGEST = 200

_Waiting = tuple[Signed, "asyncio.Future[SignedReceipt]"]


class Acceptor:
    """One worker's door to the relay's queue; `now` gives UTC seconds."""

    def __init__(self, intake: Intake, now: Callable[[], int]) -> None:
        self._intake = intake
        self._now = now
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    @property
    def signer(self) -> str:
        """The address that signs receipts."""
        return self._intake.signer

    async def accept(self, wanted: Signed) -> SignedReceipt:
        """The receipt, once it is durable. Raises NonceUsed, TooManyWaiting."""
        answer: asyncio.Future[SignedReceipt] = asyncio.get_running_loop().create_future()
        self._waiting.append((wanted, answer))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await answer

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
                await self._write_batch(batch)
        finally:
            self._writing = None

    async def _write_batch(self, batch: list[_Waiting]) -> None:
        try:
            answers = await run_in_threadpool(
                self._intake.accept, [wanted for wanted, _ in batch], self._now()
            )
        except Exception as error:  # noqa: BLE001 - each of them waits for an answer
            for _, future in batch:
                _settle(future, error)
            return
        crash_point("accepted")
        for (_, future), answer in zip(batch, answers, strict=True):
            _settle(future, answer)


def _settle(future: "asyncio.Future[SignedReceipt]", answer: SignedReceipt | Exception) -> None:
    if future.done():
        return  # whoever asked is gone
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)
