# SPDX-License-Identifier: MIT
"""The simulator's energy: whole Wh a period, constant power around every boundary, the ledger's truth."""

import json

from hypothesis import given
from hypothesis import strategies as st

from oracle.boundary import boundaries_between
from oracle.decode import Words, decode
from oracle.simulator.curve import Curve
from oracle.simulator.ledger import Ledger
from oracle.simulator.meter import SimulatedMeter
from oracle.validate.check import Answer, check
from tests.oracle.support import CALENDAR, CATALOGUE, FIRST, PERIOD, STARTS, a_meter, a_plan, a_point

DAYS = st.lists(st.integers(0, 4000), min_size=1, max_size=8)


@given(DAYS, st.integers(0, 20))
def test_every_period_takes_exactly_its_wh_and_the_list_repeats(energies, k):
    curve = Curve(energies, FIRST, PERIOD, "salt")
    passed = curve.at(STARTS + (k + 1) * PERIOD) - curve.at(STARTS + k * PERIOD)
    assert passed == energies[k % len(energies)] == curve.energy(FIRST + k)


@given(DAYS, st.integers(0, 10))
def test_power_is_constant_from_15_s_before_to_15_s_after_a_boundary(energies, k):
    curve = Curve(energies, FIRST, PERIOD, "salt")
    boundary = STARTS + k * PERIOD
    steps = {curve.at(t + 1) - curve.at(t) for t in range(boundary - 15, boundary + 15)}
    assert len(steps) == 1


@given(DAYS, st.integers(-1000, 9000), st.integers(0, 2000))
def test_energy_never_falls(energies, at, later):
    curve = Curve(energies, FIRST, PERIOD, "salt")
    assert curve.at(STARTS + at) <= curve.at(STARTS + at + later)


def test_nothing_passes_before_the_first_period():
    curve = Curve([500], FIRST, PERIOD, "salt")
    assert curve.at(STARTS - 5000) == curve.at(STARTS) == 0


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000)), min_size=2, max_size=12),
    st.sampled_from(sorted(m for m, it in CATALOGUE.devices.items() if it.resolution_wh == 1)),
)
def test_polls_10_s_around_each_boundary_give_the_ledgers_registers_exactly(energies, model):
    meter = SimulatedMeter(a_meter(device=model, energy=tuple(energies)), a_plan([]))
    registers = polled_registers(meter, len(energies))
    device = CATALOGUE.get(model)
    for period, (imported, exported) in registers.items():
        assert exported == 500_000 + meter.exported.until_start(period + 1)
        if device.imported:
            assert imported == 1_000_000 + meter.imported.until_start(period + 1)
    assert len(registers) == len(energies) + 1


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000)), min_size=2, max_size=12))
def test_a_meter_of_10_wh_stays_within_10_wh_each_period_and_over_the_day(energies):
    planned = a_meter(device="sunspec-203", energy=tuple(energies), scale_factor=1)
    registers = polled_registers(SimulatedMeter(planned, a_plan([])), len(energies))
    within(registers, [imported for imported, _ in energies], 10)


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000)), min_size=2, max_size=12),
    st.integers(36_000_000, 60_000_000),
)
def test_a_float_at_40_mwh_stays_within_8_wh_each_period_and_over_the_day(energies, start):
    planned = a_meter(device="schneider-iem3155-float", energy=tuple(energies), start_import_wh=start)
    registers = polled_registers(SimulatedMeter(planned, a_plan([])), len(energies))
    within(registers, [imported for imported, _ in energies], 8)


def within(registers, energies, resolution):
    read = [imported for _, (imported, _) in sorted(registers.items())]
    for k, energy in enumerate(energies):
        assert abs(read[k + 1] - read[k] - energy) <= resolution
        assert abs(read[k + 1] - read[0] - sum(energies[: k + 1])) <= resolution


def polled_registers(meter: SimulatedMeter, periods: int) -> dict[int, tuple[int, int]]:
    """Period → registers, from polls 10 s before and after each boundary, without a wire."""
    point = a_point(device=meter.planned.device, max_import_wh=10_000, max_export_wh=10_000)
    before, found = None, {}
    shift = 40000 + 70 if point.device.is_sunspec else 0
    for k in range(periods + 1):
        for at in (STARTS + k * PERIOD - 10, STARTS + k * PERIOD + 10):
            meter.set_instant(at)
            words = Words({address - shift: word for address, word in meter.words.items()})
            poll = check(point, PERIOD, before, Answer(at, decode(point.device, words)))
            assert poll.usable
            if before is not None:
                for it in boundaries_between(before, poll, FIRST, CALENDAR):
                    found[it.period] = (it.import_wh, it.export_wh)
            before = poll
    return found


def test_the_ledger_has_a_base_and_a_line_for_each_period_that_is_over(tmp_path):
    meter = SimulatedMeter(a_meter(), a_plan([]))
    ledger = Ledger(tmp_path / "ledger.jsonl", [meter], FIRST, PERIOD)
    ledger.write_until(STARTS + 2 * PERIOD + 10)
    ledger.write_until(STARTS + 2 * PERIOD + 890)
    lines = [json.loads(line) for line in (tmp_path / "ledger.jsonl").read_text().splitlines()]
    ledger.close()
    assert [(it["period"], it["importWh"], it["importRegisterWh"]) for it in lines] == [
        (FIRST - 1, 0, 1_000_000),
        (FIRST, 100, 1_000_100),
        (FIRST + 1, 0, 1_000_100),
    ]
    assert lines[1]["exportRegisterWh"] == 500_007
