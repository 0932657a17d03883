# SPDX-License-Identifier: MIT
"""Trading between grid areas: what it costs, what is left, and what isn't joined."""

from tests.api.house import House
from tests.api.next_door import join_from_next_door
from tests.api.stage import CALENDAR, key_of
from wattbook.orders import pack_order


async def test_connections_tell_fee_capacity_and_what_is_left(house: House) -> None:
    gus, stage = join_from_next_door(house.stage)
    offer = stage.order("Ana", "offer", 300, 2_500, account=gus, max_fee_ticks=400)
    stage.chain.send(key_of("stranger").address, "OrderBook", "placeOrder", pack_order(offer), [], 100)
    await house.index()
    items = (await house.get(f"/v1/connections?period={stage.period}"))["items"]
    assert [(it["fromArea"], it["toArea"]) for it in items] == [(1, 2), (2, 1)]
    there, back = items
    assert (back["feeTicks"], back["feePerKwh"]) == ("200", "0.0200")
    assert (back["capacityWh"], back["freeWh"], back["freeKwh"]) == ("2000", "1700", "1.700")
    assert (there["capacityWh"], there["freeWh"]) == ("2000", "2000")
    assert (back["carrier"], back["period"]) == (0, stage.period)


async def test_the_next_open_period_is_shown_unless_another_is_named(house: House) -> None:
    _, stage = join_from_next_door(house.stage)
    first = CALENDAR.open_periods(stage.chain.now).start
    items = (await house.get("/v1/connections"))["items"]
    assert {it["period"] for it in items} <= {first}
    assert (await house.get(f"/v1/connections?period={stage.period - 1}"))["items"] == []
    assert (await house.get(f"/v1/connections?carrier=1&period={stage.period}"))["items"] == []
    assert await house.refused("GET", "/v1/connections?carrier=256", 422) == "request-invalid"


async def test_an_order_into_an_area_that_is_not_connected_says_so(house: House) -> None:
    gus, stage = join_from_next_door(house.stage, connected=False)
    await house.index()
    wish = {"account": gus, "market": stage.market, "side": "offer", "kind": "limit"}
    wish |= {"energyKwh": "0.3", "pricePerKwh": "0.25"}
    problem = await house.post("/v1/typed-data/order", wish, 422)
    assert problem["code"] == "area-not-connected"
    assert problem["facts"] == {"accountArea": 2, "marketArea": 1}
    assert problem["detail"] == "Area 2 isn't connected to area 1: trade in one that is."
    order = stage.order("Ana", "offer", 300, 2_500, account=gus)
    signed = {"order": f"0x{pack_order(order):064x}", "signature": house.stage.sign("stranger", order)}
    assert await house.refused("POST", "/v1/orders", 422, json=signed) == "area-not-connected"


async def test_openapi_shows_an_example_of_a_connection(house: House) -> None:
    schemas = (await house.get("/openapi.json"))["components"]["schemas"]
    shown = {name: field["examples"][0] for name, field in schemas["Connection"]["properties"].items()}
    assert shown["feePerKwh"] == "0.0200"
    assert shown["freeKwh"] == "1.700"
