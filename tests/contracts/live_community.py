# SPDX-License-Identifier: MIT
"""One community twice, on a real Anvil and as the reference model: set up alike, asked alike."""

from collections.abc import Callable, Sequence
from dataclasses import astuple
from typing import Any

from eth_abi.abi import decode

from scripts import plan
from tests.contracts.live_chain import Call, LiveChain, Reverted
from wattbook import ids
from wattbook.calendar import Calendar
from wattbook.ids import Market
from wattbook.keys import demo_key, sign_digest
from wattbook.model import Community, Refused, Terms
from wattbook.orders import Order, OrderRef, pack_order
from wattbook.typeddata import Admission, Cancellation, Domain, Lane, ReadingBatch, pack_lanes

CHAIN_ID = 31_337
START = 1_800_000_000
AREA = 1
CARRIER = 0
CASH_UNITS = 10
CALENDAR = Calendar(900, 7_200, 300, 1_800, 3_600, 7_200, 10_800, 64)
TERMS = Terms(3_200, 800, levy_buy_ticks=120, levy_sell_ticks=80, export_capacity_wh=40_000)
MEMBERS = ("Ana", "Ben", "Cem", "Dan", "Eva")
# Import limit, export limit, default import of each member's points; Eva joins after trading has opened.
POINTS = {
    "Ana": [(3_000, 3_000, 50), (1_000, 4_000, 0)],
    "Ben": [(3_000, 0, 200)],
    "Cem": [],
    "Dan": [(2_000, 2_000, 10), (500, 500, 20), (900, 0, 0)],
    "Eva": [(2_000, 2_000, 0)],
}
OPERATOR, BACKSTOP, FEES, AUTHORITY, GATEWAY, RELAY = range(6)
FIRST_MEMBER_KEY = 6
GATEWAY_ID = 1
DATA_OF = {"OrderSkipped": ["uint256", "bytes"], "CancelSkipped": ["uint24", "uint32", "bytes"]}


