# SPDX-License-Identifier: MIT
"""Two grid areas on a chain: a town of 1,000 members and a village of 100, a metering point each."""

import random
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

from eth_utils.crypto import keccak

from bench.gas.chain import Call, Chain
from scripts import plan
from scripts.prepare import Prices, pages
from wattbook import ids
from wattbook.calendar import Calendar
from wattbook.keys import Key, key_from, sign_digest
from wattbook.model import Terms
from wattbook.orders import Order, pack_order, pack_signed
from wattbook.typeddata import Admission, Domain, Lane, Message, OwnReading, ReadingBatch, pack_lanes

SEED = 7
CHAIN_ID = 31_337
START = 1_800_000_000
CARRIER = 0
# A ring of 16 periods: a full turn takes 16 periods of readings instead of 1,024. Gas doesn't depend on it.
CALENDAR = Calendar(
    period_seconds=900,
    opens_before=3_600,
    gate_before=300,
    final_after=300,
    substitutes_until=900,
    corrections_until=1_800,
    hand_out_until=2_700,
    ring_periods=16,
)
TERMS = Terms(3_217, 811, levy_buy_ticks=123, levy_sell_ticks=87, export_capacity_wh=150_000_000)
PRICES = Prices(TERMS.feed_in_ticks, TERMS.retail_ticks)
POINT_LIMIT_WH = 110_003
METER = "schneider-iem3155"
OPERATOR, AUTHORITY, BACKSTOP, FEES, RELAY = range(5)


@dataclass(frozen=True)
class Member:
    """A participant with one account and one metering point."""

    key: Key
    account: int
    point: int
    sells: bool


