# SPDX-License-Identifier: MIT
"""Bad input as a transaction: refused by the contract, or skipped by a relayed batch."""

from collections.abc import Callable
from typing import Any

import pytest
from eth_abi.abi import decode

from tests.api.stage import CHAIN_ID, GATEWAY_ID, METER, OPERATOR, RELAY, account_of, key_of
from tests.bad_input.answers import Answer, Row
from tests.bad_input.town import DANS_REF, EVAS_REF, NOBODY, Signed, Town, admission, permit
from tests.contracts.live_chain import GAS, Reverted
from wattbook.chain.contracts import load_refusals
from wattbook.ids import device_type_of
from wattbook.keys import demo_key, sign_digest
from wattbook.orders import pack_order, pack_signed
from wattbook.typeddata import Domain, Lane, ReadingBatch, pack_lanes

REVERTED, SKIPPED = 0, 1
SKIPS = {"OrderSkipped": ["uint256", "bytes"], "CancelSkipped": ["uint24", "uint32", "bytes"]}
Knock = Callable[[Town], Answer]

REFUSALS = load_refusals()


def refused(town: Town, sender: str, contract: str, function: str, *arguments: Any) -> Answer:
    """Asked first, as a wallet does, then sent and mined all the same."""
    data = "0x" + town.chain.abis[contract].encode(function, *arguments).hex()
    call = {"from": sender, "to": town.chain.at[contract], "data": data, "gas": hex(GAS)}
    request = {"jsonrpc": "2.0", "id": 1, "method": "eth_call", "params": [call, "latest"]}
    answer = town.chain.post(request)
    error = REFUSALS.decode(bytes.fromhex(answer["error"]["data"][2:]))
    with pytest.raises(Reverted) as mined:
        town.chain.send(sender, contract, function, *arguments)
    assert mined.value.error == type(error).__name__
    return Answer(REVERTED, error.code, str(error))


def skipped(town: Town, function: str, event: str, items: list[Any], *more: Any) -> Answer:
    """The batch is mined; the event says why this part of it was skipped."""
    abi = town.chain.abis["OrderBook"]
    receipt = town.chain.send(town.chain.people[RELAY], "OrderBook", function, items, *more)
    log = next(log for log in receipt["logs"] if log["topics"][0] == "0x" + abi.topic(event).hex())
    *_, reason = decode(SKIPS[event], bytes.fromhex(log["data"][2:]))
    error = REFUSALS.decode(reason)
    return Answer(SKIPPED, error.code, str(error))


def place(name: str, by: str = "", **changed: Any) -> Knock:
    """An order placed by transaction."""

    def knock(town: Town) -> Answer:
        word = pack_order(town.order(name, **later(town, changed)))
        return refused(town, town.person(by or name), "OrderBook", "placeOrder", word, [], 100)

    return knock


def relay(name: str, by: str = "", chain_id: int = CHAIN_ID, **changed: Any) -> Knock:
    """An order placed by whoever has its signature."""

    def knock(town: Town) -> Answer:
        return relayed(town, town.signed(town.order(name, **later(town, changed)), by or name, chain_id))

    return knock


def later(town: Town, changed: dict[str, Any]) -> dict[str, Any]:
    """Periods and times are known only once the town is."""
    return {name: value(town) if callable(value) else value for name, value in changed.items()}


def relayed(town: Town, order: Signed) -> Answer:
    return skipped(town, "placeSigned", "OrderSkipped", pack_signed(*order), 100)


def cancel_relayed(town: Town, name: str, ref: int, by: str = "", valid_until: int = 0) -> Answer:
    message = town.stage.cancellation(name, ref, valid_until)
    digest = type(message)(*_moved(message, town.open)).digest(town.stage.domain)
    signature = sign_digest(key_of(by or name), digest)
    body = (account_of(name), town.market, ref, valid_until, signature)
    return skipped(town, "cancelSigned", "CancelSkipped", [body])


def _moved(message: Any, period: int) -> tuple[Any, ...]:
    fields = [getattr(message, name) for name in message.__slots__]
    return (*fields[:3], period, *fields[4:])


def call(who: Any, contract: str, function: str, arguments: Callable[[Town], tuple[Any, ...]]) -> Knock:
    """`who`: a member's name, or the number of one of the chain's people."""

    def knock(town: Town) -> Answer:
        sender = town.person(who) if isinstance(who, str) else town.chain.people[who]
        return refused(town, sender, contract, function, *arguments(town))

    return knock


def admit(number: int, seconds: int = 3_600, **changed: Any) -> Knock:
    return call(
        RELAY,
        "Registry",
        "admit",
        lambda town: admission(town.stage, number, town.chain.now + seconds, **changed),
    )


def readings(signer: int) -> Knock:
    """A batch for a period that is over, signed by `signer`."""

    def arguments(town: Town) -> tuple[Any, ...]:
        period, body = town.closed - 2, pack_lanes([Lane(1, 1_000, 1_000, 2)])
        batch = ReadingBatch(GATEWAY_ID, period, bytes(32), body)
        digest = batch.digest(Domain(CHAIN_ID, town.chain.at["MeterReadings"]))
        return GATEWAY_ID, period, bytes(32), body, sign_digest(demo_key(signer, CHAIN_ID), digest)

    return call(RELAY, "MeterReadings", "postReadings", arguments)


