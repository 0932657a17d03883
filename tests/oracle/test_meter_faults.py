# SPDX-License-Identifier: MIT
"""Every fault of a meter and its wire, over real sockets: said once, harmless to others, then over."""

import asyncio

import pytest

from oracle.errors import (
    FrameGarbled,
    MeterRefused,
    MeterSilent,
    MeterUnreachable,
    SunSpecMissing,
    ValueMissing,
)
from oracle.poll import Poller
from oracle.poll.bus import Bus, frame_fault
from oracle.poll.reader import Reader
from oracle.simulator import faulty
from oracle.simulator.faulty import FaultyServer
from oracle.simulator.maps import words_of
from oracle.validate.flags import Flag
from tests.oracle.support import PERIOD, STARTS, HandClock, a_point, words_of_model

PATIENCE = 0.25
MODEL = "schneider-iem3155"
TRUTH = (1_234_567, 765_432)


async def read_from(server: FaultyServer, bus: Bus | None = None, model: str = MODEL):
    """One read; the bus is closed unless it was given."""
    own = bus or Bus("127.0.0.1", server.port, PATIENCE)
    try:
        answer = await Reader(a_point(server.port, model), own).read()
    finally:
        if bus is None:
            own.close()
    return answer.decoded.imported.wh, answer.decoded.exported.wh


@pytest.mark.parametrize("exception", [1, 2, 3, 4, 5, 6, 0x0A, 0x0B])
async def test_a_modbus_exception_is_a_refusal_with_its_number(exception):
    async with FaultyServer(words_of_model(MODEL), [faulty.refuses(exception)]) as server:
        with pytest.raises(MeterRefused) as caught:
            await read_from(server)
        assert caught.value.facts["exception"] == exception
        assert await read_from(server) == TRUTH


@pytest.mark.parametrize(
    ("behaviour", "fault"),
    [
        (faulty.silent, MeterSilent),
        (faulty.hangs_up, MeterSilent),
        (faulty.wrong_transaction, MeterSilent),
        (faulty.wrong_unit, MeterSilent),
        (faulty.short_frame, MeterSilent),
        (faulty.short_body, FrameGarbled),
        (faulty.wrong_protocol, FrameGarbled),
        (faulty.wrong_function, FrameGarbled),
        (faulty.garbage, FrameGarbled),
    ],
)
async def test_a_wrong_answer_is_a_fault_and_the_next_read_is_right(behaviour, fault):
    async with FaultyServer(words_of_model(MODEL), [behaviour]) as server:
        with pytest.raises(fault):
            await read_from(server)
        assert await read_from(server) == TRUTH


@pytest.mark.parametrize(
    "behaviour", [faulty.hangs_up, faulty.silent, faulty.garbage, faulty.wrong_transaction]
)
async def test_a_connection_that_has_gone_bad_is_opened_again_within_the_same_poll(behaviour):
    async with FaultyServer(words_of_model(MODEL), [faulty.honest, behaviour]) as server:
        bus = Bus("127.0.0.1", server.port, PATIENCE)
        assert await read_from(server, bus) == TRUTH
        assert await read_from(server, bus) == TRUTH
        assert server.connections == 2
        bus.close()


async def test_a_late_answer_is_never_taken_for_the_next_one():
    async with FaultyServer(words_of_model(MODEL), [faulty.late]) as server:
        bus = Bus("127.0.0.1", server.port, PATIENCE)
        with pytest.raises(MeterSilent):
            await read_from(server, bus)
        server.words.update(words_of_model(MODEL, import_wh=2_000_000))
        assert await read_from(server, bus) == (2_000_000, TRUTH[1])
        bus.close()


async def test_a_half_open_connection_is_replaced():
    async with FaultyServer(words_of_model(MODEL)) as server:
        bus = Bus("127.0.0.1", server.port, PATIENCE)
        assert await read_from(server, bus) == TRUTH
        await server.stop()
        await server.start()
        assert await read_from(server, bus) == TRUTH
        bus.close()


async def test_nobody_at_the_address_is_unreachable():
    server = FaultyServer({})
    await server.start()
    await server.stop()
    with pytest.raises(MeterUnreachable, match=str(server.port)):
        await read_from(server)


async def test_an_absent_export_register_is_a_capability_and_asked_for_once():
    words = {a: w for a, w in words_of_model("carlo-gavazzi-em24").items() if a < 0x50}
    async with FaultyServer(words) as server:
        bus = Bus("127.0.0.1", server.port, PATIENCE)
        reader = Reader(a_point(server.port, "carlo-gavazzi-em24"), bus)
        for _ in range(3):
            answer = await reader.read()
            assert answer.decoded.exported is None
        # Import and power each time.
        assert len(server.requests) == 3 * 2 + 1
        bus.close()


