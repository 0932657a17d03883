# SPDX-License-Identifier: MIT
"""A meter is exchanged in the middle of a period: every Wh of both counts once."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from oracle.cli import app
from oracle.close import Closer
from oracle.errors import ExchangeImplausible
from oracle.exchange import Noted, note_exchange
from oracle.journal import open_database
from oracle.journal.exchanges import Exchanges, ExchangeState
from tests.oracle.stage import DAY, GATEWAY, GATEWAY_ID, with_oracle
from tests.oracle.support import CALENDAR, FIRST, PERIOD, STARTS, a_point, a_poll
from wattbook.typeddata import Quality

POINT = 2
NEW_IMPORT, NEW_EXPORT = 17, 3


@pytest.fixture
def database(tmp_path):
    opened = open_database(tmp_path / "journal.db")
    yield opened
    opened.close()


def swap_meter(stage):
    """Another meter shows other registers from now on; (import, export) that the old one showed last."""
    meter = stage.simulation.meters[POINT - 1]
    now = stage.ground.chain.now
    passed = int(meter.imported.at(now)), int(meter.exported.at(now))
    old = meter.planned.start_import_wh + passed[0], meter.planned.start_export_wh + passed[1]
    meter.planned = replace(
        meter.planned, start_import_wh=NEW_IMPORT - passed[0], start_export_wh=NEW_EXPORT - passed[1]
    )
    return old


def note(stage, old):
    at = datetime.fromtimestamp(stage.ground.chain.now, UTC).replace(tzinfo=None).isoformat()
    registers = {
        "old-import": old[0],
        "old-export": old[1],
        "new-import": NEW_IMPORT,
        "new-export": NEW_EXPORT,
    }
    words = ["exchange", "--points", str(stage.folder / "points.json"), "--point", str(POINT), "--at", at]
    words += [word for name, wh in registers.items() for word in (f"--{name}", f"{wh / 1000:.3f}")]
    words += ["--journal", str(stage.folder / "oracle.db"), "--json"]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert json.loads(done.stdout) == {"point": POINT, "period": stage.ground.first + 1}


@pytest.mark.chain
async def test_a_meter_swapped_in_the_middle_of_a_period_loses_no_wh(ground, rpc, tmp_path):
    """The gateway is killed at once after its start; the exchange is posted once all the same."""
    async with with_oracle(ground, tmp_path, rpc) as (stage, oracle):
        await swap(stage, oracle)
        await oracle.start()
        await oracle.kill_and_restart()
        await stage.conductor.wait_for(["oracle"])
        await stage.step(PERIOD + 450)
        await stage.live(2, 2)
        await stage.step(5 * PERIOD - 10)
        require_no_wh_lost(ground)


async def swap(stage, oracle):
    """In the middle of period 1; the oracle is stopped then."""
    await stage.live(0, 1)
    await stage.step(PERIOD + 400)
    await oracle.stop()
    stage.mine(stage.starts + PERIOD + 430)
    stage.simulation.set_instant(stage.ground.chain.now)
    note(stage, swap_meter(stage))


def require_no_wh_lost(ground):
    first = ground.first
    assert [ground.energy(POINT, first + k) for k in range(4)] == list(DAY[:4])
    assert ground.reading(POINT, first + 1)["quality"] == Quality.APART
    assert ground.reading(POINT, first + 2)["quality"] == Quality.MEASURED
    assert ground.energy(1, first + 1) == DAY[1]


@pytest.mark.chain
@pytest.mark.parametrize("forget", [True, False])
async def test_an_exchange_that_another_sender_posted_is_found_or_posted_anew(ground, rpc, tmp_path, forget):
    async with with_oracle(ground, tmp_path, rpc) as (stage, oracle):
        await swap(stage, oracle)
        await oracle.start()
        await stage.conductor.wait_for(["oracle"])
        await stage.step(2 * PERIOD - 10)
        await stage.step(2 * PERIOD + 10, forget)
        assert exchanges_in(tmp_path, ExchangeState.SENT) == [ground.first + 1]
        await oracle.stop()
        renewed = oracle.beside(sender_journal=tmp_path / "new-sender.db")
        await renewed.start()
        await stage.conductor.wait_for(["oracle"])
        await stage.step(2 * PERIOD + 20)
        await stage.step(2 * PERIOD + 30)
        await stage.live(3, 1)
        await stage.step(5 * PERIOD - 10)
        require_no_wh_lost(ground)
        assert exchanges_in(tmp_path, ExchangeState.CONFIRMED) == [ground.first + 1]


@pytest.mark.chain
async def test_an_exchange_that_the_chain_refuses_stops_nobody_else(ground, rpc, tmp_path):
    """The point has a meter key by then: who holds it posts the exchange, the gateway can't."""
    async with with_oracle(ground, tmp_path, rpc) as (stage, oracle):
        await swap(stage, oracle)
        ground.operate("changeMeterKey", POINT, ground.chain.people[30])
        await oracle.start()
        await stage.conductor.wait_for(["oracle"])
        await stage.live(2, 1)
        await stage.step(4 * PERIOD - 10)
        assert [ground.energy(1, ground.first + k) for k in range(3)] == list(DAY[:3])
        assert ground.energy(POINT, ground.first + 1) is None
        assert exchanges_in(tmp_path, ExchangeState.REFUSED) == [ground.first + 1]


