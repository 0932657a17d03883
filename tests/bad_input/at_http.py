# SPDX-License-Identifier: MIT
"""Bad input as a request to the API's process."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.api.stage import CHAIN_ID, account_of, key_of, market_of
from tests.bad_input.answers import Answer, Row
from tests.bad_input.town import DANS_REF, EVAS_REF, NOBODY, Signed, Town, sign_in
from wattbook.keys import sign_digest_65

Knock = Callable[[Town], Answer]


def refused(town: Town, path: str, body: Any = None, method: str = "POST", token: str = "") -> Answer:
    """The problem that the API answers with."""
    answer = town.ask(method, path, body, token)
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem.keys() == {"type", "title", "status", "detail", "code", "facts"}
    assert problem["status"] == answer.status_code
    return Answer(answer.status_code, problem["code"], problem["detail"])


def ask(name: str, **changed: Any) -> Knock:
    """For typed data to sign."""

    def knock(town: Town) -> Answer:
        body = {"account": account_of(name), "market": town.market, "side": "offer"}
        body |= {"energyKwh": "0.5", "pricePerKwh": "0.19"} | later(town, changed)
        return refused(town, "/v1/typed-data/order", body)

    return knock


def later(town: Town, changed: dict[str, Any]) -> dict[str, Any]:
    return {name: value(town) if callable(value) else value for name, value in changed.items()}


def send(name: str, by: str = "", chain_id: int = CHAIN_ID, **changed: Any) -> Knock:
    """A signed order."""

    def knock(town: Town) -> Answer:
        return sent(town, town.signed(town.order(name, **later(town, changed)), by or name, chain_id))

    return knock


def sent(town: Town, order: Signed) -> Answer:
    return refused(town, "/v1/orders", {"order": f"0x{order[0]:064x}", "signature": "0x" + order[2].hex()})


def cancel(name: str, ref: int, by: str = "", late: bool = False) -> Knock:
    """A signed cancel."""

    def knock(town: Town) -> Answer:
        until = town.past if late else 0
        message = replace(town.stage.cancellation(name, ref, until), period=town.open)
        signature = "0x" + sign_digest_65(key_of(by or name), message.digest(town.stage.domain)).hex()
        body = {"account": account_of(name), "market": town.market, "ref": ref, "validUntil": until}
        return refused(town, "/v1/cancels", body | {"signature": signature})

    return knock


def transaction(name: str, **body: Any) -> Knock:
    """For an unsigned transaction."""
    return lambda town: refused(town, f"/v1/transactions/{name}", later(town, body))


def look(path: str, token: Callable[[Town], str]) -> Knock:
    """At what a session opens."""
    return lambda town: refused(town, path, method="GET", token=token(town))


def order_word(town: Town, **changed: Any) -> str:
    return f"0x{town.signed(town.order('Ben', **changed), 'Ben')[0]:064x}"


def late_session(town: Town) -> Answer:
    old = town.chain.now - 90_000
    return refused(town, "/v1/sessions", sign_in(town, "Ben", "Ben", issuedAt=old, validUntil=old + 3_600))


def row(case: str, what: str, knock: Knock, status: int, code: str) -> Row:
    return Row(case, "API", what, lambda town, _: knock(town), status, code)


ROWS = [
    row("wrong chain", "an order signed for another", send("Ben", chain_id=1), 403, "signature-invalid"),
    row("wrong key", "an order signed by another", send("Ben", by="Cem"), 403, "signature-invalid"),
    row(
        "wrong key", "a cancel signed by another", cancel("Eva", EVAS_REF, by="Ben"), 403, "signature-invalid"
    ),
    row("wrong key", "a cancel of another's order", cancel("Ben", EVAS_REF), 403, "not-account-owner"),
    row(
        "wrong key",
        "a sign-in signed by another",
        lambda town: refused(town, "/v1/sessions", sign_in(town, "Ben", "Cem")),
        403,
        "signature-invalid",
    ),
    row(
        "wrong key",
        "no session",
        look(f"/v1/accounts/{account_of('Ben')}", lambda _: ""),
        401,
        "session-missing",
    ),
    row("wrong key", "a made-up token", look("/v1/session", lambda _: "token"), 401, "session-invalid"),
    row(
        "wrong key",
        "another's account",
        look(f"/v1/accounts/{account_of('Ana')}", lambda town: town.token),
        403,
        "not-your-account",
    ),
    row("unadmitted member", "an order to sign", ask("Ben", account=NOBODY), 404, "account-unknown"),
    row("unadmitted member", "a signed order", send("Ben", account=NOBODY), 404, "account-unknown"),
    row(
        "unadmitted member",
        "a deposit",
        transaction("deposit", account=NOBODY, amountCurrency="1"),
        404,
        "account-unknown",
    ),
    row("revoked member", "an order to sign", ask("Fay"), 403, "not-seller"),
    row("revoked member", "a signed order", send("Fay"), 403, "not-seller"),
    row("revoked member", "a signed bid", send("Fay", side="bid", price=2_200), 403, "not-buyer"),
    row(
        "closed gate",
        "an order to sign",
        ask("Ben", market=lambda town: market_of(town.closed)),
        409,
        "gate-closed",
    ),
    row("closed gate", "a signed order", send("Ben", period=lambda town: town.closed), 409, "gate-closed"),
    row(
        "closed gate",
        "an order as a transaction",
        transaction("place-order", order=lambda town: order_word(town, period=town.closed)),
        409,
        "gate-closed",
    ),
    row(
        "closed gate",
        "not open yet",
        ask("Ben", market=lambda town: market_of(town.open + 40)),
        409,
        "trading-not-open",
    ),
    row("price out of range", "to sign", ask("Ben", pricePerKwh="5.76"), 422, "price-out-of-range"),
    row("price out of range", "signed", send("Ben", price=57_600), 422, "price-out-of-range"),
    row(
        "price out of range",
        "above retail",
        ask("Ben", side="bid", pricePerKwh="0.33"),
        422,
        "price-above-retail",
    ),
    row("price out of range", "finer than a tick", ask("Ben", pricePerKwh="0.19001"), 422, "amount-inexact"),
    row("price out of range", "no number", ask("Ben", pricePerKwh="cheap"), 422, "amount-unreadable"),
    row("quantity out of range", "too little", ask("Ben", energyKwh="0.009"), 422, "energy-out-of-range"),
    row("quantity out of range", "too much", ask("Ben", energyKwh="8388.608"), 422, "energy-out-of-range"),
    row("quantity out of range", "signed", send("Ben", wh=9), 422, "energy-out-of-range"),
    row(
        "not enough collateral",
        "to sign",
        ask("Ben", side="bid", energyKwh="8000", pricePerKwh="0.3"),
        409,
        "insufficient-balance",
    ),
    row(
        "not enough collateral",
        "signed",
        send("Ben", side="bid", price=3_000, wh=8_000_000),
        409,
        "insufficient-balance",
    ),
    row("replayed signature", "an order", lambda town: sent(town, town.taken), 409, "nonce-used"),
    row("replayed signature", "a cancel", cancel("Dan", DANS_REF), 409, "order-not-live"),
    row(
        "replayed signature",
        "a sign-in",
        lambda town: refused(town, "/v1/sessions", town.session),
        409,
        "session-used",
    ),
    row(
        "expired signature", "an order", send("Ben", valid_until=lambda town: town.past), 409, "order-expired"
    ),
    row("expired signature", "a cancel", cancel("Eva", EVAS_REF, late=True), 409, "order-expired"),
    row("expired signature", "a sign-in", late_session, 401, "session-expired"),
]