@pytest.mark.parametrize(
    "words",
    [
        {0x48: 0x7FC0, 0x49: 0, 0x4A: 0, 0x4B: 0},
        {0x48: 0, 0x49: 0, 0x4A: 0x7FC0, 0x4B: 0},
        {0x48: 0xFFFF, 0x49: 0xFFFF, 0x4A: 0, 0x4B: 0},
    ],
)
async def test_not_a_number_is_no_value(words):
    async with FaultyServer(words) as server:
        with pytest.raises(ValueMissing):
            await read_from(server, model="eastron-sdm630")


@pytest.mark.parametrize(
    ("model", "offset", "words"),
    [
        ("sunspec-203", 54, [0x8000]),
        ("sunspec-203", 46, [0xFFFF, 0xFFFF]),
        ("sunspec-701", 23, [0xFFFF] * 4),
        ("schneider-iem3155", 3203, [0x8000, 0, 0, 0]),
    ],
)
async def test_a_sentinel_is_no_value(model, offset, words):
    start = 40070 if model.startswith("sunspec") else 0
    changed = {start + offset + i: word for i, word in enumerate(words)}
    async with FaultyServer(dict(words_of_model(model)) | changed) as server:
        with pytest.raises(ValueMissing):
            await read_from(server, model=model)


@pytest.mark.parametrize("base", [40000, 0, 50000])
async def test_a_sunspec_model_is_found_by_walking_the_chain_from_any_base(base):
    async with FaultyServer(words_of_model("sunspec-203", sunspec_base=base, serial="A7")) as server:
        assert await read_from(server, model="sunspec-203") == TRUTH


async def test_a_sunspec_device_without_the_model_says_so():
    async with FaultyServer(words_of_model("sunspec-103")) as server:
        with pytest.raises(SunSpecMissing, match="ends without it"):
            await read_from(server, model="sunspec-203")


async def test_a_device_that_is_no_sunspec_device_says_so():
    async with FaultyServer(words_of_model(MODEL)) as server:
        with pytest.raises(SunSpecMissing, match="SunS"):
            await read_from(server, model="sunspec-203")


async def test_a_sunspec_chain_without_end_is_given_up():
    loop = {40000: 0x5375, 40001: 0x6E53} | {40002 + i: (7, 0)[i % 2] for i in range(400)}
    async with FaultyServer(loop) as server:
        with pytest.raises(SunSpecMissing, match="no end"):
            await read_from(server, model="sunspec-203")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", ""),
        (bytes.fromhex("0001000000"), ""),
        (bytes.fromhex("00010000000B0103080000000000000000"), ""),
        (bytes.fromhex("000100000003018302"), ""),
        (bytes.fromhex("0001000100"), "protocol id 0001"),
        (bytes.fromhex("000100000007010304"), "7 bytes instead of 11"),
        (bytes.fromhex("00010000000B010409"), "function 4 instead of 3"),
        (bytes.fromhex("0001000000040183"), "an exception of 4 bytes"),
    ],
)
def test_a_frame_is_judged_by_its_first_bytes(data, fault):
    assert frame_fault(data, 3, 4) == fault


async def polled(server_ports: dict[int, int], clock: HandClock, **changed) -> Poller:
    points = [a_point(port, point=number, **changed) for number, port in server_ports.items()]
    return Poller(points, clock, PERIOD, PATIENCE)


async def test_a_failing_meter_disturbs_no_other_and_is_back_when_it_answers():
    clock = HandClock()
    async with (
        FaultyServer(words_of_model(MODEL)) as good,
        FaultyServer(words_of_model(MODEL), [faulty.garbage, faulty.garbage]) as bad,
    ):
        poller = await polled({1: good.port, 2: bad.port}, clock)
        assert [poll.point for poll in await poller.poll({})] == [1]
        assert poller.failing() == {2: "garbled"}
        clock.time += 60
        assert [poll.point for poll in await poller.poll({})] == [1]
        clock.time += 60
        assert [poll.point for poll in await poller.poll({})] == [1, 2]
        assert poller.failing() == {}
        poller.close()


async def test_a_failing_meter_is_left_alone_for_a_while_by_the_clock():
    clock = HandClock()
    async with FaultyServer(words_of_model(MODEL), then=faulty.refuses(6)) as server:
        poller = await polled({1: server.port}, clock)
        for _ in range(60):
            await poller.poll({})
            clock.time += 1
        assert len(server.requests) == 4  # after 0, 5, 15 and 35 seconds
        poller.close()