@dataclass(frozen=True)
class Area:
    """A grid area, its gateway and its members, in order of their accounts and points."""

    number: int
    gateway: int
    gateway_key: Key
    members: tuple[Member, ...]

    @property
    def sellers(self) -> tuple[Member, ...]:
        """The first half."""
        return self.members[: len(self.members) // 2]

    @property
    def buyers(self) -> tuple[Member, ...]:
        return self.members[len(self.members) // 2 :]

    def market(self, period: int) -> int:
        return ids.pack_market(self.number, CARRIER, period)


class Community:
    """Everyone's doings that aren't measured for themselves, and the random draws."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.random = random.Random(SEED)
        self._registers: dict[int, tuple[int, int]] = {}  # by point: import, export
        self._deploy()
        self._configure()
        self.village = self._open_area(0xA7, 1, 1, 100)
        self.town = self._open_area(0xB3, 2, 101, 1_000)
        self.first_period = self._first_untradable()

    # --- people ------------------------------------------------------------------------------------------

    def person(self, role: int) -> str:
        return self.chain.people[role]

    def sign(self, key: Key, contract: str, message: Message) -> bytes:
        return sign_digest(key, message.digest(Domain(CHAIN_ID, self.chain.at[contract])))

    def signed(self, member: Member, order: Order) -> bytes:
        """The order as a relay posts it."""
        return pack_signed(pack_order(order), [], self.sign(member.key, "OrderBook", order))

    # --- setting up --------------------------------------------------------------------------------------

    def _deploy(self) -> None:
        chain, operator, times = self.chain, self.person(OPERATOR), astuple(CALENDAR)
        for name in plan.CONTRACTS:
            chain.create(operator, name, plan.constructor_arguments(name, operator, times, chain.at))
        holders = plan.Holders(
            operator, operator, operator, self.person(AUTHORITY), self.person(BACKSTOP), self.person(FEES)
        )
        for role, holder in plan.role_holders(holders, chain.at):
            self._operate("Administration", "grantRole", role, holder, 0)
        for name, by_role in plan.RESTRICTED.items():
            for role, functions in by_role.items():
                selectors = [chain.abis[name].functions[function].selector for function in functions]
                self._operate("Administration", "setTargetFunctionRole", chain.at[name], selectors, role)

    def _configure(self) -> None:
        at = self.chain.at
        self._operate("PaymentVault", "grantVenue", at["OrderBook"], False)
        self._operate("PaymentVault", "grantVenue", at["Settlement"], True)
        self._operate("Settlement", "grantVenue", at["OrderBook"])
        self._operate("GridOversight", "grantVenue", at["OrderBook"])
        self._operate("MeterReadings", "connectSettlement", at["Settlement"])
        self._operate("EnergyToken", "connectMinter", at["Settlement"])
        self._operate("Registry", "setAdmissionAuthority", self._key("authority").address)
        self._operate("Registry", "approveDeviceType", METER, 1, False)
        self._operate("TestEuro", "mint", self.person(OPERATOR), 10**18)
        self._operate("TestEuro", "approve", at["PaymentVault"], 2**256 - 1)

    def _open_area(self, number: int, gateway: int, first_point: int, size: int) -> Area:
        key = self._key(f"gateway {number}")
        period = self._first_untradable()
        self._operate("GridOversight", "scheduleTerms", number, CARRIER, period, astuple(TERMS))
        self._operate("Registry", "openArea", number, self.person(BACKSTOP), self.person(FEES))
        self._operate("Registry", "registerGateway", key.address)
        self._operate("PaymentVault", "deposit", ids.pack_account(number, ids.BACKSTOP_INDEX), 10**15)
        members = tuple(
            Member(
                self._key(f"member {number} {place}"),
                ids.pack_account(number, ids.FIRST_MEMBER_INDEX + place),
                first_point + place,
                sells=place < size // 2,
            )
            for place in range(size)
        )
        area = Area(number, gateway, key, members)
        self._admit(area)
        return area

    def _admit(self, area: Area) -> None:
        operator, until = self.person(OPERATOR), self.chain.now + 3_600
        self.chain.fund([member.key.address for member in area.members])
        calls: dict[str, list[Call]] = {"admit": [], "point": [], "deposit": [], "key": []}
        for place, member in enumerate(area.members):
            admission = Admission(
                member.key.address, area.number, True, True, area.number << 32 | place, until
            )
            signature = self.sign(self._key("authority"), "Registry", admission)
            fields = (member.key.address, area.number, True, True, area.number << 32 | place, until)
            calls["admit"].append(Call(operator, "Registry", "admit", (fields, signature)))
            limits = (POINT_LIMIT_WH, POINT_LIMIT_WH, 257)
            data = (member.account, CARRIER, *limits, 1, area.gateway, 0, ids.device_type_of(METER), False)
            calls["point"].append(Call(operator, "Registry", "registerPoint", (data,)))
            amount = self.random.randrange(10**11, 10**12)
            calls["deposit"].append(Call(operator, "PaymentVault", "deposit", (member.account, amount)))
            self._registers[member.point] = (self._register(), self._register())
            meter = self._meter_key(member)
            calls["key"].append(Call(operator, "Registry", "changeMeterKey", (member.point, meter.address)))
        for page in calls.values():
            self.chain.send_all(page)

    def _register(self) -> int:
        """A register that has run for long: all six bytes of it are used."""
        return self.random.randrange(1 << 41, 1 << 47)

    def _first_untradable(self) -> int:
        return (self.chain.now + CALENDAR.opens_before) // CALENDAR.period_seconds + 1

    def _operate(self, contract: str, function: str, *arguments: Any) -> None:
        self.chain.send(self.person(OPERATOR), contract, function, *arguments)

    def _meter_key(self, member: Member) -> Key:
        return self._key(f"meter {member.point}")

    @staticmethod
    def _key(name: str) -> Key:
        return key_from(keccak(text=f"wattbook gas {SEED} {name}"))

    def prepare(self) -> None:
        """As `wattbook deploy --prepare` does."""
        for area in (self.village, self.town):
            for page in pages(CALENDAR.ring_periods, area.number, CARRIER, PRICES):
                self._operate(page.contract, page.function, *page.arguments)

    # --- metering ----------------------------------------------------------------------------------------

    def draw_use(self, member: Member) -> None:
        """The member's meter counts on for a period: as much as a usual order, and a little the other way."""
        imported, exported = self._registers[member.point]
        much, little = self.random.randrange(20_001, 90_000), self.random.randrange(257, 5_000)
        used, produced = (little, much) if member.sells else (much, little)
        self._registers[member.point] = (imported + used, exported + produced)

    def post(self, area: Area, members: Sequence[Member], period: int, quality: int) -> dict[str, Any]:
        """One signature's readings for the period's end."""
        body = pack_lanes(Lane(m.point, *self._registers[m.point], quality) for m in members)
        journal = keccak(body)
        signature = self.sign(
            area.gateway_key, "MeterReadings", ReadingBatch(area.gateway, period, journal, body)
        )
        arguments = (area.gateway, period, journal, body, signature)
        return self.chain.send(self.person(RELAY), "MeterReadings", "postReadings", *arguments)

    def post_own(self, members: Sequence[Member], period: int, quality: int) -> dict[str, Any]:
        """Readings for the period's end that each meter signs."""
        body = b""
        for member in members:
            reading = OwnReading(member.point, period, *self._registers[member.point], quality)
            body += reading.posted(self.sign(self._meter_key(member), "MeterReadings", reading))
        return self.chain.send(self.person(RELAY), "MeterReadings", "postOwnReadings", period, body)
