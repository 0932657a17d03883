# SPDX-License-Identifier: MIT
"""Would the chain take this now? The contract itself is asked, by eth_call in the owner's name."""

from typing import Any

from api.context import Context
from api.reads.own import OwnOrders
from wattbook.errors import RpcRefused
from wattbook.ids import pack_market
from wattbook.orders import Order, pack_order


class Preview:
    """Raises the contract's own error where it would refuse."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def own_in_the_way(self, order: Order) -> list[int]:
        """Places of the account's opposite orders that the order lists."""
        market = pack_market(order.area, order.carrier, order.period)
        return OwnOrders(self._ctx.chain_engine).opposite(order, market)

    async def order(self, order: Order, owner: str, own: list[int]) -> None:
        """An order entering the book."""
        await self._try(
            owner, "OrderBook", "placeOrder", pack_order(order), own, self._ctx.settings.max_touches
        )

    async def cancel(self, market: int, ref: int, owner: str) -> None:
        """A resting order leaving it."""
        await self._try(owner, "OrderBook", "cancelOrder", market, ref)

    async def cancel_all(self, account: int, market: int, refs: list[int], owner: str) -> None:
        """A page of resting orders leaving it; those that are gone are passed over."""
        await self._try(owner, "OrderBook", "cancelAll", account, market, refs)

    async def transaction(self, owner: str, contract: str, function: str, *arguments: Any) -> None:
        """Any other call."""
        await self._try(owner, contract, function, *arguments)

    async def _try(self, owner: str, contract: str, function: str, *arguments: Any) -> None:
        contracts = self._ctx.contracts
        data = contracts.abi(contract).encode(function, *arguments)
        try:
            await contracts.client.call(contracts.address(contract), data, sender=owner)
        except RpcRefused as refused:
            raise contracts.refusals.of(refused) or refused from None
