# SPDX-License-Identifier: MIT
"""What became of a batch, from its receipt: whatever the book didn't skip, it did."""

from collections.abc import Sequence
from typing import Any

from api.relay.queue import Outcome
from wattbook.chain.blocks import Receipt
from wattbook.chain.contracts import Contracts

_SKIPPED = {"order": "OrderSkipped", "cancel": "CancelSkipped"}
_DONE = {"order": "placed", "cancel": "cancelled"}


def outcomes_of(contracts: Contracts, kind: str, rows: Sequence[Any], receipt: Receipt) -> dict[int, Outcome]:
    """Outcome by sequence; `rows` in the batch's own order, `kind` is order or cancel."""
    skipped: dict[int, bytes] = {}
    for log in receipt.logs:
        event = contracts.decode_log(log)
        if event is not None and event.name == _SKIPPED[kind]:
            skipped[event.arguments["position"]] = event.arguments["error"]
    return {
        row.sequence: _outcome(contracts, kind, skipped.get(position)) for position, row in enumerate(rows)
    }


def _outcome(contracts: Contracts, kind: str, error: bytes | None) -> Outcome:
    if error is None:
        return Outcome(_DONE[kind])
    return Outcome("skipped", contracts.refusals.decode(error))
