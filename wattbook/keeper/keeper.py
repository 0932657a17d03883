# SPDX-License-Identifier: MIT
"""One step of the keeper: see where its own calls stand, then make those that are due."""

from collections.abc import Iterator

from wattbook import logs
from wattbook.chain.blocks import Header
from wattbook.chain.client import ChainClient
from wattbook.chain.contracts import Contracts
from wattbook.chain.sender import Sender
from wattbook.errors import BlockGone, ContractError, RpcRefused
from wattbook.keeper import duties
from wattbook.keeper.duties import Duty
from wattbook.keeper.watch import Watch

SHARE_PERIODS = 64

log = logs.get_logger()


class Keeper:
    def __init__(self, contracts: Contracts, client: ChainClient, sender: Sender) -> None:
        self._contracts = contracts
        self._client = client
        self._sender = sender
        self._watch = Watch(contracts)

    async def step(self, now: int) -> int:
        """Makes the calls that are due; answers how many. Raises ChainUnreachable."""
        await self._sender.confirm(now)
        if await self._sender.pump():
            return 0  # what is due depends on calls that are still on their way
        try:
            due = [duty async for duty in self._due(now)]
        except BlockGone:
            return 0  # reorganised under our eyes: the next step sees the new chain
        return sum([await self._do(duty) for duty in due])

    async def _due(self, now: int):  # type: ignore[no-untyped-def]
        head = await self._client.head()
        await self._watch.follow(head)
        calendar = self._contracts.deployment.calendar
        for market in await self._watch.open_markets(now, head):
            for duty in duties.claims(market, now, calendar):
                yield duty
        for duty in duties.voids(self._watch.voids()):
            yield duty
        for point in list(self._watch.unshared):
            yield self._share(point, now)
        for duty in await self._alone(now, head):
            yield duty
        for state in await self._watch.areas(now, head):
            for duty in self._of_area(state, now):
                yield duty

    async def _alone(self, now: int, head: Header) -> list[Duty]:
        waiting = self._watch.waiting
        return [
            *duties.corrections(await waiting.corrections(head), now),
            *duties.residuals(await waiting.residuals(head), now),
            *duties.suspensions(await waiting.suspensions(now, head), now),
        ]

    def _of_area(self, state: duties.AreaState, now: int) -> Iterator[Duty]:
        calendar = self._contracts.deployment.calendar
        yield from duties.defaults(state, now, calendar)
        yield from duties.settlements(state, now, calendar)
        yield from duties.set_asides(state, now, calendar)
        yield from duties.fees(state)
        yield from duties.hand_outs(state, now, calendar)

    def _share(self, point: int, now: int) -> Duty:
        del self._watch.unshared[point]
        key = f"share:{point}:{now}"
        return Duty(key, "MeterReadings", "shareDifference", (point, SHARE_PERIODS), 3_000_000)

    async def _do(self, duty: Duty) -> bool:
        data = self._contracts.abi(duty.contract).encode(duty.function, *duty.arguments)
        try:
            await self._sender.submit(duty.key, self._contracts.address(duty.contract), data, duty.gas)
        except (ContractError, RpcRefused) as refused:
            log.warning("duty refused", duty=duty.key, error=str(refused))
            return False
        log.info("duty done", duty=duty.key, function=duty.function)
        return True
