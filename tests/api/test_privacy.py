# SPDX-License-Identifier: MIT
"""Who sees what: sessions, load curves, the RPC door."""

from pathlib import Path
from typing import Any

from tests.api.house import House, opened
from tests.api.stage import BACKSTOP, CHAIN_ID, Stage, account_of, key_of, point_of
from wattbook.keys import demo_key, sign_digest_65
from wattbook.typeddata import Session

PRIVATE = (
    "",
    "/orders",
    "/trades",
    "/money",
    "/points",
    "/readings",
    "/energy",
    "/settlements",
    "/statement",
    "/statement.csv",
    "/certificates",
    "/retirements",
    "/disputes",
)


async def test_what_belongs_to_an_account_is_shown_to_its_owner_only(house: House) -> None:
    headers = {"Authorization": f"Bearer {await house.token_of('Ana')}"}
    for part in PRIVATE:
        path = f"/v1/accounts/{account_of('Ana')}{part}"
        assert await house.refused("GET", path, 401) == "session-missing"
        assert await house.refused("GET", path, 403, name="Ben") == "not-your-account"
        assert await house.refused("GET", path, 403, name="stranger") == "not-your-account"
        shown = await house.http.get(path, headers=headers)
        assert (shown.status_code, shown.headers["cache-control"]) == (200, "no-store")


async def test_the_operator_reads_every_account(stage: Stage, template: Path, tmp_path: Path) -> None:
    operators = (key_of("stranger").address,)
    async with opened(stage, template, tmp_path, operators=operators) as house:
        await house.get(f"/v1/accounts/{account_of('Ana')}/readings", name="stranger")


async def test_the_private_stream_needs_the_owner_too(house: House) -> None:
    params = {"account": account_of("Ana")}
    assert await house.refused("GET", "/v1/stream", 401, params=params) == "session-missing"
    assert await house.refused("GET", "/v1/stream", 403, name="Ben", params=params) == "not-your-account"


async def test_public_answers_name_no_account(house: House) -> None:
    house.stage.place("Ana", "offer", 500, 1_900)
    house.stage.place("Ben", "bid", 500, 2_200)
    await house.index()
    market = house.stage.market
    for path in ("", "/depth", "/trades", "/prices"):
        text = str(await house.get(f"/v1/markets/{market}{path}"))
        assert str(account_of("Ana")) not in text
        assert key_of("Ana").address.lower() not in text.lower()


async def test_an_account_of_an_address_shows_no_money(house: House) -> None:
    found = await house.get("/v1/accounts", params={"owner": key_of("Ana").address.lower()})
    assert found["items"] == [
        {
            "account": account_of("Ana"),
            "area": 1,
            "owner": key_of("Ana").address,
            "buyer": True,
            "seller": True,
            "nextNonce": 0,
        }
    ]
    assert (await house.get("/v1/accounts", params={"owner": "0x" + "11" * 20}))["items"] == []


async def signed_session(house: House, name: str, signer: str = "", **changed: Any) -> dict[str, Any]:
    wish = await house.post("/v1/typed-data/session", {"address": key_of(name).address})
    message = Session.from_json(wish["session"] | changed)
    digest = message.digest(house.stage.domain)
    signature = "0x" + sign_digest_65(key_of(signer or name), digest).hex()
    return {"session": message.message_json(), "signature": signature}


async def test_a_signed_session_opens_once(house: House) -> None:
    body = await signed_session(house, "Ana")
    opened = await house.post("/v1/sessions", body, 201)
    assert opened["accounts"] == [account_of("Ana")]
    assert await house.refused("POST", "/v1/sessions", 409, json=body) == "session-used"


async def test_a_session_of_another_key_time_or_page_is_refused(house: House) -> None:
    now = house.stage.chain.now
    body = await signed_session(house, "Ana", signer="Ben")
    assert await house.refused("POST", "/v1/sessions", 403, json=body) == "signature-invalid"
    for changed in ({"issuedAt": now - 4_000}, {"validUntil": now + 10**6}, {"validUntil": now - 1}):
        body = await signed_session(house, "Ana", **changed)
        assert await house.refused("POST", "/v1/sessions", 401, json=body) == "session-expired"
    body = await signed_session(house, "Ana", origin="https://elsewhere.test")
    assert await house.refused("POST", "/v1/sessions", 422, json=body) == "request-invalid"
    body = await signed_session(house, "Ana")
    body["signature"] = body["signature"][:-4]
    assert await house.refused("POST", "/v1/sessions", 422, json=body) == "signature-malformed"
    body = {"session": {"participant": 7}, "signature": "0x"}
    assert await house.refused("POST", "/v1/sessions", 422, json=body) == "request-invalid"


