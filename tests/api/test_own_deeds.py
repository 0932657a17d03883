# SPDX-License-Identifier: MIT
"""What an owner does about readings and certificates, by transactions of its own."""

from typing import Any

from tests.api.house import House
from tests.api.stage import CALENDAR, account_of, point_of
from tests.api.test_statements import settled

BEN = account_of("Ben")
POINT = point_of("Ben")
FILE, RETIRE = "/v1/transactions/file-dispute", "/v1/transactions/retire-certificates"


async def send(house: House, path: str, wish: dict[str, Any]) -> None:
    prepared = await house.post(path, wish)
    house.stage.chain._transact({key: prepared[key] for key in ("from", "to", "data")})
    await house.index()


async def test_a_reading_is_disputed_with_a_bond_until_a_deadline(house: House) -> None:
    await settled(house)
    stage, period = house.stage, house.stage.period
    path = f"/v1/accounts/{BEN}/disputes/{POINT}/{period}"
    found = await house.get(path, name="Ben")
    assert (found["state"], found["disputable"]) == ("none", True)
    assert (found["importRegisterKwh"], found["importClaimedKwh"]) == ("2.700", None)
    assert found["bondUnits"] == str(stage.chain.read("Disputes", "bond"))
    assert found["disputableUntil"] < found["decidableUntil"] == CALENDAR.corrections_until_at(period)
    before = stage.chain.read("PaymentVault", "balanceOf", BEN)
    wish = {"account": BEN, "point": POINT, "period": period}
    claim = {"importRegisterKwh": "2.5", "exportRegisterKwh": found["exportRegisterKwh"]}
    await send(house, FILE, wish | claim)
    assert before - stage.chain.read("PaymentVault", "balanceOf", BEN) == int(found["bondUnits"])
    found = await house.get(path, name="Ben")
    assert (found["state"], found["disputable"], found["importClaimedKwh"]) == ("open", False, "2.500")
    assert await house.refused("POST", FILE, 409, json=wish | claim) == "disputed-before"


async def test_disputes_that_can_not_be_are_refused(house: House) -> None:
    await settled(house)
    period = house.stage.period
    wish = {"account": BEN, "point": POINT, "period": period, "exportRegisterKwh": "1"}
    same = wish | {"importRegisterKwh": "2.7"}
    assert await house.refused("POST", FILE, 422, json=same) == "claim-unusable"
    assert await house.refused("POST", FILE, 422, json=wish) == "request-invalid"
    fine = wish | {"importRegisterKwh": "2.7001"}
    assert await house.refused("POST", FILE, 422, json=fine) == "amount-inexact"
    others = wish | {"importRegisterKwh": "2.5", "point": point_of("Cem")}
    assert await house.refused("POST", FILE, 403, json=others) == "not-account-owner"
    foreign = f"/v1/accounts/{BEN}/disputes/{point_of('Cem')}/{period}"
    assert await house.refused("GET", foreign, 404, name="Ben") == "point-unknown"
    assert await house.refused("GET", f"/v1/accounts/{BEN}/disputes/{POINT}/{period}", 401)
    house.stage.chain.go_to(CALENDAR.corrections_until_at(period))
    house.stage.chain.mine()
    late = wish | {"importRegisterKwh": "2.5"}
    assert await house.refused("POST", FILE, 409, json=late) == "too-late"


async def test_certificates_are_retired_up_to_the_own_import(house: House) -> None:
    await settled(house)
    house.stage.hand_out()
    await house.index()
    path, market = f"/v1/accounts/{BEN}/certificates/held", house.stage.market
    (held,) = (await house.get(path, name="Ben"))["items"]
    # Ben took 1,700 Wh from the grid and got certificates of 1,350.
    assert (held["market"], held["heldWh"], held["retirableWh"]) == (market, "1350", "1350")
    wish = {"account": BEN, "market": market}
    await send(house, RETIRE, wish | {"energyKwh": "1"})
    (held,) = (await house.get(path, name="Ben"))["items"]
    assert (held["heldWh"], held["retirableWh"]) == ("350", "350")
    beyond = wish | {"energyKwh": "0.701"}
    assert await house.refused("POST", RETIRE, 409, json=beyond) == "import-exceeded"
    retired = (await house.get(f"/v1/accounts/{BEN}/retirements", name="Ben"))["items"]
    assert [item["energyWh"] for item in retired] == ["1000"]
