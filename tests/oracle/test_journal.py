# SPDX-License-Identifier: MIT
"""The journal: what is written stays, once; kill -9 at any moment loses nothing and doubles nothing."""

import random
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from oracle.close import Closer
from oracle.errors import JournalUnusable
from oracle.faults import withhold_one
from oracle.journal import Batches, BatchState, Boundaries, LaneState, Polls, open_database
from oracle.journal.evidence import batch_evidence, pack_words, poll_digest
from oracle.journal.tables import metadata
from oracle.sign import BatchSigner
from oracle.validate.flags import Flag
from tests.oracle.crash_worker import GATEWAY_KEY, register_at
from tests.oracle.support import CALENDAR, FIRST, PERIOD, STARTS, a_point, a_poll
from wattbook.keys import key_from, recover
from wattbook.typeddata import Domain, Quality, ReadingBatch, unpack_lanes

DOMAIN = Domain(31337, "0x" + "11" * 20)
SIGNER = BatchSigner(key_from(GATEWAY_KEY), DOMAIN, 1)
SEEDS = 2


@pytest.fixture
def database(tmp_path):
    opened = open_database(tmp_path / "oracle.db")
    yield opened
    opened.close()


def closed_day(database, periods: int = 3, points: int = 2) -> Closer:
    """Polls 10 s around each boundary, closed."""
    closer = Closer([a_point(point=n) for n in range(1, points + 1)], CALENDAR, database)
    for k in range(periods + 1):
        for at in (STARTS + k * PERIOD - 10, STARTS + k * PERIOD + 10):
            closer.take([a_poll(at, 1_000_000 * n + at - STARTS, point=n) for n in range(1, points + 1)])
    return closer


def test_every_commit_is_synced_to_a_write_ahead_log(database):
    with database.read() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2


def test_the_migrations_make_exactly_the_tables_that_the_code_uses(database):
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_opening_it_again_changes_nothing(tmp_path):
    for _ in range(2):
        opened = open_database(tmp_path / "oracle.db")
        opened.close()


def test_a_second_oracle_is_refused(database):
    with pytest.raises(JournalUnusable, match="another oracle"):
        open_database(database.path)


def test_status_can_be_read_beside_a_running_oracle(database):
    beside = open_database(database.path, read_only=True)
    with beside.read() as connection:
        assert Polls(connection).count() == 0
    beside.close()


def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "oracle.db"
    path.write_text("not a database, " * 100)
    with pytest.raises(JournalUnusable, match="not a database"):
        open_database(path)


def test_a_journal_to_look_at_must_exist(tmp_path):
    with pytest.raises(JournalUnusable, match="no such file"):
        open_database(tmp_path / "none.db", read_only=True)


def test_a_full_disk_is_said_and_leaves_nothing_half_written(database):
    closer = closed_day(database, periods=1)
    with database.read() as connection:
        before = Polls(connection).count()
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    polls = [a_poll(STARTS + PERIOD + 20 + i, 2_000_000 + i, raw=b"x" * 4000) for i in range(50)]
    with pytest.raises(JournalUnusable, match="full"):
        closer.take(polls)
    with database.read() as connection:
        assert Polls(connection).count() == before


def test_an_instant_is_journalled_once(database):
    first, second = a_poll(STARTS, 1000), a_poll(STARTS, 2000)
    with database.write() as connection:
        Polls(connection).add([first])
        Polls(connection).add([second])
    with database.read() as connection:
        assert Polls(connection).newest_usable() == {1: first}


def test_a_rejected_poll_is_kept_but_never_used(database):
    with database.write() as connection:
        Polls(connection).add([a_poll(STARTS, 1000), a_poll(STARTS + 9, 7, flags=Flag.RESET)])
    with database.read() as connection:
        polls = Polls(connection)
        assert polls.newest_usable()[1].at == STARTS
        assert polls.at(1, [STARTS + 9])[0].flags is Flag.RESET


def test_a_rejected_poll_is_no_end_of_any_period(database):
    closer = Closer([a_point()], CALENDAR, database)
    closer.take([a_poll(STARTS + 10, 1000)])
    assert closer.take([a_poll(STARTS + PERIOD + 10, 5, flags=Flag.DECREASED)]) == []
    (estimated,) = closer.take([a_poll(STARTS + PERIOD + 50, 1100)])
    assert estimated.quality is Quality.ESTIMATED


