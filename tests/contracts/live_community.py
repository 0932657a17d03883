# SPDX-License-Identifier: MIT
"""One community twice, on a real Anvil and as the reference model: asked alike, compared in what they say."""

from collections.abc import Callable, Sequence
from dataclasses import astuple
from typing import Any

from eth_abi.abi import decode

from tests.contracts.live_chain import Call, Reverted
from tests.contracts.live_setup import (
    CARRIER,
    FIRST_MEMBER_KEY,
    GATEWAY,
    GATEWAY_ID,
    MEMBERS,
    RELAY,
    TERMS,
    LiveSetup,
)
from wattbook import ids
from wattbook.ids import Market
from wattbook.model import Refused
from wattbook.model.exchanges import Exchange, exchange_meter
from wattbook.orders import Order, OrderRef, pack_order, pack_signed
from wattbook.typeddata import Cancellation, Lane, MeterExchange, ReadingBatch, pack_lanes

# IMeterReadings.SkipReason
SKIP_REASONS = (
    "WrongGateway",
    "AlreadyKnown",
    "NotConsecutive",
    "AboveLimit",
    "QualityUnknown",
    "PointUnknown",
    "SharePending",
)
DATA_OF = {"OrderSkipped": ["uint256", "bytes"], "CancelSkipped": ["uint24", "uint32", "bytes"]}


