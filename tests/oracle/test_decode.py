# SPDX-License-Identifier: MIT
"""Words to Wh, exactly, and every way a register says that it holds nothing."""

import struct
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle.decode import Words, count_of, decode, unsigned
from oracle.devices.definition import Field, Kind, WordOrder
from oracle.errors import ValueMissing, ValueNegative
from oracle.simulator.maps import float_words, words_of
from tests.oracle.support import CATALOGUE, words_of_model

WHOLE_WH_MODELS = [model for model, it in CATALOGUE.devices.items() if it.resolution_wh == 1]


def placed(model: str, **changed) -> Words:
    """A model's words; SunSpec's counted from its id register (after marker and common model)."""
    start = 40000 + 2 + 68 if CATALOGUE.get(model).is_sunspec else 0
    return Words({address - start: word for address, word in words_of_model(model, **changed).items()})


@pytest.mark.parametrize("model", WHOLE_WH_MODELS)
def test_every_model_that_resolves_1_wh_gives_back_what_its_meter_counted(model):
    device = CATALOGUE.get(model)
    decoded = decode(device, placed(model, import_wh=4_123_457, export_wh=98_765))
    assert decoded.exported.wh == 98_765
    assert (decoded.imported.wh if decoded.imported else None) == (4_123_457 if device.imported else None)


@pytest.mark.parametrize("model", ["carlo-gavazzi-em24", "carlo-gavazzi-em340"])
def test_a_meter_of_100_wh_gives_whole_steps(model):
    decoded = decode(CATALOGUE.get(model), placed(model, import_wh=4_123_457, export_wh=98_765))
    assert (decoded.imported.wh, decoded.exported.wh) == (4_123_400, 98_700)
    assert decoded.imported.resolution_wh == 100


@given(st.integers(0, 16_383_999))
def test_a_float_in_kwh_below_16384_kwh_gives_back_every_whole_wh(wh):
    high, low = float_words(wh, 1000)
    decoded = decode(CATALOGUE.get("eastron-sdm630"), Words({0x48: high, 0x49: low, 0x4A: 0, 0x4B: 0}))
    assert decoded.imported.wh == wh
    assert decoded.imported.resolution_wh == 1


@given(st.integers(0, 2**24))
def test_a_float_in_wh_gives_back_every_whole_wh_to_its_last_bit(wh):
    high, low = float_words(wh)
    raw = high << 16 | low
    assert count_of(Field(address=1, type=Kind.FLOAT32), raw) == wh


@given(st.integers(0, 10**9))
def test_a_float_is_never_off_by_more_than_the_resolution_that_it_declares(wh):
    high, low = float_words(wh, 1000)
    register = decode(
        CATALOGUE.get("eastron-sdm630"), Words({0x48: high, 0x49: low, 0x4A: 0, 0x4B: 0})
    ).imported
    assert abs(register.wh - wh) <= register.resolution_wh


def test_a_float_grows_coarser_and_says_so():
    high, low = float_words(70_000_000, 1000)
    decoded = decode(CATALOGUE.get("eastron-sdm630"), Words({0x48: high, 0x49: low, 0x4A: 0, 0x4B: 0}))
    assert decoded.imported.resolution_wh == 8


@given(st.floats(min_value=0, max_value=1e9, width=32))
def test_a_float_is_unpacked_to_its_exact_binary_value(value):
    raw = int.from_bytes(struct.pack(">f", value))
    assert count_of(Field(address=1, type=Kind.FLOAT32), raw) == Fraction(value)


@given(st.integers(0, 2**64 - 1), st.sampled_from([2, 4]))
def test_word_order_little_is_word_order_big_backwards(value, words):
    big = words_of(value, words)
    assert unsigned(big, WordOrder.BIG) == value % (1 << 16 * words)
    assert unsigned(list(reversed(big)), WordOrder.LITTLE) == value % (1 << 16 * words)


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Kind.INT32, 0x8000_0000),
        (Kind.UINT32, 0xFFFF_FFFF),
        (Kind.ACC32, 0xFFFF_FFFF),
        (Kind.INT64, 1 << 63),
        (Kind.UINT64, (1 << 64) - 1),
        (Kind.FLOAT32, 0x7FC0_0000),
        (Kind.FLOAT32, 0xFFC0_0001),
        (Kind.FLOAT32, 0x7F80_0000),
        (Kind.FLOAT32, 0xFF80_0000),
    ],
)
def test_what_a_type_means_by_not_implemented_is_no_value(kind, raw):
    assert count_of(Field(address=1, type=kind), raw) is None


def test_a_devices_own_sentinel_is_no_value():
    assert count_of(Field(address=1, type=Kind.UINT32, not_implemented=(7,)), 7) is None


def test_a_missing_value_names_register_and_bits():
    with pytest.raises(ValueMissing, match=r"import register holds no value \(0x7FC00000\)"):
        decode(CATALOGUE.get("eastron-sdm630"), Words({0x48: 0x7FC0, 0x49: 0, 0x4A: 0, 0x4B: 0}))


def test_a_negative_register_is_refused():
    high, low = words_of(-5 % 2**32, 2)
    with pytest.raises(ValueNegative):
        decode(CATALOGUE.get("carlo-gavazzi-em340"), Words({0x34: low, 0x35: high}))


@pytest.mark.parametrize("word", [0x8000, 11, 0xFF00])
def test_a_scale_factor_that_is_none_or_absurd_is_no_value(word):
    words = dict(placed("sunspec-203").by_address) | {54: word}
    with pytest.raises(ValueMissing, match="scale factor"):
        decode(CATALOGUE.get("sunspec-203"), Words(words))


def test_a_scale_factor_of_1_means_steps_of_10_wh():
    words = placed("sunspec-203", import_wh=1_234_567, scale_factor=1)
    decoded = decode(CATALOGUE.get("sunspec-203"), words)
    assert (decoded.imported.wh, decoded.imported.resolution_wh) == (1_234_560, 10)


def test_a_negative_scale_factor_is_rounded_down_to_whole_wh():
    words = dict(placed("sunspec-103").by_address) | {24: 0, 25: 12_349, 26: -1 % 2**16}
    assert decode(CATALOGUE.get("sunspec-103"), Words(words)).exported.wh == 1_234


def test_a_register_that_a_unit_lacks_is_a_capability_not_an_outage():
    high, low = words_of(12, 2)
    decoded = decode(CATALOGUE.get("carlo-gavazzi-em24"), Words({0x42: low, 0x43: high}))
    assert decoded.exported is None
    assert decoded.imported.wh == 1200
