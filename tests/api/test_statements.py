# SPDX-License-Identifier: MIT
"""From meter register to statement: figures of the API against contracts and by hand."""

import csv
import io
from typing import Any

from tests.api.house import House
from tests.api.stage import (
    AREA,
    BACKSTOP,
    CALENDAR,
    CARRIER,
    DEPOSIT,
    FEED_IN,
    FIRST_KEY,
    MEMBERS,
    RETAIL,
    account_of,
    point_of,
)
from wattbook.ids import fee_account_of

# Ana sells; Ben and Cem buy. Import and export of the six points.
ENERGIES = [(0, 1_800), (1_700, 0), (400, 0), (250, 0), (0, 300), (90, 10)]


async def settled(house: House) -> None:
    stage = house.stage
    stage.place("Ana", "offer", 1_500, 1_850)
    stage.place("Ana", "offer", 500, 2_050)
    stage.place("Ben", "bid", 1_500, 2_100)
    stage.place("Cem", "bid", 500, 2_300)
    await house.index()
    with house.context.index() as connection:
        refs = [row.ref for row in connection.exec_driver_sql("SELECT ref FROM orders WHERE ref IS NOT NULL")]
    stage.settle_period(ENERGIES, sorted(refs))
    await house.index()


async def row_of(house: House, name: str) -> Any:
    found = await house.get(f"/v1/accounts/{account_of(name)}/statement", name=name)
    assert len(found["rows"]) == 1
    return found["rows"][0]


async def test_a_statement_adds_up_by_hand(house: House) -> None:
    await settled(house)
    ana = await row_of(house, "Ana")
    # 1500 Wh at 1900 and 500 at 2100 in the book, less 50 ticks of levy; 200 Wh short at 3200.
    assert ana["receivedUnits"] == str(1_500 * 1_850 + 500 * 2_050)
    assert (ana["imbalanceWh"], ana["imbalanceUnits"]) == ("-200", "-640000")
    assert ana["cashUnits"] == str(1_500 * 1_850 + 500 * 2_050 - 640_000)
    assert ana["backstopOnlyUnits"] == str(1_800 * 800)
    ben = await row_of(house, "Ben")
    assert ben["paidUnits"] == str(1_500 * 2_000)
    assert (ben["imbalanceWh"], ben["cashUnits"]) == ("-200", str(-1_500 * 2_000 - 640_000))
    assert ben["savedUnits"] == str(1_700 * 3_200 - 1_500 * 2_000 - 640_000)
    cem = await row_of(house, "Cem")
    assert (cem["imbalanceWh"], cem["imbalanceUnits"]) == ("100", "80000")
    assert ana["state"] == ben["state"] == cem["state"] == "settled"


async def test_the_statement_is_what_the_vault_paid(house: House) -> None:
    await settled(house)
    for name in MEMBERS:
        row = await row_of(house, name)
        balance = house.stage.chain.read("PaymentVault", "balanceOf", account_of(name))
        assert balance == 1_000_000_000 + int(row["cashUnits"])
        account = await house.get(f"/v1/accounts/{account_of(name)}", name=name)
        assert account["lockedUnits"] == "0"


async def test_before_settlement_a_row_says_what_is_known(house: House) -> None:
    stage = house.stage
    stage.place("Ana", "offer", 1_500, 1_850)
    stage.place("Ben", "bid", 1_500, 2_100)
    await house.index()
    row = await row_of(house, "Ben")
    assert (row["state"], row["boughtWh"], row["importWh"], row["cashUnits"]) == (
        "traded",
        "1500",
        None,
        None,
    )
    stage.chain.go_to(CALENDAR.ends_at(stage.period))
    stage.read_meters(stage.period - 1, [(5, 5)] * 6, quality=1)
    stage.read_meters(stage.period, [(5 + a, 5 + b) for a, b in ENERGIES])
    await house.index()
    row = await row_of(house, "Ben")
    assert (row["state"], row["importWh"], row["imbalanceWh"]) == ("metered", "1700", "-200")


