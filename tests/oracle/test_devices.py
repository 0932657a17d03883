# SPDX-License-Identifier: MIT
"""Device files: every shipped one, and every way to write one wrongly."""

import json
from dataclasses import replace
from importlib import resources

import pytest

from oracle.devices import load_catalogue
from oracle.devices.catalogue import SHIPPED, load_device
from oracle.devices.definition import LONGEST_READ
from oracle.devices.describe import describe
from oracle.devices.spans import Span, spans_of
from oracle.errors import DeviceFileInvalid, DeviceUnknown, MeterTooCoarse
from oracle.points import require_fine_enough
from oracle.simulator.maps import MAPS
from tests.oracle.support import CATALOGUE, a_point, write

MODELS = sorted(CATALOGUE.devices)
GOOD = """
model: test-meter
maker: Test
name: Meter
source: here
function: 3
import: { address: 10, type: uint32 }
resolution_wh: 1
"""


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_file_defines_the_model_it_is_named_after(path):
    assert load_device(path).model == path.stem


def test_every_shipped_model_has_a_simulated_meter():
    assert set(MODELS) == set(MAPS)


@pytest.mark.parametrize("model", MODELS)
def test_every_shipped_model_is_read_in_one_request_where_its_map_allows(model):
    device = CATALOGUE.get(model)
    spans = spans_of(device)
    apart = device.power is not None and not device.is_sunspec
    assert sum(not span.optional for span in spans) == 1 + apart
    assert all(span.size <= LONGEST_READ for span in spans)


@pytest.mark.parametrize("model", MODELS)
def test_every_shipped_model_can_be_described(model):
    assert describe(CATALOGUE.get(model))["model"] == model


def test_registers_far_apart_are_read_in_two_requests(tmp_path):
    text = GOOD + "export: { address: 300, type: uint32 }\n"
    device = load_device(write(tmp_path / "test-meter.yaml", text))
    assert spans_of(device) == (Span(10, 2, False), Span(300, 2, False))


def test_an_optional_register_never_spoils_the_read_of_the_others():
    assert spans_of(CATALOGUE.get("carlo-gavazzi-em24")) == (
        Span(0x42, 2, False),
        Span(0x28, 2, False),
        Span(0x5C, 2, True),
    )


@pytest.mark.parametrize("model", ["sunspec-103", "sunspec-203", "sunspec-701"])
def test_sunspec_offsets_are_those_of_the_published_models(model):
    device = CATALOGUE.get(model)
    offsets = published_offsets(device.sunspec_model)
    names = {
        103: (None, "WH", "WH_SF"),
        203: ("TotWhImp", "TotWhExp", "TotWh_SF"),
        701: ("TotWhAbs", "TotWhInj", "TotWh_SF"),
    }[device.sunspec_model]
    ours = (device.imported, device.exported, device.scale_factor)
    for name, field in zip(names, ours, strict=True):
        assert (field is None) == (name is None)
        if field is not None:
            assert field.offset == offsets[name]


def published_offsets(model: int) -> dict[str, int]:
    text = resources.files("sunspec2").joinpath(f"models/json/model_{model}.json").read_text()
    offset, offsets = 0, {}
    for point in json.loads(text)["group"]["points"]:
        offsets[point["name"]] = offset
        offset += point["size"]
    return offsets


def test_an_unknown_model_is_refused_with_the_known_ones():
    with pytest.raises(DeviceUnknown, match=r"'sdm-630'.*eastron-sdm630") as caught:
        CATALOGUE.get("sdm-630")
    assert caught.value.code == "device-unknown"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("model: [", 1, "not YAML"),
        ("- a list\n", 1, "names and values"),
        ("", 1, "names and values"),
        (GOOD.replace("function: 3", "function: 6"), 6, "function: Input should be less than or equal to 4"),
        (GOOD.replace("uint32", "uint33"), 7, "import.type"),
        (GOOD.replace("resolution_wh: 1", "resolution: 1"), 1, "resolution_wh: Field required"),
        (GOOD + "colour: red\n", 9, "colour: Extra inputs are not permitted"),
        (GOOD.replace("uint32 }", "uint32, scale_wh: 0.1 }"), 7, "in quotes"),
        (GOOD.replace("uint32 }", "uint32, scale_wh: 0 }"), 7, "above 0"),
        (GOOD.replace("import: { address: 10, type: uint32 }\n", ""), 1, "neither an import nor an export"),
        (GOOD.replace("address: 10, ", ""), 1, "either an address or an offset"),
        (GOOD.replace("address: 10", "offset: 10"), 1, "offsets in SunSpec models"),
        (GOOD.replace("uint32 }", "uint32, optional: true }"), 1, "must be there"),
        (GOOD + "scale_factor: { offset: 4 }\n", 1, "only SunSpec"),
        (GOOD.replace("test-meter", "Test Meter"), 2, "model"),
    ],
)
def test_a_wrong_device_file_is_refused_with_file_line_and_reason(tmp_path, text, line, reason):
    path = write(tmp_path / "wrong.yaml", text)
    with pytest.raises(DeviceFileInvalid) as caught:
        load_device(path)
    assert caught.value.facts["path"] == path
    assert reason in str(caught.value)
    assert caught.value.facts["line"] == line


def test_a_scale_in_quotes_is_exact(tmp_path):
    text = GOOD.replace("uint32 }", "uint32, scale_wh: '0.1' }")
    device = load_device(write(tmp_path / "test-meter.yaml", text))
    assert device.imported.scale_wh * 10 == 1


def test_a_model_defined_twice_is_refused(tmp_path):
    write(tmp_path / "a.yaml", GOOD)
    write(tmp_path / "b.yaml", GOOD)
    with pytest.raises(DeviceFileInvalid, match="twice"):
        load_catalogue(tmp_path)


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(DeviceFileInvalid, match="no such folder"):
        load_catalogue(tmp_path / "nowhere")


def test_a_meter_of_100_wh_is_defined_but_refused_for_quarter_hours():
    device = CATALOGUE.get("carlo-gavazzi-em24").model_copy(update={"power": None})
    coarse = replace(a_point(), device=device)
    with pytest.raises(MeterTooCoarse, match="100 Wh"):
        require_fine_enough(coarse, 900)
    require_fine_enough(coarse, 3600)
