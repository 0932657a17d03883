# SPDX-License-Identifier: MIT
"""A member at the API: asks for what to sign, signs with the member's own key, sends it, looks what became of
it.
"""

from typing import Any

import httpx

from wattbook.clock import Clock
from wattbook.errors import Exit, WattbookError
from wattbook.keys import Key, sign_digest_65
from wattbook.typeddata.cancellation import Cancellation
from wattbook.typeddata.domain import Domain
from wattbook.typeddata.message import Message
from wattbook.typeddata.order import Order
from wattbook.typeddata.session import Session

MESSAGES: dict[str, type[Message]] = {"Order": Order, "Cancellation": Cancellation, "Session": Session}

ATTEMPTS = 200
WAIT_SECONDS = 0.1


class ApiRefused(WattbookError):
    """The API said no: `problem` is its stable code."""

    code = "api-refused"
    exit_status = Exit.REFUSED
    sentence = "The API refused {path}: {detail}"

    @property
    def problem(self) -> str:
        return str(self.facts["problem"])


class Trader:
    """One member's session. Everything is safe to ask again: a killed API only costs time."""

    def __init__(self, http: httpx.AsyncClient, clock: Clock, key: Key, account: int, domain: Domain) -> None:
        self._http = http
        self._clock = clock
        self._key = key
        self._domain = domain
        self.account = account
        self._token = ""

    async def open_session(self) -> None:
        self._token = ""
        offer = await self._ask("POST", "/v1/typed-data/session", {"address": self._key.address})
        signed = {"session": offer["session"], "signature": self._sign(offer)}
        try:
            self._token = (await self._ask("POST", "/v1/sessions", signed))["token"]
        except ApiRefused as refused:
            if refused.problem != "session-used":
                raise
            await self.open_session()  # the answer got lost: a session opens once

    async def place(
        self, market: int, side: str, energy_wh: int, price_ticks: int, kind: str = "limit"
    ) -> str:
        """Signs and sends an order; answers its hash."""
        wish = {
            "account": self.account,
            "market": market,
            "side": side,
            "kind": kind,
            "energyWh": str(energy_wh),
            "priceTicks": str(price_ticks),
            "validUntil": None,
        }
        typed = await self._ask("POST", "/v1/typed-data/order", wish)
        signed = {"order": typed["order"], "signature": self._sign(typed)}
        return str((await self._ask("POST", "/v1/orders", signed))["hash"])

    async def cancel(self, market: int, ref: int) -> None:
        wish = {"account": self.account, "market": market, "ref": ref, "validUntil": None}
        typed = await self._ask("POST", "/v1/typed-data/cancel", wish)
        signed = {**typed["cancel"], "signature": self._sign(typed)}
        await self._ask("POST", "/v1/cancels", signed)

    async def orders(self, market: int) -> list[dict[str, Any]]:
        """The member's own orders in a market, newest first."""
        path = f"/v1/accounts/{self.account}/orders?market={market}&limit=200"
        return list((await self._ask("GET", path))["items"])

    async def statement(self, first: int, last: int) -> dict[str, Any]:
        return await self._ask(
            "GET", f"/v1/accounts/{self.account}/statement?carrier=0&from={first}&to={last}"
        )

    async def statement_csv(self, first: int, last: int) -> str:
        path = f"/v1/accounts/{self.account}/statement.csv?carrier=0&from={first}&to={last}"
        return (await self._send("GET", path, None)).text

    def _sign(self, typed: dict[str, Any]) -> str:
        """Signs the message, not a hash that the API computed, and only for our own book."""
        data = typed["typedData"]
        message = MESSAGES[data["primaryType"]].from_json(data["message"])
        return "0x" + sign_digest_65(self._key, message.digest(self._domain)).hex()

    async def _ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        return dict((await self._send(method, path, body)).json())

    async def _send(self, method: str, path: str, body: Any) -> httpx.Response:
        """Raises ApiRefused. A session that has run out is opened again."""
        response = await self._send_once(method, path, body)
        if response.is_error and response.json()["code"] == "session-expired":
            await self.open_session()
            response = await self._send_once(method, path, body)
        if response.is_error:
            problem = response.json()
            raise ApiRefused(path=path, detail=problem["detail"], problem=problem["code"])
        return response

    async def _send_once(self, method: str, path: str, body: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self._token}"} if self._token else {}
        return await ask_patiently(self._http, self._clock, method, path, body, headers)


async def ask_patiently(
    http: httpx.AsyncClient,
    clock: Clock,
    method: str,
    path: str,
    body: Any = None,
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    """Asks until the API answers: it may be restarting, or waiting for the indexer. Raises
    httpx.TransportError.
    """
    for attempt in range(ATTEMPTS):
        try:
            response = await http.request(method, path, json=body, headers=headers)
        except httpx.TransportError:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            if response.status_code not in (502, 503):
                return response
        await clock.sleep(WAIT_SECONDS)
    return response