async def test_the_csv_has_the_same_rows_and_adds_up(house: House) -> None:
    await settled(house)
    path = f"/v1/accounts/{account_of('Ana')}"
    token = await house.token_of("Ana")
    headers = {"Authorization": f"Bearer {token}"}
    answer = await house.http.get(f"{path}/statement.csv", headers=headers)
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    found = (await house.http.get(f"{path}/statement", headers=headers)).json()
    assert rows[0]["cashUnits"] == found["rows"][0]["cashUnits"]
    assert rows[-1]["period"] == "total"
    assert sum(int(row["cashUnits"]) for row in rows[:-1]) == int(rows[-1]["cashUnits"])
    assert found["totals"]["cashUnits"] == rows[-1]["cashUnits"]
    listed = (await house.http.get(f"{path}/settlements", headers=headers)).json()
    assert listed["items"] == found["rows"]


async def test_the_period_of_a_meter_exchange_has_what_both_meters_counted(house: House) -> None:
    stage = house.stage
    stage.chain.go_to(CALENDAR.ends_at(stage.period + 1))
    stage.read_meters(stage.period - 1, [(1_000, 50)] * 6, quality=1)
    stage.exchange_meter(point_of("Ben"), stage.period, (1_300, 60), (7, 9), (107, 10))
    after = [(107, 10) if number == point_of("Ben") else (1_000, 50) for number in range(1, 7)]
    stage.read_meters(stage.period + 1, [(imported + 40, exported) for imported, exported in after])
    await house.index()
    items = (await house.get(f"/v1/accounts/{account_of('Ben')}/readings", name="Ben"))["items"]
    assert [(item["importWh"], item["exportWh"]) for item in items] == [("40", "0"), ("400", "11")]
    assert items[1]["quality"] == "apart"
    known = stage.chain.read("MeterReadings", "energyOf", point_of("Ben"), stage.period)
    assert known == (True, 400, 11)


async def test_readings_are_register_differences_with_quality_and_finality(house: House) -> None:
    stage = house.stage
    stage.chain.go_to(CALENDAR.ends_at(stage.period))
    stage.read_meters(stage.period - 1, [(2**28 - 100, 50)] * 6, quality=1)
    stage.read_meters(stage.period, [(2**28 + 300, 60)] * 6)
    stage.chain.go_to(CALENDAR.ends_at(stage.period + 1))
    stage.read_meters(stage.period + 1, [(2**28 + 400, 60)] * 6, quality=3)
    await house.index()
    path = f"/v1/accounts/{account_of('Ben')}/readings"
    items = (await house.get(path, name="Ben", params={"point": point_of("Ben")}))["items"]
    assert [item["period"] for item in items] == [stage.period + 1, stage.period]
    assert [(item["importWh"], item["exportWh"]) for item in items] == [("100", "0"), ("400", "10")]
    assert [item["quality"] for item in items] == ["estimated", "measured"]
    assert [item["final"] for item in items] == [False, False]
    stage.chain.now = CALENDAR.final_at(stage.period)
    items = (await house.get(path, name="Ben"))["items"]
    assert [item["final"] for item in items] == [False, True]
    energy = (
        await house.get(
            f"/v1/accounts/{account_of('Ben')}/energy",
            name="Ben",
            params={"from": stage.period, "to": stage.period},
        )
    )["items"]
    assert [(row["importWh"], row["exportWh"], row["final"]) for row in energy] == [("400", "10", True)]


async def test_a_default_counts_as_final(house: House) -> None:
    stage = house.stage
    stage.chain.go_to(CALENDAR.default_from(stage.period))
    stage.anyone("Settlement", "bookDefault", account_of("Ben"), CARRIER, stage.period)
    await house.index()
    items = (await house.get(f"/v1/accounts/{account_of('Ben')}/readings", name="Ben"))["items"]
    assert [(item["importWh"], item["quality"], item["final"]) for item in items] == [
        ("100", "defaulted", True)
    ]


