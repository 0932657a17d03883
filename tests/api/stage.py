# SPDX-License-Identifier: MIT
"""A neighbourhood on a real Anvil: six members with metering points and money, and what they do."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

from eth_utils.crypto import keccak

from scripts import plan as deployment_plan
from tests.contracts.live_chain import LiveChain
from wattbook.calendar import Calendar
from wattbook.deployments import DeployedContract, Deployment, save_deployment
from wattbook.ids import device_type_of, pack_market
from wattbook.keys import Key, demo_key, sign_digest, sign_digest_65
from wattbook.orders import Kind, Order, OrderRef, pack_order
from wattbook.payment_token import PaymentToken
from wattbook.typeddata import (
    Admission,
    Cancellation,
    Domain,
    Lane,
    Message,
    MeterExchange,
    ReadingBatch,
    pack_lanes,
)

CHAIN_ID = 31_337
START = 1_800_000_000
PERIOD = 900
AREA, CARRIER = 1, 0
CALENDAR = Calendar(PERIOD, 7_200, 300, 1_800, 3_600, 7_200, 10_800, 64)
RETAIL, FEED_IN, LEVY_BUY, LEVY_SELL = 3_200, 800, 100, 50
OPERATOR, BACKSTOP, FEES, AUTHORITY, GATEWAY, RELAY = range(6)
MEMBERS = ("Ana", "Ben", "Cem", "Dan", "Eva", "Fay")
FIRST_KEY = 6
STRANGER = 20
GATEWAY_ID = 1
DEPOSIT = 100_000_000
TEST_EURO = PaymentToken()
METER = "schneider-iem3155"


def account_of(name: str) -> int:
    return AREA << 16 | 16 + MEMBERS.index(name)


def key_of(name: str) -> Key:
    """A member's demo key; "stranger" owns no account."""
    number = STRANGER if name == "stranger" else FIRST_KEY + MEMBERS.index(name)
    return demo_key(number, CHAIN_ID)


def point_of(name: str) -> int:
    return 1 + MEMBERS.index(name)


def market_of(period: int) -> int:
    return pack_market(AREA, CARRIER, period)


