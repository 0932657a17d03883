# SPDX-License-Identifier: MIT
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook.errors import IdOutOfRange
from wattbook.typeddata import Lane, Quality, pack_lanes, unpack_lanes

registers = st.integers(0, 2**48 - 1)
lanes = st.builds(Lane, st.integers(0, 2**24 - 1), registers, registers, st.integers(0, 255))


@given(st.lists(lanes, max_size=20))
def test_lanes_come_back_from_the_body(readings: list[Lane]) -> None:
    body = pack_lanes(readings)
    assert len(body) == 16 * len(readings)
    assert unpack_lanes(body) == readings


def test_a_lane_is_point_import_export_and_quality_from_the_left() -> None:
    body = pack_lanes([Lane(0x010203, 0x0A0B0C0D0E0F, 0x1A1B1C1D1E1F, Quality.MEASURED)])
    assert body.hex() == "0102030a0b0c0d0e0f1a1b1c1d1e1f02"


def test_a_body_of_broken_lanes_is_refused() -> None:
    with pytest.raises(IdOutOfRange):
        unpack_lanes(bytes(17))


@pytest.mark.parametrize(
    "lane", [Lane(2**24, 0, 0, 2), Lane(1, 2**48, 0, 2), Lane(1, 0, -1, 2), Lane(1, 0, 0, 256)]
)
def test_a_register_that_fits_no_lane_is_refused(lane: Lane) -> None:
    with pytest.raises(IdOutOfRange):
        pack_lanes([lane])
