# SPDX-License-Identifier: MIT
"""What a node says of blocks, logs and receipts, as typed values. Hashes are 0x and 64 lower-case digits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Header:
    """`timestamp` in UTC seconds, `base_fee` in wei (0 where the chain has none)."""

    number: int
    hash: str
    parent_hash: str
    timestamp: int
    gas_limit: int
    gas_used: int
    base_fee: int

    def __str__(self) -> str:
        return f"{self.number} ({self.hash})"


@dataclass(frozen=True, slots=True)
class Log:
    """One event as the chain keeps it. `address` in lower case."""

    address: str
    topics: tuple[bytes, ...]
    data: bytes
    block_number: int
    block_hash: str
    transaction_hash: str
    transaction_index: int
    log_index: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """`status` is 1, or 0 for a transaction that was reverted and paid for."""

    transaction_hash: str
    block_number: int
    block_hash: str
    status: int
    gas_used: int
    contract_address: str | None
    logs: tuple[Log, ...]


def to_int(quantity: str | int | None) -> int:
    """A JSON-RPC quantity; 0 for one that the chain doesn't have."""
    if quantity is None:
        return 0
    return quantity if isinstance(quantity, int) else int(quantity, 16)


def to_bytes(data: str | None) -> bytes:
    """JSON-RPC data."""
    return bytes.fromhex((data or "0x")[2:])


def header_from(block: Mapping[str, Any]) -> Header:
    """From eth_getBlockBy…'s answer."""
    return Header(
        number=to_int(block["number"]),
        hash=block["hash"],
        parent_hash=block["parentHash"],
        timestamp=to_int(block["timestamp"]),
        gas_limit=to_int(block["gasLimit"]),
        gas_used=to_int(block["gasUsed"]),
        base_fee=to_int(block.get("baseFeePerGas")),
    )


def log_from(log: Mapping[str, Any]) -> Log:
    """From an item of eth_getLogs' answer."""
    return Log(
        address=log["address"].lower(),
        topics=tuple(to_bytes(topic) for topic in log["topics"]),
        data=to_bytes(log["data"]),
        block_number=to_int(log["blockNumber"]),
        block_hash=log["blockHash"],
        transaction_hash=log["transactionHash"],
        transaction_index=to_int(log["transactionIndex"]),
        log_index=to_int(log["logIndex"]),
    )


def receipt_from(receipt: Mapping[str, Any]) -> Receipt:
    """From eth_getTransactionReceipt's answer."""
    return Receipt(
        transaction_hash=receipt["transactionHash"],
        block_number=to_int(receipt["blockNumber"]),
        block_hash=receipt["blockHash"],
        status=to_int(receipt["status"]),
        gas_used=to_int(receipt["gasUsed"]),
        contract_address=receipt.get("contractAddress"),
        logs=tuple(log_from(log) for log in receipt["logs"]),
    )