def test_a_closer_goes_on_from_the_journal(database):
    before = closed_day(database)
    after = Closer([a_point(point=1), a_point(point=2)], CALENDAR, database)
    assert after.newest == before.newest


def test_pending_readings_are_signed_one_batch_a_period(database):
    closed_day(database, periods=3)
    assert SIGNER.sign_pending(database) == 8
    assert SIGNER.sign_pending(database) == 0
    with database.read() as connection:
        batches = Batches(connection).in_state([BatchState.SIGNED])
    assert [it.period for it in batches] == [FIRST - 1, FIRST, FIRST + 1, FIRST + 2]
    for it in batches:
        lanes = unpack_lanes(it.readings)
        assert [lane.point for lane in lanes] == [1, 2]
        assert lanes[0].import_wh == 1_000_000 + (it.period + 1) * PERIOD - STARTS
        digest = ReadingBatch(1, it.period, it.journal, it.readings).digest(DOMAIN)
        assert recover(digest, it.signature) == SIGNER.key.address


def test_a_batch_carries_the_hash_of_the_polls_behind_it(database):
    closed_day(database, periods=1, points=1)
    SIGNER.sign_pending(database)
    with database.read() as connection:
        batch = Batches(connection).in_state([BatchState.SIGNED])[1]
        polls = Polls(connection).at(1, [STARTS + PERIOD - 10, STARTS + PERIOD + 10])
    assert batch.journal == batch_evidence([polls])
    assert batch_evidence([polls]) != batch_evidence([polls[:1]])


def test_evidence_covers_words_instant_and_flags():
    poll = a_poll(STARTS, 1, raw=pack_words([(3203, (1, 2))]))
    others = [
        a_poll(STARTS + 1, 1, raw=poll.raw),
        a_poll(STARTS, 1, raw=pack_words([(3203, (1, 3))])),
        a_poll(STARTS, 1, raw=poll.raw, flags=Flag.ZERO),
    ]
    assert poll_digest(poll) not in [poll_digest(other) for other in others]


def test_a_dropped_reading_counts_as_confirmed_and_is_in_no_batch(database):
    closed_day(database, periods=2, points=2)
    withhold_one(database)
    withhold_one(database)
    assert SIGNER.sign_pending(database) == 5
    with database.read() as connection:
        assert Boundaries(connection).state_of(1, FIRST) is LaneState.CONFIRMED


def test_refused_readings_can_be_sent_again(database):
    closed_day(database, periods=1, points=2)
    with database.write() as connection:
        boundaries = Boundaries(connection)
        boundaries.move(FIRST, [1, 2], LaneState.REFUSED, "above-limit")
        assert boundaries.release(1, LaneState.REFUSED) == 1
        assert boundaries.state_of(1, FIRST) is LaneState.PENDING
        assert boundaries.state_of(2, FIRST) is LaneState.REFUSED


@pytest.mark.parametrize("seed", range(SEEDS))
def test_kill_9_at_any_moment_loses_nothing_and_doubles_nothing(tmp_path, seed):
    moments = random.Random(seed)
    path = tmp_path / "oracle.db"
    for _ in range(3):
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.oracle.crash_worker", str(path)], stdout=subprocess.PIPE
        )
        worker.stdout.readline()  # it has begun
        time.sleep(moments.uniform(0.0, 0.25))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
        require_whole(path)


def require_whole(path) -> None:
    """Every reading is the right one, in exactly one batch or pending, without a hole."""
    plain = sqlite3.connect(path)
    assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    plain.close()
    database = open_database(path)
    with database.read() as connection:
        boundaries, polls = Boundaries(connection), Polls(connection)
        signed = {
            (lane.point, batch.period): lane
            for batch in Batches(connection).in_state(list(BatchState))
            for lane in unpack_lanes(batch.readings)
        }
        pending = {(it.point, period): it for period, found in boundaries.pending().items() for it in found}
        assert not signed.keys() & pending.keys()
        known = {**signed, **pending}
        for point, newest in polls.newest_usable().items():
            periods = sorted(period for number, period in known if number == point)
            assert periods == list(range(FIRST - 1, CALENDAR.period_of(newest.at)))
            for period in periods:
                assert known[point, period].import_wh == register_at(point, (period + 1) * PERIOD)
        assert sum(boundaries.counts().values()) == len(known)
        assert len(Batches(connection).in_state(list(BatchState))) == len({p for _, p in signed})
    database.close()