async def test_community_figures_hide_fewer_than_five(house: House) -> None:
    stage = house.stage
    await settled(house)
    params = {"area": AREA, "from": stage.period, "to": stage.period}
    row = (await house.get("/v1/community/periods", params=params))["items"][0]
    assert (row["members"], row["importWh"], row["exportWh"]) == (6, "2440", "2110")
    # Three members traded: their energy isn't shown.
    assert (row["tradedWh"], row["final"]) == (None, True)
    stage.chain.go_to(CALENDAR.ends_at(stage.period + 1))
    stage.read_meters(stage.period + 1, [(5_000, 5_000)] * 4)
    await house.index()
    params = {"area": AREA, "from": stage.period + 1, "to": stage.period + 1}
    row = (await house.get("/v1/community/periods", params=params))["items"][0]
    assert (row["members"], row["importWh"]) == (4, None)


async def test_certificates_and_money_are_listed(house: House) -> None:
    await settled(house)
    house.stage.hand_out()
    await house.index()
    certificates = (await house.get(f"/v1/accounts/{account_of('Ben')}/certificates", name="Ben"))["items"]
    assert [(item["energyWh"], item["market"]) for item in certificates] == [("1350", house.stage.market)]
    row = await row_of(house, "Ben")
    assert row["certificatesWh"] == "1350"
    stage = house.stage
    stage.chain.send(
        stage.chain.people[FIRST_KEY + 1], "EnergyToken", "retire", account_of("Ben"), stage.market, 350
    )
    await house.index()
    retired = (await house.get(f"/v1/accounts/{account_of('Ben')}/retirements", name="Ben"))["items"]
    assert [(item["energyWh"], item["market"]) for item in retired] == [("350", stage.market)]
    moves = (await house.get(f"/v1/accounts/{account_of('Ben')}/money", name="Ben"))["items"]
    assert [move["kind"] for move in moves] == ["settlement", "deposit"]
    assert moves[1]["amountCurrency"] == "100.0000000"
    fees = house.stage.chain.read("PaymentVault", "balanceOf", fee_account_of(AREA))
    assert fees == 2_000 * (100 + 50)
    market = await house.get(f"/v1/markets/{house.stage.market}")
    assert market["state"] == "settled"
    day = await house.get("/v1/days/2027-01-15/prices", params={"area": AREA})
    traded = [item for item in day["items"] if item["trades"]]
    assert [(item["volumeWh"], item["averagePriceTicks"]) for item in traded] == [("2000", "1950")]
    assert traded[0]["retailTicks"] == "3200"


async def test_ones_disputes_are_listed_step_by_step(house: House) -> None:
    stage = house.stage
    await settled(house)
    ben, point = stage.chain.people[FIRST_KEY + 1], point_of("Ben")
    reading = stage.chain.read("MeterReadings", "reading", point, stage.period)
    registers = reading["importRegister"], reading["exportRegister"]
    claim = registers[0] - 100, registers[1]
    stage.chain.send(ben, "Disputes", "fileDispute", point, stage.period, *claim)
    stage.operate("Disputes", "decideDispute", point, stage.period, *registers)
    await house.index()
    steps = (await house.get(f"/v1/accounts/{account_of('Ben')}/disputes", name="Ben"))["items"]
    assert [(step["state"], step["importRegister"]) for step in steps] == [
        ("rejected", registers[0]),
        ("open", claim[0]),
    ]


async def test_a_correction_that_waits_for_its_backstop_stands_apart(house: House) -> None:
    stage, put_up = house.stage, AREA << 16 | 1
    chain, owner = stage.chain, stage.chain.people[BACKSTOP]
    await settled(house)
    before = await row_of(house, "Ana")
    assert before["unsettledUnits"] == "0"
    tokens = chain.read("PaymentVault", "withdrawable", put_up) // 10
    chain.send(owner, "PaymentVault", "withdraw", put_up, tokens, owner)
    # 1,800 Wh were read; 2,200 are true: 200 more than contracted, none short.
    stage.operate("MeterReadings", "correct", point_of("Ana"), stage.period, 1_000, 3_200, "swapped")
    stage.anyone("Settlement", "settleCorrection", account_of("Ana"), CARRIER, stage.period)
    await house.index()
    waiting = await row_of(house, "Ana")
    assert (waiting["state"], waiting["cashUnits"]) == ("settled", before["cashUnits"])
    assert waiting["unsettledUnits"] == str(200 * RETAIL + 200 * FEED_IN)
    chain.send(owner, "PaymentVault", "deposit", put_up, tokens)
    stage.anyone("Settlement", "settleCorrection", account_of("Ana"), CARRIER, stage.period)
    await house.index()
    after = await row_of(house, "Ana")
    assert (after["state"], after["unsettledUnits"]) == ("corrected", "0")
    assert int(after["cashUnits"]) == int(before["cashUnits"]) + int(waiting["unsettledUnits"])