class LiveCommunity(LiveSetup):
    """`both` does one thing, a step, on either side and compares the outcome."""

    steps = 0

    # --- doing -------------------------------------------------------------------------------------------

    def both(self, model: Callable[[], Any], chain: Callable[[], Any]) -> bool:
        """Whether it was done. Fails unless either side did it, or both refused it with the same facts."""
        self.steps += 1
        expected = found = None
        try:
            model()
        except Refused as refusal:
            expected = refusal.error, self._facts(refusal)
        try:
            chain()
        except Reverted as refusal:
            found = refusal.error, refusal.facts
        assert found == expected, f"the contracts say {found}, the model {expected}"
        return expected is None

    def _facts(self, refusal: Refused) -> tuple[Any, ...]:
        """As the contracts' error carries them."""
        values = [value for name, value in refusal.facts.items() if name != "error"]
        return tuple(self._packed(value) for value in values)

    def _packed(self, value: Any) -> Any:
        if isinstance(value, OrderRef):
            return value.pack()
        if isinstance(value, Market):
            return ids.pack_market(*value)
        if value in SKIP_REASONS:
            return SKIP_REASONS.index(value)
        if isinstance(value, str):
            return self.chain.at.get(value, value).lower()
        return value

    def owner(self, name: str) -> str:
        return self.chain.people[FIRST_MEMBER_KEY + MEMBERS.index(name)]

    def person_of(self, account: int) -> str:
        return next(name for name, known in self.accounts.items() if known == account)

    @property
    def markets(self) -> list[Market]:
        """Of both periods and areas."""
        return [Market(area, CARRIER, period) for period in (self.period, self.period + 1) for area in TERMS]

    def deposit(self, account: int, tokens: int) -> None:
        person = self.chain.people[RELAY]
        self.both(
            lambda: self.model.vault.deposit(account, tokens),
            lambda: self.chain.send(person, "PaymentVault", "deposit", account, tokens),
        )

    def withdraw(self, name: str, tokens: int) -> None:
        account, owner = self.accounts[name], self.owner(name)
        self.both(
            lambda: self.model.vault.withdraw(account, owner, tokens),
            lambda: self.chain.send(owner, "PaymentVault", "withdraw", account, tokens, owner),
        )

    def limit_debt(self, person: str, account: int, limit: int) -> None:
        """By `person`, who should be the owner of the account's backstop."""
        self.both(
            lambda: self.model.vault.set_debt_limit(account, person, limit),
            lambda: self.chain.send(person, "PaymentVault", "setDebtLimit", account, limit),
        )

    def place(self, name: str, order: Order, own: Sequence[OrderRef], touches: int) -> bool:
        refs, owner, book = [ref.pack() for ref in own], self.owner(name), self.model.order_book
        return self.both(
            lambda: book.place(order, owner, self.chain.now + 1, own, max_touches=touches),
            lambda: self.chain.send(owner, "OrderBook", "placeOrder", pack_order(order), refs, touches),
        )

    def place_many(self, name: str, orders: Sequence[Order], touches: int) -> bool:
        """In one transaction, all or none."""
        owner, words = self.owner(name), [pack_order(order) for order in orders]
        now, book = self.chain.now + 1, self.model.order_book
        return self.both(
            lambda: book.place_many(orders, owner, now, max_touches=touches),
            lambda: self.chain.send(owner, "OrderBook", "placeMany", words, touches),
        )

    def place_signed(self, name: str, order: Order, own: Sequence[OrderRef], touches: int) -> bool:
        """Relayed: what fails is skipped with its reason."""
        key = FIRST_MEMBER_KEY + MEMBERS.index(name)
        signature = self.sign(key, "OrderBook", order)
        signed = pack_signed(pack_order(order), [ref.pack() for ref in own], signature)
        book, now = self.model.order_book, self.chain.now + 1
        return self.both(
            lambda: book.place(order, self.owner(name), now, own, signed=True, max_touches=touches),
            lambda: self._relay("placeSigned", "OrderSkipped", signed, touches),
        )

    def cancel(self, name: str, market: Market, ref: OrderRef) -> bool:
        owner, orders = self.owner(name), self.model.order_book
        return self.both(
            lambda: orders.cancel(market, ref, owner),
            lambda: self.chain.send(owner, "OrderBook", "cancelOrder", ids.pack_market(*market), ref.pack()),
        )

    def cancel_signed(self, name: str, market: Market, ref: OrderRef, account: int) -> bool:
        """Relayed, signed by `name` for `account`."""
        message = Cancellation(account, *market, ref.tick, ref.index, 0)
        signature = self.sign(FIRST_MEMBER_KEY + MEMBERS.index(name), "OrderBook", message)
        signed = (account, ids.pack_market(*market), ref.pack(), 0, signature)
        return self.both(
            lambda: self.model.order_book.cancel(market, ref, self.owner(name), account),
            lambda: self._relay("cancelSigned", "CancelSkipped", [signed]),
        )

    def cancel_up_to(self, name: str, account: int, nonce: int) -> bool:
        owner = self.owner(name)
        return self.both(
            lambda: self.model.vault.cancel_up_to(account, owner, nonce),
            lambda: self.chain.send(owner, "PaymentVault", "cancelUpTo", account, nonce),
        )

    def _relay(self, function: str, skipped: str, *arguments: Any) -> None:
        receipt = self.chain.send(self.chain.people[RELAY], "OrderBook", function, *arguments)
        abi = self.chain.abis["OrderBook"]
        for log in receipt["logs"]:
            if log["topics"][0] == "0x" + abi.topic(skipped).hex():
                *_, error = decode(DATA_OF[skipped], bytes.fromhex(log["data"][2:]))
                raise self.chain.refusal(error)

    def post(self, period: int, lanes: Sequence[Lane], gateway: int = GATEWAY_ID) -> None:
        """Signed by the gateway, posted by the relay."""
        journal, body = bytes(32), pack_lanes(lanes)
        signature = self.sign(GATEWAY, "MeterReadings", ReadingBatch(gateway, period, journal, body))
        arguments = (gateway, period, journal, body, signature)
        person = self.chain.people[RELAY]
        self.both(
            lambda: self.model.readings.post(gateway, period, lanes, self.chain.now + 1),
            lambda: self.chain.send(person, "MeterReadings", "postReadings", *arguments),
        )

    def exchange(self, exchange: Exchange) -> bool:
        """Signed by the point's gateway, posted by the relay."""
        registers = (*exchange.old, *exchange.new, *exchange.end)
        message = MeterExchange(exchange.point, exchange.period, *registers)
        signature, now = self.sign(GATEWAY, "MeterReadings", message), self.chain.now + 1
        return self.anyone(
            lambda: exchange_meter(self.model.readings, exchange, now),
            "MeterReadings",
            "exchangeMeter",
            astuple(message),
            signature,
            b"",
        )

    def anyone(self, model: Callable[[], Any], contract: str, function: str, *arguments: Any) -> bool:
        """What anybody may call."""
        person = self.chain.people[RELAY]
        return self.both(model, lambda: self.chain.send(person, contract, function, *arguments))

    def operator(self, model: Callable[[], Any], contract: str, function: str, *arguments: Any) -> bool:
        """What the operator may call."""
        return self.both(model, lambda: self.operate(contract, function, *arguments))

    # --- comparing ---------------------------------------------------------------------------------------

    def compare(self, expected: list[tuple[Call, Any]]) -> None:
        """Each view against what the model says."""
        results = self.chain.read_all([call for call, _ in expected])
        for (call, value), result in zip(expected, results, strict=True):
            assert result == value, f"{call}: the contracts say {result}, the model {value}"
