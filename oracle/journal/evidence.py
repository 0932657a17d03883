# SPDX-License-Identifier: MIT
"""The hash that ties a signed batch to the raw polls behind it.

A poll's digest is keccak-256 of point u24 ‖ instant u40 ‖ flags u32 ‖ raw words; a batch's is keccak-256 of
its lanes' digests by point, for each lane the poll before the boundary and the one after it.
"""

from collections.abc import Iterable, Sequence

from eth_utils.crypto import keccak

from oracle.readings import Poll


def poll_digest(poll: Poll) -> bytes:
    """32 bytes over what came over the wire, when, and what was thought of it."""
    head = poll.point.to_bytes(3) + poll.at.to_bytes(5) + int(poll.flags).to_bytes(4)
    return keccak(head + poll.raw)


def batch_evidence(lanes: Iterable[Sequence[Poll]]) -> bytes:
    """32 bytes over the polls behind each lane, in the lanes' order."""
    return keccak(b"".join(poll_digest(poll) for lane in lanes for poll in lane))


def pack_words(blocks: Iterable[tuple[int, Sequence[int]]]) -> bytes:
    """The raw words of a poll: for each read, address u16 ‖ count u16 ‖ words."""
    return b"".join(
        address.to_bytes(2) + len(words).to_bytes(2) + b"".join(word.to_bytes(2) for word in words)
        for address, words in blocks
    )