async def test_a_residual_has_a_row_of_its_own(house: House) -> None:
    stage, first, last = house.stage, house.stage.period, house.stage.period + 8
    stage.chain.go_to(CALENDAR.ends_at(first))
    stage.read_meters(first - 1, [(1_000, 1_000)] * len(MEMBERS), quality=1)
    for period in range(first, last + 1):
        stage.chain.go_to(CALENDAR.default_from(period))
        stage.anyone("Settlement", "bookDefault", account_of("Ana"), CARRIER, period)
    # By default 100 Wh of import a period; in truth none, and some fed in. Corrections are over for five.
    stage.read_meters(last, [(1_000, 1_900)])
    stage.anyone("MeterReadings", "shareDifference", point_of("Ana"), 64)
    await house.index()
    path = f"/v1/accounts/{account_of('Ana')}/statement"
    found = await house.get(path, name="Ana")
    (waiting,) = [row for row in found["rows"] if row["kind"] == "residual"]
    assert (waiting["period"], waiting["startsAt"]) == (last, CALENDAR.starts_at(first))
    assert (waiting["importWh"], waiting["exportWh"]) == ("-500", "500")
    assert (waiting["state"], waiting["cashUnits"]) == ("metered", None)
    stage.anyone("Settlement", "settleResidual", 1)
    await house.index()
    found = await house.get(path, name="Ana")
    (paid,) = [row for row in found["rows"] if row["kind"] == "residual"]
    assert (paid["state"], paid["cashUnits"]) == ("settled", str(500 * FEED_IN + 500 * RETAIL))
    moved = (await house.get(f"/v1/accounts/{account_of('Ana')}/money", name="Ana"))["items"][0]
    assert (moved["kind"], moved["amountUnits"]) == ("residual", paid["cashUnits"])
    headers = {"Authorization": f"Bearer {await house.token_of('Ana')}"}
    text = (await house.http.get(f"{path}.csv", headers=headers)).text
    kinds = [row["kind"] for row in csv.DictReader(io.StringIO(text))]
    assert kinds == ["period"] * 9 + ["residual", ""]


async def test_a_surplus_that_nobody_could_pay_is_still_to_come(house: House) -> None:
    stage, put_up = house.stage, AREA << 16 | 1
    chain, owner = stage.chain, stage.chain.people[BACKSTOP]
    # Nobody traded, so nothing was guaranteed; and the supplier keeps no money.
    tokens = chain.read("PaymentVault", "withdrawable", put_up) // 10
    chain.send(owner, "PaymentVault", "withdraw", put_up, tokens, owner)
    stage.settle_period([(0, 1_000), *[(0, 0)] * 5], [])
    await house.index()
    assert (await row_of(house, "Ana"))["state"] == "metered"
    chain.go_to(CALENDAR.corrections_until_at(stage.period))
    stage.anyone("Settlement", "setAside", AREA, CARRIER, stage.period, 16, 10)
    await house.index()
    row = await row_of(house, "Ana")
    assert (row["state"], row["cashUnits"], row["unsettledUnits"]) == ("settled", "0", str(1_000 * FEED_IN))
    assert chain.read("PaymentVault", "balanceOf", account_of("Ana")) == 10 * DEPOSIT
    chain.send(owner, "PaymentVault", "deposit", put_up, tokens)
    stage.anyone("Settlement", "settleCorrection", account_of("Ana"), CARRIER, stage.period)
    await house.index()
    row = await row_of(house, "Ana")
    assert (row["cashUnits"], row["unsettledUnits"]) == (str(1_000 * FEED_IN), "0")
    assert chain.read("PaymentVault", "balanceOf", account_of("Ana")) == 10 * DEPOSIT + 1_000 * FEED_IN
