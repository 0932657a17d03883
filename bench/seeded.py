# SPDX-License-Identifier: MIT
"""The numbers of `numpy.random.default_rng(seed).integers(low, high, n)`, without numpy.

Others measured with them. SeedSequence fills the state of PCG64 (XSL-RR 128/64), Lemire's method bounds its
32-bit halves.
"""

from collections.abc import Iterator
from itertools import cycle, islice

MASK_32, MASK_64, MASK_128 = (1 << 32) - 1, (1 << 64) - 1, (1 << 128) - 1
POOL = 4
MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645


class Generator:
    """`integers` gives what numpy's generator of the same seed gives."""

    def __init__(self, seed: int) -> None:
        words = list(_state_words(seed))
        high, low, sequence_high, sequence_low = (
            words[i] | words[i + 1] << 32 for i in range(0, 2 * POOL, 2)
        )
        self._increment = ((sequence_high << 64 | sequence_low) << 1 | 1) & MASK_128
        self._state = 0
        self._step()
        self._state = (self._state + (high << 64 | low)) & MASK_128
        self._step()
        self._halves = self._half_words()

    def integers(self, low: int, high: int, count: int) -> list[int]:
        """`count` numbers from `low` to `high` - 1, fewer than 2^32 of them."""
        return [low + self._below(high - low) for _ in range(count)]

    def _below(self, bound: int) -> int:
        threshold = (1 << 32) % bound
        while True:
            product = next(self._halves) * bound
            if product & MASK_32 >= threshold:
                return product >> 32

    def _half_words(self) -> Iterator[int]:
        """Both halves of each 64-bit number, the lower one first."""
        while True:
            self._step()
            mixed, turn = (self._state >> 64 ^ self._state) & MASK_64, self._state >> 122
            word = (mixed >> turn | mixed << (64 - turn)) & MASK_64
            yield word & MASK_32
            yield word >> 32

    def _step(self) -> None:
        self._state = (self._state * MULTIPLIER + self._increment) & MASK_128


def _state_words(seed: int) -> Iterator[int]:
    """SeedSequence(seed).generate_state: eight 32-bit words."""
    pool = _pool(seed)
    constant = 0x8B51F9DD
    for word in islice(cycle(pool), 2 * POOL):
        word ^= constant
        constant = constant * 0x58F38DED & MASK_32
        word = word * constant & MASK_32
        yield word ^ word >> 16


def _pool(seed: int) -> list[int]:
    constant = 0x43B0D7E5

    def hashed(word: int) -> int:
        nonlocal constant
        word ^= constant
        constant = constant * 0x931E8875 & MASK_32
        word = word * constant & MASK_32
        return word ^ word >> 16

    pool = [hashed(word) for word in (seed & MASK_32, *[0] * (POOL - 1))]
    for source in range(POOL):
        for target in range(POOL):
            if source != target:
                mixed = (0xCA01F9DD * pool[target] - 0x4973F715 * hashed(pool[source])) & MASK_32
                pool[target] = mixed ^ mixed >> 16
    return pool