async def test_a_session_ends_by_time_and_by_wish(house: House) -> None:
    token = await house.token_of("Ana")
    headers = {"Authorization": f"Bearer {token}"}
    assert (await house.http.get("/v1/session", headers=headers)).json()["address"] == key_of("Ana").address
    assert (await house.http.delete("/v1/session", headers=headers)).status_code == 204
    assert (await house.http.get("/v1/session", headers=headers)).json()["code"] == "session-invalid"
    headers = {"Authorization": f"Bearer {await house.token_of('Ana')}"}
    house.stage.chain.now += house.context.settings.session_seconds
    assert (await house.http.get("/v1/session", headers=headers)).json()["code"] == "session-expired"
    for wrong in ("Bearer nonsense", "Basic abc", "Bearer "):
        answer = await house.http.get("/v1/session", headers={"Authorization": wrong})
        assert answer.status_code == 401


async def test_a_token_is_kept_only_as_its_hash(house: House) -> None:
    token = await house.token_of("Ana")
    stored = b"".join(path.read_bytes() for path in house.folder.glob("relay.db*"))
    assert token.encode() not in stored


async def rpc(house: House, method: str, *params: Any) -> Any:
    return await house.post("/rpc", {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)})


def call(house: House, contract: str, function: str, *arguments: Any) -> dict[str, str]:
    data = house.contracts.abi(contract).encode(function, *arguments)
    return {"to": house.contracts.address(contract), "data": "0x" + data.hex()}


async def test_the_rpc_serves_wallets_and_nothing_private(house: House) -> None:
    stage = house.stage
    assert (await rpc(house, "eth_chainId"))["result"] == hex(CHAIN_ID)
    depth = call(house, "OrderBook", "depth", stage.market, True, 5)
    assert "result" in await rpc(house, "eth_call", depth, "latest")
    for contract, function, arguments in (
        ("MeterReadings", "reading", (point_of("Ana"), stage.period)),
        ("MeterReadings", "energyOf", (point_of("Ana"), stage.period)),
        ("Settlement", "position", (account_of("Ana"), 0, stage.period)),
        ("OrderBook", "record", (stage.market, account_of("Ana"))),
        ("PaymentVault", "balanceOf", (account_of("Ana"),)),
    ):
        for method in ("eth_call", "eth_estimateGas"):
            answer = await rpc(house, method, call(house, contract, function, *arguments), "latest")
            assert answer["error"]["data"]["code"] == "rpc-call-refused"
    for refused in ({"data": "0x6000"}, {"to": demo_key(BACKSTOP, CHAIN_ID).address, "data": "0x"}):
        assert (await rpc(house, "eth_call", refused, "latest"))["error"]["code"] == -32604
    for method in ("eth_getLogs", "debug_traceTransaction", "anvil_setBalance", "eth_getStorageAt"):
        assert (await rpc(house, method))["error"]["data"]["code"] == "rpc-method-refused"


async def test_the_rpc_shows_no_transaction_of_others(house: House) -> None:
    house.stage.place("Ana", "offer", 500, 1_900)
    block = house.stage.chain.rpc("eth_getBlockByNumber", "latest", False)
    transaction = block["transactions"][0]
    assert (await rpc(house, "eth_getBlockByNumber", "latest", True))["result"]["transactions"] == []
    assert (await rpc(house, "eth_getTransactionReceipt", transaction))["result"]["logs"] == []
    assert (await rpc(house, "eth_getTransactionByHash", transaction))["result"]["input"] == "0x"


async def test_the_rpc_takes_batches_and_passes_the_nodes_own_words(house: House) -> None:
    wanted = [{"jsonrpc": "2.0", "id": n, "method": "eth_blockNumber"} for n in range(3)]
    assert [answer["id"] for answer in await house.post("/rpc", wanted)] == [0, 1, 2]
    assert await house.refused("POST", "/rpc", 422, json=wanted * 7) == "request-invalid"
    assert await house.refused("POST", "/rpc", 422, content=b"{") == "request-invalid"
    assert "error" in await rpc(house, "eth_sendRawTransaction", "0x00")
    assert (await house.post("/rpc", ["eth_chainId"]))[0]["error"]["code"] == -32600