def row(case: str, what: str, knock: Knock, code: str, status: int = REVERTED) -> Row:
    return Row(case, "contract", what, lambda town, _: knock(town), status, code)


ROWS = [
    row("wrong chain", "an order signed for another", relay("Ben", chain_id=1), "not-account-owner", SKIPPED),
    row("wrong chain", "an admission signed for another", admit(60, chain_id=1), "not-the-authority"),
    row("wrong key", "an order for another's account", place("Ben", by="Cem"), "not-account-owner"),
    row("wrong key", "an order signed by another", relay("Ben", by="Cem"), "not-account-owner", SKIPPED),
    row(
        "wrong key",
        "a cancel of another's order",
        call("Ben", "OrderBook", "cancelOrder", lambda town: (town.market, EVAS_REF)),
        "not-account-owner",
    ),
    row(
        "wrong key",
        "a cancel signed by another",
        lambda town: cancel_relayed(town, "Eva", EVAS_REF, by="Ben"),
        "not-account-owner",
        SKIPPED,
    ),
    row(
        "wrong key",
        "a withdrawal of another's money",
        call("Ben", "PaymentVault", "withdraw", lambda town: (account_of("Ana"), 1, town.person("Ben"))),
        "not-account-owner",
    ),
    row(
        "wrong key",
        "an operator's call by a member",
        call("Ben", "Registry", "registerGateway", lambda town: (town.person("Ben"),)),
        "access-managed-unauthorized",
    ),
    row("wrong key", "an admission not by the authority", admit(60, signer=RELAY), "not-the-authority"),
    row("wrong key", "readings not by the gateway", readings(RELAY), "signature-invalid"),
    row("unadmitted member", "an order", place("Ben", account=NOBODY), "not-account-owner"),
    row("unadmitted member", "a relayed order", relay("Ben", account=NOBODY), "not-account-owner", SKIPPED),
    row(
        "unadmitted member",
        "a deposit",
        call("stranger", "PaymentVault", "deposit", lambda town: (NOBODY, 1)),
        "account-unknown",
    ),
    row("revoked member", "an offer", place("Fay"), "not-seller"),
    row("revoked member", "a bid", place("Fay", side="bid", price=2_200), "not-buyer"),
    row("revoked member", "a relayed offer", relay("Fay"), "not-seller", SKIPPED),
    row("closed gate", "an order", place("Ben", period=lambda town: town.closed), "gate-closed"),
    row(
        "closed gate",
        "a relayed order",
        relay("Ben", period=lambda town: town.closed),
        "gate-closed",
        SKIPPED,
    ),
    row("closed gate", "not open yet", place("Ben", period=lambda town: town.open + 40), "trading-not-open"),
    row("price out of range", "no tick has it", place("Ben", price=57_600), "price-out-of-range"),
    row("price out of range", "relayed", relay("Ben", price=57_600), "price-out-of-range", SKIPPED),
    row("price out of range", "above retail", place("Ben", side="bid", price=3_201), "price-above-retail"),
    row("price out of range", "below the fee", place("Ben", side="bid", price=50), "fee-above-price"),
    row("quantity out of range", "too little", place("Ben", wh=9), "energy-out-of-range"),
    row("quantity out of range", "relayed", relay("Ben", wh=9), "energy-out-of-range", SKIPPED),
    row(
        "quantity out of range",
        "a point without a limit",
        call(
            OPERATOR,
            "Registry",
            "registerPoint",
            lambda town: ((account_of("Ben"), 0, 0, 0, 0, 1, GATEWAY_ID, 0, device_type_of(METER), False),),
        ),
        "point-limit-unusable",
    ),
    row(
        "not enough collateral",
        "a bid",
        place("Ben", side="bid", price=3_000, wh=8_000_000),
        "insufficient-balance",
    ),
    row(
        "not enough collateral",
        "a relayed bid",
        relay("Ben", side="bid", price=3_000, wh=8_000_000),
        "insufficient-balance",
        SKIPPED,
    ),
    row(
        "not enough collateral",
        "a withdrawal",
        call("Ben", "PaymentVault", "withdraw", lambda town: (account_of("Ben"), 10**12, town.person("Ben"))),
        "insufficient-balance",
    ),
    row("replayed signature", "an order", lambda town: relayed(town, town.taken), "nonce-used", SKIPPED),
    row(
        "replayed signature",
        "a cancel",
        lambda town: cancel_relayed(town, "Dan", DANS_REF),
        "order-not-live",
        SKIPPED,
    ),
    row("replayed signature", "an admission", admit(50), "admission-used"),
    row(
        "replayed signature",
        "a permit",
        call("Ben", "PaymentVault", "depositWithPermit", lambda town: town.permit),
        "permit-refused",
    ),
    row("expired signature", "an order", place("Ben", valid_until=lambda town: town.past), "order-expired"),
    row(
        "expired signature",
        "a relayed order",
        relay("Ben", valid_until=lambda town: town.past),
        "order-expired",
        SKIPPED,
    ),
    row(
        "expired signature",
        "a cancel",
        lambda town: cancel_relayed(town, "Eva", EVAS_REF, valid_until=town.past),
        "order-expired",
        SKIPPED,
    ),
    row("expired signature", "an admission", admit(60, seconds=-60), "admission-expired"),
    row(
        "expired signature",
        "a permit",
        call("Ben", "PaymentVault", "depositWithPermit", lambda town: permit(town.stage, "Ben", town.past)),
        "permit-lapsed",
    ),
]