@dataclass
class Stage:
    """`period` is the first in which all take part; trading for it is open."""

    chain: LiveChain
    deployment: Deployment
    period: int

    @property
    def market(self) -> int:
        return market_of(self.period)

    @property
    def domain(self) -> Domain:
        return Domain(CHAIN_ID, self.chain.at["OrderBook"])

    def save(self, folder: Path) -> Path:
        """The deployment file in `folder`."""
        save_deployment(folder / "deployment.json", self.deployment)
        return folder / "deployment.json"

    def order(
        self, name: str, side: str, energy_wh: int, price: int, nonce: int = 0, **changed: Any
    ) -> Order:
        fields: dict[str, Any] = {
            "account": account_of(name),
            "area": AREA,
            "carrier": CARRIER,
            "period": self.period,
            "side": int(side == "offer"),
            "kind": Kind.LIMIT,
            "rest_remainder": False,
            "price_ticks": price,
            "energy_wh": energy_wh,
            "max_fee_ticks": 200,
            "nonce": nonce,
            "valid_until": 0,
        }
        return Order(**fields | changed)

    def place(self, name: str, side: str, energy_wh: int, price: int, **changed: Any) -> str:
        """Directly, by the owner's own transaction; answers the order's hash."""
        own = changed.pop("own", [])
        order = self.order(name, side, energy_wh, price, **changed)
        self.chain.send(key_of(name).address, "OrderBook", "placeOrder", pack_order(order), own, 100)
        return "0x" + order.digest(self.domain).hex()

    def cancel(self, name: str, ref: int) -> None:
        self.chain.send(key_of(name).address, "OrderBook", "cancelOrder", self.market, ref)

    def cancellation(self, name: str, ref: int, valid_until: int = 0) -> Cancellation:
        place = OrderRef.unpack(ref)
        return Cancellation(
            account_of(name), AREA, CARRIER, self.period, place.tick, place.index, valid_until
        )

    def sign(self, name: str, message: Message) -> str:
        """65 bytes as hex, over the order book's domain."""
        return "0x" + sign_digest_65(key_of(name), message.digest(self.domain)).hex()

    def anyone(self, contract: str, function: str, *arguments: Any) -> None:
        self.chain.send(self.chain.people[RELAY], contract, function, *arguments)

    def operate(self, contract: str, function: str, *arguments: Any) -> None:
        self.chain.send(self.chain.people[OPERATOR], contract, function, *arguments)

    def exchange_meter(
        self, point: int, period: int, old: tuple[int, int], new: tuple[int, int], end: tuple[int, int]
    ) -> None:
        """The old meter's last registers, the new one's first, and its at the period's end."""
        message = MeterExchange(point, period, *old, *new, *end)
        domain = Domain(CHAIN_ID, self.chain.at["MeterReadings"])
        signature = sign_digest(demo_key(GATEWAY, CHAIN_ID), message.digest(domain))
        self.anyone("MeterReadings", "exchangeMeter", astuple(message), signature, b"")

    def read_meters(self, period: int, registers: Sequence[tuple[int, int]], quality: int = 2) -> None:
        """(import, export) registers of the members' points, posted as the gateway's batch."""
        lanes = [Lane(number, *pair, quality) for number, pair in enumerate(registers, 1)]
        body = pack_lanes(lanes)
        batch = ReadingBatch(GATEWAY_ID, period, bytes(32), body)
        domain = Domain(CHAIN_ID, self.chain.at["MeterReadings"])
        signature = sign_digest(demo_key(GATEWAY, CHAIN_ID), batch.digest(domain))
        self.anyone("MeterReadings", "postReadings", GATEWAY_ID, period, bytes(32), body, signature)

    def settle_period(self, energies: Sequence[tuple[int, int]], refs: Sequence[int]) -> None:
        """Meters, claims and settles `period`; energies are (import, export) Wh of the members' points."""
        self.chain.go_to(self.period * PERIOD)
        accounts = [account_of(name) for name in MEMBERS]
        self.anyone("OrderBook", "claim", self.market, list(refs), accounts)
        self.chain.go_to(CALENDAR.ends_at(self.period))
        self.read_meters(self.period - 1, [(1_000, 1_000)] * len(energies), quality=1)
        self.read_meters(self.period, [(1_000 + bought, 1_000 + sold) for bought, sold in energies])
        self.chain.go_to(CALENDAR.final_at(self.period))
        self.anyone("Settlement", "settle", AREA, CARRIER, self.period, 16, 10)

    def hand_out(self) -> None:
        """Fees to the fee account, certificates to the members."""
        self.chain.go_to(CALENDAR.corrections_until_at(self.period))
        self.anyone("Settlement", "payFees", self.market)
        self.anyone("Settlement", "handOut", AREA, CARRIER, self.period, 16, 10)


