# SPDX-License-Identifier: MIT
"""Reading a chain: pinned to a block, in ranges that halve on error, aware of reorganisations."""

from collections.abc import Sequence
from typing import Any, Self

from wattbook.chain.blocks import Header, Log, Receipt, header_from, log_from, receipt_from, to_bytes, to_int
from wattbook.chain.profiles import Profile
from wattbook.chain.rpc import ATTEMPTS, Call, Rpc
from wattbook.clock import Clock
from wattbook.errors import BlockGone, RpcRefused

Topic = bytes | Sequence[bytes] | None
At = Header | int | str


class ChainClient:
    """One node. Methods raise ChainUnreachable when it doesn't answer and RpcRefused when it says no.

    `at` is a Header (the read is pinned to that very block and raises BlockGone once it is reorganised away),
    a number, or a tag such as "latest".
    """

    def __init__(
        self,
        url: str,
        clock: Clock,
        log_range: int = 10_000,
        batch_limit: int = 500,
        calls_by_hash: bool = True,
        attempts: int = ATTEMPTS,
    ) -> None:
        self.rpc = Rpc(url, clock, batch_limit, attempts)
        self.clock = clock
        self._log_range = log_range
        self._calls_by_hash = calls_by_hash
        self._chain_id: int | None = None

    @classmethod
    def of(cls, profile: Profile, clock: Clock, url: str | None = None) -> Self:
        """A client with a profile's limits, of its own node or of another one at `url`."""
        limits = profile.log_range, profile.batch_limit, profile.calls_by_hash
        return cls(url or profile.rpc, clock, *limits)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self.rpc.close()

    async def chain_id(self) -> int:
        """The chain's id, asked once."""
        if self._chain_id is None:
            self._chain_id = to_int(await self.rpc.request("eth_chainId"))
        return self._chain_id

    async def head(self) -> Header:
        """The newest block's header."""
        return await self.header("latest")

    async def header(self, at: At) -> Header:
        """A header by number or tag; of a Header, itself if it is still in the chain. Raises BlockGone."""
        block = await self.rpc.request("eth_getBlockByNumber", _tag(at), False)
        if block is None or (isinstance(at, Header) and block["hash"] != at.hash):
            raise BlockGone(block=at)
        return header_from(block)

    async def headers(self, first: int, last: int) -> list[Header]:
        """The headers of a range, both ends included, in one batch. Raises BlockGone beyond the head."""
        calls: list[Call] = [("eth_getBlockByNumber", (hex(n), False)) for n in range(first, last + 1)]
        blocks = await self._batch(calls)
        for number, block in zip(range(first, last + 1), blocks, strict=True):
            if block is None:
                raise BlockGone(block=number)
        return [header_from(block) for block in blocks]

    async def is_canonical(self, number: int, block_hash: str) -> bool:
        """Whether the chain has this block at this height now."""
        block = await self.rpc.request("eth_getBlockByNumber", hex(number), False)
        return block is not None and block["hash"] == block_hash

    async def common_ancestor(self, known: Sequence[tuple[int, str]]) -> tuple[int, str] | None:
        """The newest of the known (number, hash) that is still in the chain; `known` by rising number.

        Bisects: of a chain, whatever lies below a block that is still there is still there too.
        """
        low, high = 0, len(known)
        while low < high:
            middle = (low + high) // 2
            if await self.is_canonical(*known[middle]):
                low = middle + 1
            else:
                high = middle
        return known[low - 1] if low else None

    async def code(self, address: str, at: At = "latest") -> bytes:
        """The code at an address; empty where there is none."""
        return to_bytes(await self.rpc.request("eth_getCode", address, _tag(at)))

    async def balance(self, address: str, at: At = "latest") -> int:
        """Wei of an address."""
        return to_int(await self.rpc.request("eth_getBalance", address, _tag(at)))

    async def transaction_count(self, address: str, at: At = "latest") -> int:
        """The nonce that the address would use next; "pending" counts what the pool holds."""
        return to_int(await self.rpc.request("eth_getTransactionCount", address, _tag(at)))

    async def call(
        self,
        to: str,
        data: bytes,
        at: At = "latest",
        sender: str | None = None,
        gas: int | None = None,
        value: int = 0,
    ) -> bytes:
        """eth_call. Raises RpcRefused with the revert's data in it, BlockGone."""
        return (await self.call_many([(to, data)], at, sender, gas, value))[0]

    async def call_many(
        self,
        calls: Sequence[tuple[str, bytes]],
        at: At = "latest",
        sender: str | None = None,
        gas: int | None = None,
        value: int = 0,
    ) -> list[bytes]:
        """Many eth_calls of (to, data) in one batch, all at the same block. Raises as `call`."""
        extra = {"from": sender} if sender else {}
        if gas is not None:
            extra["gas"] = hex(gas)
        if value:
            extra["value"] = hex(value)
        block: Any = _tag(at)
        if isinstance(at, Header) and self._calls_by_hash:
            block = {"blockHash": at.hash}
        batch: list[Call] = [
            ("eth_call", ({"to": to, "data": "0x" + data.hex(), **extra}, block)) for to, data in calls
        ]
        answers = await self.rpc.batch(batch)
        await self._check_pin(at, answers)
        for answer in answers:
            if isinstance(answer, RpcRefused):
                raise answer
        return [to_bytes(answer) for answer in answers]

    async def _check_pin(self, at: At, answers: Sequence[Any]) -> None:
        """Raises BlockGone if a pinned read was answered from another block, or refused for want of it."""
        if not isinstance(at, Header):
            return
        refused = any(isinstance(answer, RpcRefused) for answer in answers)
        # Nodes without EIP-1898 read by number: the block must be the same afterwards as well.
        if (refused or not self._calls_by_hash) and not await self.is_canonical(at.number, at.hash):
            raise BlockGone(block=at)

    async def logs(
        self, first: int, last: int, addresses: Sequence[str] = (), topics: Sequence[Topic] = ()
    ) -> list[Log]:
        """The logs of blocks first … last, both included, in order.

        `topics[i]` is one value, several of which any will do, or None. A range that the node refuses is
        halved until a single block is refused; after a success ranges grow again.
        """
        span, found = self._log_range, list[Log]()
        while first <= last:
            end = min(first + span - 1, last)
            try:
                found += await self._logs_of(first, end, addresses, topics)
            except RpcRefused:
                if first == end:
                    raise
                span = (end - first + 1) // 2
                continue
            first, span = end + 1, min(span * 2, self._log_range)
        return found

    async def _logs_of(
        self, first: int, last: int, addresses: Sequence[str], topics: Sequence[Topic]
    ) -> list[Log]:
        query: dict[str, Any] = {"fromBlock": hex(first), "toBlock": hex(last)}
        if addresses:
            query["address"] = list(addresses)
        if topics:
            query["topics"] = [_topic(topic) for topic in topics]
        return [log_from(log) for log in await self.rpc.request("eth_getLogs", query)]

    async def block_logs(
        self, header: Header, addresses: Sequence[str] = (), topics: Sequence[Topic] = ()
    ) -> list[Log]:
        """The logs of this very block. Raises BlockGone once it is reorganised away."""
        logs = await self._logs_of(header.number, header.number, addresses, topics)
        if any(log.block_hash != header.hash for log in logs) or (
            not logs and not await self.is_canonical(header.number, header.hash)
        ):
            raise BlockGone(block=header)
        return logs

    async def receipt(self, transaction_hash: str) -> Receipt | None:
        """The receipt, or None while the transaction isn't mined."""
        return (await self.receipts([transaction_hash]))[0]

    async def receipts(self, hashes: Sequence[str]) -> list[Receipt | None]:
        """Receipts in one batch, None where there is none."""
        answers = await self._batch([("eth_getTransactionReceipt", (h,)) for h in hashes])
        return [None if answer is None else receipt_from(answer) for answer in answers]

    async def known_transactions(self, hashes: Sequence[str]) -> list[bool]:
        """For each hash, whether the node has the transaction, in a block or in its pool."""
        answers = await self._batch([("eth_getTransactionByHash", (h,)) for h in hashes])
        return [answer is not None for answer in answers]

    async def send_raw(self, transactions: Sequence[bytes]) -> list[str | RpcRefused]:
        """Sends signed transactions in one batch; for each its hash or the node's refusal."""
        calls: list[Call] = [("eth_sendRawTransaction", ("0x" + raw.hex(),)) for raw in transactions]
        return await self.rpc.batch(calls)

    async def _batch(self, calls: Sequence[Call]) -> list[Any]:
        """A batch of which nothing may be refused. Raises the first RpcRefused."""
        answers = await self.rpc.batch(calls)
        for answer in answers:
            if isinstance(answer, RpcRefused):
                raise answer
        return answers


def _tag(at: At) -> str:
    if isinstance(at, Header):
        return hex(at.number)
    return hex(at) if isinstance(at, int) else at


def _topic(topic: Topic) -> Any:
    if topic is None:
        return None
    if isinstance(topic, bytes):
        return "0x" + topic.hex()
    return ["0x" + one.hex() for one in topic]