async def test_a_silent_meter_costs_one_time_out_not_one_for_each_other():
    clock = HandClock()
    async with FaultyServer({}, then=faulty.silent) as silent, FaultyServer(words_of_model(MODEL)) as good:
        poller = await polled({1: silent.port, 2: good.port}, clock)
        async with asyncio.timeout(PATIENCE * 3):
            assert [poll.point for poll in await poller.poll({})] == [2]
        poller.close()


async def test_meters_of_one_bus_are_asked_one_after_another_over_one_connection():
    clock = HandClock()
    async with FaultyServer(words_of_model(MODEL)) as server:
        points = [a_point(server.port, point=number, unit=number) for number in (1, 2, 3)]
        poller = Poller(points, clock, PERIOD, PATIENCE)
        assert len(await poller.poll({})) == 3
        assert server.connections == 1
        assert [request.unit for request in server.requests] == [1, 2, 3]
        poller.close()


async def test_swapped_words_are_rejected_and_the_truth_after_them_is_used():
    clock = HandClock()
    words = words_of_model(MODEL)
    async with FaultyServer(words, [faulty.honest, faulty.swapped_words]) as server:
        poller = await polled({1: server.port}, clock)
        (first,) = await poller.poll({})
        clock.time += 60
        (swapped,) = await poller.poll({1: first})
        assert Flag.ABOVE_LIMIT in swapped.flags
        assert not swapped.usable
        clock.time += 60
        (after,) = await poller.poll({1: first})
        assert after.usable
        assert (after.import_wh, after.export_wh) == TRUTH
        poller.close()


async def test_an_accumulator_of_0_is_remarked_and_a_fall_to_0_rejected():
    clock = HandClock()
    async with FaultyServer(words_of_model("sunspec-103", export_wh=9_000_000)) as server:
        poller = await polled({1: server.port}, clock, device="sunspec-103")
        (first,) = await poller.poll({})
        server.words.update({40070 + 24: 0, 40070 + 25: 0})
        clock.time += 60
        (zero,) = await poller.poll({1: first})
        assert zero.flags & Flag.ZERO
        assert zero.flags & Flag.RESET
        assert not zero.usable
        poller.close()


async def test_a_register_that_wraps_goes_on():
    clock = HandClock()
    top = 2**32 - 20
    async with FaultyServer(words_of_model("sunspec-103", export_wh=top)) as server:
        poller = await polled({1: server.port}, clock, device="sunspec-103")
        (first,) = await poller.poll({})
        server.words.update(dict(zip((40094, 40095), words_of(30, 2), strict=True)))
        clock.time += 60
        (wrapped,) = await poller.poll({1: first})
        assert wrapped.flags is Flag.ROLLOVER
        assert wrapped.export_wh - first.export_wh == 50
        poller.close()


async def test_a_scale_factor_that_changes_in_mid_run_changes_no_energy():
    clock = HandClock()
    async with FaultyServer(words_of_model("sunspec-203", import_wh=1_234_560)) as server:
        poller = await polled({1: server.port}, clock, device="sunspec-203")
        (first,) = await poller.poll({})
        server.words.update(words_of_model("sunspec-203", import_wh=1_234_570, scale_factor=1))
        server.words.update({40070 + 38: 1, 40070 + 39: 0xADF8})  # export as it was: 0x1ADF8 tens
        server.words.update(dict(zip((40108, 40109), words_of(76_544, 2), strict=True)))
        clock.time += 60
        (after,) = await poller.poll({1: first})
        assert after.flags == Flag.CONSTANTS_CHANGED | Flag.REFINED  # it resolves 10 Wh now
        assert after.import_wh - first.import_wh == 10
        poller.close()


async def test_another_device_at_the_address_is_not_believed():
    clock = HandClock()
    async with FaultyServer(words_of_model("sunspec-203", serial="A1")) as server:
        poller = await polled({1: server.port}, clock, device="sunspec-203")
        (first,) = await poller.poll({})
        server.words.update(words_of_model("sunspec-203", serial="B2"))
        server.script.append(faulty.refuses(4))
        clock.time += 60
        assert await poller.poll({1: first}) == []
        clock.time += 60
        (other,) = await poller.poll({1: first})
        assert other.flags & Flag.DEVICE_CHANGED
        assert other.identity == "B2"
        poller.close()


async def test_the_same_instant_is_polled_but_not_kept_twice():
    clock = HandClock(STARTS)
    async with FaultyServer(words_of_model(MODEL)) as server:
        poller = await polled({1: server.port}, clock)
        (first,) = await poller.poll({})
        assert await poller.poll({1: first}) == []
        poller.close()
