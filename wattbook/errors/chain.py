# SPDX-License-Identifier: MIT
"""What the node, the pool and the contracts answer."""

from wattbook.errors.base import Exit, WattbookError


class ChainError(WattbookError):
    code = "chain"
    exit_status = Exit.CHAIN
    http_status = 503
    sentence = "The chain can't be used: {reason}."


class ProfileMissing(ChainError):
    exit_status = Exit.INPUT
    sentence = "There is no chain profile {name!r}: the known ones are {known}."


class ProfileInvalid(ChainError):
    exit_status = Exit.INPUT
    sentence = "The chain profile {path} can't be used: {reason}."


class ChainUnreachable(ChainError):
    sentence = "The node at {url} does not answer ({reason}): start it, or correct the RPC address."


class RpcRefused(ChainError):
    # rpc_code, rpc_message and rpc_data (a fact too) are the node's own words.
    http_status = 502
    sentence = "The node refused {method}: {rpc_message} (code {rpc_code})."


class BlockGone(ChainError):
    sentence = "Block {block} is no longer in the chain: read again from the present head."


class TransactionRefused(ChainError):
    exit_status = Exit.REFUSED
    http_status = 502
    sentence = "The node refuses the transaction for good: {reason}."


class TransactionReverted(ChainError):
    exit_status = Exit.REFUSED
    sentence = "The transaction {transaction} was reverted: somebody was faster; look, then try again."


class TransactionPending(ChainError):
    sentence = "{transaction} is in no block after {seconds} s: look whether the chain makes blocks."


class SubmissionChanged(ChainError):
    http_status = 409
    sentence = "{key!r} was already submitted with another content: use a new idempotency key."


class JournalForeign(ChainError):
    exit_status = Exit.INPUT
    sentence = (
        "The journal {path} belongs to {found}, not {expected}: give every key and chain its own journal."
    )


class ContractError(ChainError):
    code = "contract-refused"
    exit_status = Exit.REFUSED
    http_status = 409
    sentence = "The contract refused: {reason}."
