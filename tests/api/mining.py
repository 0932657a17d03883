# SPDX-License-Identifier: MIT
"""Blocks for programs that send and wait."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.contracts.live_chain import LiveChain


@contextmanager
def miner(chain: LiveChain) -> Iterator[None]:
    """Makes a block whenever a transaction waits, a second after the last."""
    done = threading.Event()

    def mine() -> None:
        while not done.wait(0.02):
            with chain.turn:
                if chain.rpc("txpool_status")["pending"] != "0x0":
                    chain.mine()

    thread = threading.Thread(target=mine)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