def lay(chain: LiveChain, token: PaymentToken = TEST_EURO) -> Stage:
    """Contracts, terms, six members with a point each, all with money of 100.00 in their accounts."""
    operator, people = chain.people[OPERATOR], chain.people
    times = astuple(CALENDAR)
    for name in deployment_plan.CONTRACTS:
        arguments = deployment_plan.constructor_arguments(name, operator, times, chain.at)
        if name == "TestEuro" and token != TEST_EURO:
            chain.create_mock(operator, "FineEuro", token.decimals)
            chain.at[name] = chain.at.pop("FineEuro")
        else:
            chain.create(operator, name, arguments)
    stage = Stage(chain, replace(_deployment_of(chain), token=token), 0)
    _give_roles(stage)
    for contract, function, arguments in _connections(chain):
        stage.operate(contract, function, *arguments)
    stage.operate("Registry", "openArea", AREA, people[BACKSTOP], people[FEES])
    stage.operate("Registry", "setAdmissionAuthority", people[AUTHORITY])
    stage.operate("Registry", "registerGateway", people[GATEWAY])
    for name in MEMBERS:
        _admit(stage, name)
    deposit, _ = token.from_cash(TEST_EURO.to_cash(DEPOSIT))
    for account, person in [(AREA << 16 | 1, people[BACKSTOP])] + [
        (account_of(name), key_of(name).address) for name in MEMBERS
    ]:
        stage.operate("TestEuro", "mint", person, 10 * deposit)
        chain.send(person, "TestEuro", "approve", chain.at["PaymentVault"], 2**200)
        chain.send(person, "PaymentVault", "deposit", account, deposit)
    stage.period = chain.read("Registry", "point", len(MEMBERS))["firstPeriod"]
    chain.go_to(CALENDAR.opens_at(stage.period) + 1)
    chain.mine()
    return stage


def _connections(chain: LiveChain) -> list[tuple[str, str, Sequence[Any]]]:
    first = (chain.now + CALENDAR.opens_before) // PERIOD + 1
    terms = (RETAIL, FEED_IN, LEVY_BUY, LEVY_SELL, 100_000, 0, 0)
    return [
        ("PaymentVault", "grantVenue", (chain.at["OrderBook"], False)),
        ("PaymentVault", "grantVenue", (chain.at["Settlement"], True)),
        ("Settlement", "grantVenue", (chain.at["OrderBook"],)),
        ("GridOversight", "grantVenue", (chain.at["OrderBook"],)),
        ("MeterReadings", "connectSettlement", (chain.at["Settlement"],)),
        ("MeterReadings", "connectDisputes", (chain.at["Disputes"],)),
        ("PaymentVault", "grantVenue", (chain.at["Disputes"], False)),
        ("EnergyToken", "connectMinter", (chain.at["Settlement"],)),
        ("GridOversight", "scheduleTerms", (AREA, CARRIER, first, terms)),
        ("Registry", "approveDeviceType", (METER, 1, False)),
    ]


def _give_roles(stage: Stage) -> None:
    people, at = stage.chain.people, stage.chain.at
    holders = deployment_plan.Holders(
        people[OPERATOR],
        people[OPERATOR],
        people[OPERATOR],
        people[AUTHORITY],
        people[BACKSTOP],
        people[FEES],
    )
    for role, holder in deployment_plan.role_holders(holders, at):
        stage.operate("Administration", "grantRole", role, holder, 0)
    for name, by_role in deployment_plan.RESTRICTED.items():
        for role, functions in by_role.items():
            selectors = [stage.chain.abis[name].functions[function].selector for function in functions]
            stage.operate("Administration", "setTargetFunctionRole", at[name], selectors, role)


def _admit(stage: Stage, name: str) -> None:
    fields = (key_of(name).address, AREA, True, True, MEMBERS.index(name) + 1, stage.chain.now + 3_600)
    digest = Admission(*fields).digest(Domain(CHAIN_ID, stage.chain.at["Registry"]))
    signature = sign_digest(demo_key(AUTHORITY, CHAIN_ID), digest)
    stage.anyone("Registry", "admit", fields, signature)
    stage.operate(
        "Registry",
        "registerPoint",
        (account_of(name), CARRIER, 4_000, 4_000, 100, 1, GATEWAY_ID, 0, device_type_of(METER), False),
    )


def _deployment_of(chain: LiveChain) -> Deployment:
    codes = {name: chain.rpc("eth_getCode", address, "latest") for name, address in chain.at.items()}
    contracts = {
        name: DeployedContract(address, "0x" + keccak(bytes.fromhex(codes[name][2:])).hex())
        for name, address in chain.at.items()
    }
    return Deployment("anvil", CHAIN_ID, "stage", 0, CALENDAR, contracts)
