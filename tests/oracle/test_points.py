# SPDX-License-Identifier: MIT
"""The points file, and every way to write it wrongly."""

import json

import pytest

from oracle.devices import Catalogue
from oracle.errors import DeviceUnknown, MeterTooCoarse, PointsFileInvalid
from oracle.points import load_points
from tests.oracle.support import CATALOGUE, FIRST, write

GOOD = {
    "point": 3,
    "device": "eastron-sdm630",
    "host": "192.0.2.7",
    "port": 502,
    "unit": 9,
    "firstPeriod": FIRST,
    "maxImportWh": 8_625,
    "maxExportWh": 0,
}


def loaded(tmp_path, *items, period_seconds=900):
    path = write(tmp_path / "points.json", json.dumps({"points": items}))
    return load_points(path, CATALOGUE, period_seconds)


def test_a_point_is_read_with_its_device_and_limits(tmp_path):
    (point,) = loaded(tmp_path, GOOD)
    assert (point.point, point.device.model, point.bus, point.unit) == (
        3,
        "eastron-sdm630",
        ("192.0.2.7", 502),
        9,
    )
    assert (point.first_period, point.max_import_wh, point.base_import_wh) == (FIRST, 8_625, None)


def test_unit_1_and_no_noted_base_are_the_defaults(tmp_path):
    (point,) = loaded(tmp_path, {key: value for key, value in GOOD.items() if key != "unit"})
    assert (point.unit, point.base_export_wh) == (1, None)


def test_registers_noted_at_commissioning_are_read(tmp_path):
    (point,) = loaded(tmp_path, GOOD | {"baseImportWh": 0, "baseExportWh": 5})
    assert (point.base_import_wh, point.base_export_wh) == (0, 5)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "must be JSON"),
        ("[]", "must be JSON"),
        ('{"points": []}', "lists no point"),
        ('{"points": {}}', "lists no point"),
        ('{"points": [7]}', "entry 1 is not an object"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path, text, reason):
    with pytest.raises(PointsFileInvalid, match=reason):
        load_points(write(tmp_path / "points.json", text), CATALOGUE, 900)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"port": "502"}, "whole number for 'port'"),
        ({"port": 0}, "whole number for 'port'"),
        ({"maxImportWh": -1}, "whole number for 'maxImportWh'"),
        ({"maxExportWh": 1.5}, "whole number for 'maxExportWh'"),
        ({"firstPeriod": True}, "whole number for 'firstPeriod'"),
        ({"host": 7}, "lacks the text 'host'"),
        ({"colour": "red"}, "unknown colour"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_place_and_name(tmp_path, changed, reason):
    with pytest.raises(PointsFileInvalid, match=reason):
        loaded(tmp_path, GOOD | changed)


def test_an_unknown_device_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(DeviceUnknown, match="eastron-sdm630"):
        loaded(tmp_path, GOOD | {"device": "sdm"})


def test_a_coarse_meter_is_read_if_its_power_refines_it(tmp_path):
    coarse = GOOD | {"device": "carlo-gavazzi-em24"}
    assert loaded(tmp_path, coarse)
    device = CATALOGUE.get("carlo-gavazzi-em24").model_copy(update={"power": None})
    catalogue = Catalogue({device.model: device})
    path = tmp_path / "points.json"
    with pytest.raises(MeterTooCoarse, match="Point 3"):
        load_points(path, catalogue, 900)
    assert load_points(path, catalogue, 3600)


def test_a_point_or_meter_listed_twice_is_refused(tmp_path):
    with pytest.raises(PointsFileInvalid, match="metering point 3 is listed twice"):
        loaded(tmp_path, GOOD, GOOD | {"unit": 10})
    with pytest.raises(PointsFileInvalid, match=r"meter .* is listed twice"):
        loaded(tmp_path, GOOD, GOOD | {"point": 4})


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(PointsFileInvalid, match="no such file"):
        load_points(tmp_path / "none.json", CATALOGUE, 900)