@pytest.mark.chain
async def test_a_refused_exchange_is_posted_again_after_its_cause_was_mended(ground, rpc, tmp_path):
    """The gateway's key was changed, and is changed back; what came behind the exchange follows it."""
    async with with_oracle(ground, tmp_path, rpc) as (stage, oracle):
        await swap(stage, oracle)
        gateway = ground.chain.people[GATEWAY]
        ground.operate("changeGatewayKey", GATEWAY_ID, ground.chain.people[30])
        await oracle.start()
        await stage.conductor.wait_for(["oracle"])
        await stage.live(2, 1)
        await stage.step(4 * PERIOD - 10)
        assert exchanges_in(tmp_path, ExchangeState.REFUSED) == [ground.first + 1]
        await oracle.stop()
        ground.operate("changeGatewayKey", GATEWAY_ID, gateway)
        done = CliRunner().invoke(
            app, ["retry", "--journal", str(tmp_path / "oracle.db")], catch_exceptions=False
        )
        assert "and 1 meter exchanges" in done.stdout
        await oracle.start()
        await stage.conductor.wait_for(["oracle"])
        await stage.step(4 * PERIOD + 10)
        await stage.step(4 * PERIOD + 20)
        await stage.live(5, 1)
        await stage.step(6 * PERIOD + 30)
        require_no_wh_lost(ground)
        assert exchanges_in(tmp_path, ExchangeState.CONFIRMED) == [ground.first + 1]


def exchanges_in(folder, state):
    """Periods of the journal's exchanges that are in a state."""
    database = open_database(folder / "oracle.db", read_only=True)
    with database.read() as connection:
        found = Exchanges(connection).in_state(state)
    database.close()
    return [it.period for it in found]


def noted(database, at, old, new=(0, 0)):
    return note_exchange(database, a_point(), Noted(at, old, new), CALENDAR)


def test_the_old_meter_closes_its_periods_and_the_new_one_the_period_of_the_exchange(database):
    closer = Closer([a_point()], CALENDAR, database)
    closer.take([a_poll(STARTS - 5, 1_000), a_poll(STARTS + 5, 1_000)])
    noted(database, STARTS + PERIOD + 100, (2_000, 0), (7, 0))
    renewed = Closer([a_point()], CALENDAR, database)
    assert renewed.newest[1].import_wh == 7
    (closed,) = renewed.take([a_poll(STARTS + 2 * PERIOD, 207)])
    assert (closed.period, closed.import_wh) == (FIRST + 1, 207)
    with database.read() as connection:
        (exchange,) = Exchanges(connection).in_state(ExchangeState.NOTED)
    assert (exchange.period, exchange.old_import_wh, exchange.new_import_wh) == (FIRST + 1, 2_000, 7)


@pytest.mark.parametrize(
    ("seconds", "old", "reason"),
    [(5, 1_000, "read after that"), (100, 999, "moved by -1 Wh"), (100, 9_000, "moved by 8000 Wh")],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(database, seconds, old, reason):
    Closer([a_point()], CALENDAR, database).take([a_poll(STARTS + 5, 1_000)])
    with pytest.raises(ExchangeImplausible, match=reason):
        noted(database, STARTS + seconds, (old, 0))
    with database.read() as connection:
        assert Exchanges(connection).in_state(ExchangeState.NOTED) == []


def test_a_meter_that_was_never_read_is_not_exchanged(database):
    with pytest.raises(ExchangeImplausible, match="never read"):
        noted(database, STARTS, (1, 1))


def test_an_exchange_a_second_before_a_boundary_lies_before_it(database):
    Closer([a_point()], CALENDAR, database).take([a_poll(STARTS + 5, 1_000)])
    assert noted(database, STARTS + PERIOD - 1, (1_100, 0)).period == FIRST
