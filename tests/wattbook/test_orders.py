# SPDX-License-Identifier: MIT
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook.errors import IdOutOfRange
from wattbook.orders import Kind, Order, OrderRef, Side, pack_order, unpack_order

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "typed-data.json").read_text("utf-8"))[
    "vectors"
]
ORDER = Order(65_552, 1, 0, 1_982_400, Side.BID, Kind.LIMIT, False, 1_900, 1_500, 120, 7, 1_784_160_000)


@pytest.mark.parametrize("vector", [v for v in VECTORS if "word" in v], ids=lambda vector: vector["title"])
def test_the_word_is_the_one_in_the_vectors(vector: dict) -> None:
    order = Order.from_json(vector["typedData"]["message"])
    assert hex(pack_order(order)) == vector["word"]
    assert unpack_order(int(vector["word"], 16)) == order


@given(st.integers(0, 2**199 - 1))
def test_every_word_of_199_bits_is_one_order(word: int) -> None:
    assert pack_order(unpack_order(word)) == word


def test_a_word_with_bits_above_the_last_field_is_refused() -> None:
    with pytest.raises(IdOutOfRange):
        unpack_order(1 << 199)


@pytest.mark.parametrize("change", [{"energy_wh": 2**23}, {"nonce": 2**28}, {"price_ticks": -1}, {"side": 2}])
def test_a_value_that_fits_no_field_is_refused(change: dict[str, int]) -> None:
    with pytest.raises(IdOutOfRange):
        pack_order(replace(ORDER, **change))


@given(st.integers(0, 2**32 - 1))
def test_a_place_in_the_book_comes_back_from_its_word(word: int) -> None:
    assert OrderRef.unpack(word).pack() == word


def test_a_place_outside_the_book_is_refused() -> None:
    with pytest.raises(IdOutOfRange):
        OrderRef(65_536, 0).pack()
    with pytest.raises(IdOutOfRange):
        OrderRef.unpack(1 << 32)


def test_an_order_knows_its_side() -> None:
    assert not ORDER.is_offer
    assert replace(ORDER, side=Side.OFFER).is_offer
