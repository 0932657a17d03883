# SPDX-License-Identifier: MIT
"""Keccak-256, at the one place where its implementation is chosen."""

from eth_hash.auto import keccak as _keccak


def keccak(data: bytes) -> bytes:
    """The 32-byte Keccak-256 hash of `data`."""
    return _keccak(data)