class LiveCommunity:
    """`both` does one thing on either side and compares the outcome."""

    def __init__(self, chain: LiveChain) -> None:
        self.chain = chain
        self.accounts: dict[str, int] = {}
        self.model = Community(CALENDAR, CASH_UNITS)
        self._deploy()
        self._configure()
        for name in MEMBERS[:-1]:
            self._join(name)
        self.period = self._first_untradable()
        # Both periods are open from here on; Eva takes part in neither, unless she trades.
        self.chain.go_to(CALENDAR.opens_at(self.period + 1))
        self._join(MEMBERS[-1])
        for key in range(BACKSTOP, FIRST_MEMBER_KEY + len(MEMBERS)):
            self._give_tokens(self.chain.people[key])

    # --- setting up --------------------------------------------------------------------------------------

    def _deploy(self) -> None:
        people, chain = self.chain.people, self.chain
        operator = people[OPERATOR]
        for name in plan.CONTRACTS:
            times = astuple(CALENDAR)
            chain.create(operator, name, plan.constructor_arguments(name, operator, times, chain.at))
        holders = plan.Holders(
            operator, operator, operator, people[AUTHORITY], people[BACKSTOP], people[FEES]
        )
        for role, holder in plan.role_holders(holders, chain.at):
            self.operate("Administration", "grantRole", role, holder, 0)
        for name, by_role in plan.RESTRICTED.items():
            for role, functions in by_role.items():
                selectors = [chain.abis[name].functions[function].selector for function in functions]
                self.operate("Administration", "setTargetFunctionRole", chain.at[name], selectors, role)

    def _configure(self) -> None:
        people, at = self.chain.people, self.chain.at
        self.operate("PaymentVault", "grantVenue", at["OrderBook"], False)
        self.operate("PaymentVault", "grantVenue", at["Settlement"], True)
        self.operate("Settlement", "grantVenue", at["OrderBook"])
        self.operate("GridOversight", "grantVenue", at["OrderBook"])
        self.operate("MeterReadings", "connectSettlement", at["Settlement"])
        self.operate("EnergyToken", "connectMinter", at["Settlement"])
        self.operate(
            "GridOversight", "scheduleTerms", AREA, CARRIER, self._first_untradable(), astuple(TERMS)
        )
        self.operate("Registry", "openArea", AREA, people[BACKSTOP], people[FEES])
        self.operate("Registry", "setAdmissionAuthority", people[AUTHORITY])
        self.operate("Registry", "registerGateway", people[GATEWAY])
        self.model.open_area(AREA, people[BACKSTOP], people[FEES])
        self.model.registry.schedule(AREA, CARRIER, self._first_untradable(), TERMS)

    def _join(self, name: str) -> None:
        """Admits a member, who gets its points."""
        number = MEMBERS.index(name)
        owner = self.chain.people[FIRST_MEMBER_KEY + number]
        admission = Admission(owner, AREA, True, True, number, self.chain.now + 3_600)
        signature = self._sign(AUTHORITY, "Registry", admission)
        fields = (owner, AREA, True, True, number, self.chain.now + 3_600)
        self.operate("Registry", "admit", fields, signature)
        first = self._first_untradable()
        account = self.accounts[name] = self.model.admit(AREA, owner, first)
        for imported, exported, default in POINTS[name]:
            data = (account, CARRIER, imported, exported, default, 1, GATEWAY_ID, 0)
            self.operate("Registry", "registerPoint", data)
            first = self._first_untradable()
            self.model.registry.add_point(account, CARRIER, (imported, exported), default, GATEWAY_ID, first)

    def _give_tokens(self, person: str) -> None:
        self.operate("TestEuro", "mint", person, 10**15)
        self.chain.send(person, "TestEuro", "approve", self.chain.at["PaymentVault"], 2**256 - 1)

    def _first_untradable(self) -> int:
        return (self.chain.now + CALENDAR.opens_before) // CALENDAR.period_seconds + 1

    # --- doing -------------------------------------------------------------------------------------------

    def operate(self, contract: str, function: str, *arguments: Any) -> None:
        self.chain.send(self.chain.people[OPERATOR], contract, function, *arguments)

    def both(self, model: Callable[[], Any], chain: Callable[[], Any]) -> bool:
        """Whether it was done. Fails unless either side did it, or both refused it with the same facts."""
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
        if isinstance(value, str):
            return self.chain.at.get(value, value).lower()
        return value

    def owner(self, name: str) -> str:
        return self.chain.people[FIRST_MEMBER_KEY + MEMBERS.index(name)]

    def person_of(self, account: int) -> str:
        return next(name for name, known in self.accounts.items() if known == account)

    def market(self, period: int) -> Market:
        return Market(AREA, CARRIER, period)

    def _sign(self, key: int, contract: str, message: Any) -> bytes:
        domain = Domain(CHAIN_ID, self.chain.at[contract])
        return sign_digest(demo_key(key, CHAIN_ID), message.digest(domain))

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

    def place(self, name: str, order: Order, own: Sequence[OrderRef], touches: int) -> bool:
        refs, owner, book = [ref.pack() for ref in own], self.owner(name), self.model.order_book
        return self.both(
            lambda: book.place(order, owner, self.chain.now + 1, own, max_touches=touches),
            lambda: self.chain.send(owner, "OrderBook", "placeOrder", pack_order(order), refs, touches),
        )

    def place_signed(self, name: str, order: Order, own: Sequence[OrderRef], touches: int) -> bool:
        """Relayed: what fails is skipped with its reason."""
        key = FIRST_MEMBER_KEY + MEMBERS.index(name)
        signature = self._sign(key, "OrderBook", order)
        signed = (pack_order(order), [ref.pack() for ref in own], signature)
        book, now = self.model.order_book, self.chain.now + 1
        return self.both(
            lambda: book.place(order, self.owner(name), now, own, signed=True, max_touches=touches),
            lambda: self._relay("placeSigned", "OrderSkipped", [signed], touches),
        )

    def cancel(self, name: str, period: int, ref: OrderRef) -> bool:
        owner, orders, market = (
            self.owner(name),
            self.model.order_book,
            ids.pack_market(AREA, CARRIER, period),
        )
        return self.both(
            lambda: orders.cancel(self.market(period), ref, owner),
            lambda: self.chain.send(owner, "OrderBook", "cancelOrder", market, ref.pack()),
        )

    def cancel_signed(self, name: str, period: int, ref: OrderRef, account: int) -> bool:
        """Relayed, signed by `name` for `account`."""
        message = Cancellation(account, AREA, CARRIER, period, ref.tick, ref.index, 0)
        signature = self._sign(FIRST_MEMBER_KEY + MEMBERS.index(name), "OrderBook", message)
        signed = (account, ids.pack_market(AREA, CARRIER, period), ref.pack(), 0, signature)
        return self.both(
            lambda: self.model.order_book.cancel(self.market(period), ref, self.owner(name), account),
            lambda: self._relay("cancelSigned", "CancelSkipped", [signed]),
        )

    def _relay(self, function: str, skipped: str, *arguments: Any) -> None:
        receipt = self.chain.send(self.chain.people[RELAY], "OrderBook", function, *arguments)
        abi = self.chain.abis["OrderBook"]
        for log in receipt["logs"]:
            if log["topics"][0] == "0x" + abi.topic(skipped).hex():
                *_, error = decode(DATA_OF[skipped], bytes.fromhex(log["data"][2:]))
                raise self.chain.refusal(error)

    def post(self, period: int, lanes: Sequence[Lane]) -> None:
        """Signed by the gateway, posted by the relay."""
        journal, body = bytes(32), pack_lanes(lanes)
        signature = self._sign(GATEWAY, "MeterReadings", ReadingBatch(GATEWAY_ID, period, journal, body))
        arguments = (GATEWAY_ID, period, journal, body, signature)
        person = self.chain.people[RELAY]
        self.both(
            lambda: self.model.readings.post(GATEWAY_ID, period, lanes, self.chain.now + 1),
            lambda: self.chain.send(person, "MeterReadings", "postReadings", *arguments),
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
