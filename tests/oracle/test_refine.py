# SPDX-License-Identifier: MIT
"""Coarse registers, refined with the power register: never far from the register, never falling."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle.boundary import boundaries_between
from oracle.decode import Words, decode
from oracle.poll import Poller
from oracle.readings import MWS_PER_WH
from oracle.refine import flowed, refine
from oracle.simulator.meter import SimulatedMeter
from oracle.simulator.process import Simulation
from oracle.validate.check import Answer, check
from oracle.validate.flags import Flag
from tests.oracle.support import (
    CALENDAR,
    CATALOGUE,
    FIRST,
    PERIOD,
    STARTS,
    HandClock,
    a_meter,
    a_plan,
    a_point,
    words_of_model,
)
from wattbook.typeddata import Quality

POLL_SECONDS = 10
steps = st.integers(10, 100)


@given(steps, st.lists(st.tuples(st.integers(0, 300), st.integers(0, 500 * MWS_PER_WH)), min_size=1))
def test_the_refined_register_lies_within_a_step_of_the_register_and_never_falls(step, flows):
    """Whatever the power says: also nothing, or far too much."""
    ahead = register = 0
    for counted, power in flows:
        before = register * MWS_PER_WH + ahead
        ahead = refine(ahead, power, counted, step)
        register += counted
        assert 0 <= ahead < step * MWS_PER_WH
        assert register * MWS_PER_WH + ahead >= before


@given(steps, st.lists(st.integers(0, 5 * MWS_PER_WH), min_size=1))
def test_true_power_gives_the_true_energy_but_for_where_it_began(step, flows):
    true = ahead = register = 0
    for flow in flows:
        true += flow
        counted = true // MWS_PER_WH // step * step - register
        ahead = refine(ahead, flow, counted, step)
        register += counted
        assert register * MWS_PER_WH + ahead == true


def test_the_lower_power_counts_in_its_own_direction_and_only_between_near_polls():
    assert flowed(1_000_000, 3_000_000, 10) == flowed(3_000_000, 1_000_000, 10) == 10_000_000
    assert flowed(-1_000_000, 3_000_000, 10) == flowed(-1_000_000, -3_000_000, 10) == 0
    assert flowed(1_000_000, 1_000_000, 31) == 0


@pytest.mark.parametrize("model", ["carlo-gavazzi-em24", "carlo-gavazzi-em340", "sunspec-203"])
def test_power_is_read_in_milliwatts_and_export_is_below_0(model):
    device = CATALOGUE.get(model)
    for watts in (2_345, -678):
        words = words_of_model(model, power_w=watts)
        shift = 40_070 if device.is_sunspec else 0
        decoded = decode(device, Words({address - shift: word for address, word in words.items()}))
        assert decoded.power_mw == watts * 1_000


@pytest.mark.parametrize(
    ("model", "factor", "step"),
    [("carlo-gavazzi-em24", 0, 100), ("carlo-gavazzi-em340", 0, 100), ("sunspec-203", 1, 10)],
)
@given(energies=st.lists(st.tuples(st.integers(0, 3000), st.just(0)), min_size=2, max_size=3))
@settings(deadline=None, max_examples=15)
def test_a_coarse_meter_polled_as_usual_tells_quarter_hours(model, factor, step, energies):
    """Each within a step, and over the day within a step."""
    meter = SimulatedMeter(a_meter(device=model, energy=tuple(energies), scale_factor=factor), a_plan([]))
    polls = polled(meter, len(energies))
    assert all(Flag.REFINED in poll.flags for poll in polls)
    found = [it for pair in pairwise(polls) for it in boundaries_between(*pair, FIRST, CALENDAR)]
    assert {it.quality for it in found} == {Quality.BASE, Quality.MEASURED}
    registers = [it.import_wh for it in found]
    for k, (energy, _) in enumerate(energies):
        assert abs(registers[k + 1] - registers[k] - energy) <= step
        assert abs(registers[k + 1] - registers[0] - sum(it for it, _ in energies[: k + 1])) <= step


def polled(meter, periods):
    """Every 10 s from the first boundary to the last, without a wire."""
    device = CATALOGUE.get(meter.planned.device)
    point = a_point(device=device.model, max_import_wh=10_000, max_export_wh=10_000)
    shift, polls = 40_070 if device.is_sunspec else 0, []
    for at in range(STARTS - POLL_SECONDS, STARTS + periods * PERIOD + 2 * POLL_SECONDS, POLL_SECONDS):
        meter.set_instant(at)
        words = Words({address - shift: word for address, word in meter.words.items()})
        polls.append(check(point, PERIOD, polls[-1] if polls else None, Answer(at, decode(device, words))))
    return polls


async def test_power_comes_over_the_wire_with_the_register(tmp_path):
    planned = a_meter(device="carlo-gavazzi-em340", energy=((900, 0),))
    simulation, clock, polls = Simulation(a_plan([planned]), tmp_path / "ledger.jsonl"), HandClock(), {}
    await simulation.start()
    poller = Poller([a_point(simulation.ports[1], planned.device)], clock, PERIOD, timeout=1.0)
    for clock.time in range(STARTS + 100, STARTS + 200, POLL_SECONDS):
        simulation.set_instant(clock.time)
        (poll,) = await poller.poll(polls)
        polls[1] = poll
    poller.close()
    await simulation.stop()
    assert Flag.REFINED in poll.flags
    assert poll.power_mw == pytest.approx(3_600_000, rel=0.2)
    # The register stepped on the way: from there on the energy is known to what flows between two polls.
    true = 1_000_000 + simulation.meters[0].imported.at(STARTS + 190)
    behind = true - poll.import_wh - Fraction(poll.import_ahead_mws, MWS_PER_WH)
    assert poll.import_wh == 1_000_100
    assert 0 <= behind <= POLL_SECONDS
