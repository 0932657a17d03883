# SPDX-License-Identifier: MIT
"""Journals and signs as fast as it can, until it is killed. Started by test_journal.py."""

import sys
from pathlib import Path

from oracle.close import Closer
from oracle.journal import open_database
from oracle.sign import BatchSigner
from tests.oracle.support import CALENDAR, PERIOD, STARTS, a_point, a_poll
from wattbook.keys import key_from
from wattbook.typeddata import Domain

GATEWAY_KEY = "0x" + "42" * 32
POINTS = (1, 2, 3)


def register_at(point: int, instant: int) -> int:
    """A register that grows by 1 Wh a second."""
    return point * 10_000_000 + instant - STARTS


def main(path: Path) -> None:
    database = open_database(path)
    signer = BatchSigner(key_from(GATEWAY_KEY), Domain(31337, "0x" + "11" * 20), 1)
    closer = Closer([a_point(point=number) for number in POINTS], CALENDAR, database)
    at = max((poll.at for poll in closer.newest.values()), default=STARTS - PERIOD + 10)
    print("begun", flush=True)
    while True:
        # 10 s before and after each boundary, wherever the last life ended.
        at += 20 if at % PERIOD == PERIOD - 10 else PERIOD - 20
        closer.take([a_poll(at, register_at(number, at), point=number) for number in POINTS])
        signer.sign_pending(database)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
