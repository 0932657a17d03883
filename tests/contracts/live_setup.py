# SPDX-License-Identifier: MIT
"""Two connected areas with seven members, set up on a real Anvil and in the reference model alike."""

from dataclasses import astuple
from typing import Any

from scripts import plan
from tests.contracts.live_chain import LiveChain
from wattbook.calendar import Calendar
from wattbook.ids import device_type_of
from wattbook.keys import demo_key, sign_digest
from wattbook.model import Community, Terms
from wattbook.model.oversight import Connection
from wattbook.typeddata import Admission, Domain

CHAIN_ID = 31_337
START = 1_800_000_000
CARRIER = 0
CASH_UNITS = 10
METER = "schneider-iem3155"
CALENDAR = Calendar(900, 7_200, 300, 1_800, 3_600, 7_200, 10_800, 64)
AREA, ABROAD = 1, 2
TERMS = {
    AREA: Terms(3_200, 800, 120, 80, export_capacity_wh=40_000, inbound_capacity_wh=3_000),
    ABROAD: Terms(3_000, 700, 0, 30, 10_000, inbound_capacity_wh=2_500, share_cap_wh=1_600),
}
CONNECTIONS = {(AREA, ABROAD): Connection(40, 2_500), (ABROAD, AREA): Connection(60, 3_000)}
DEBT_LIMIT = 300_000
HOMES = {"Ana": AREA, "Ben": AREA, "Cem": AREA, "Dan": AREA, "Fay": ABROAD, "Gil": ABROAD, "Eva": AREA}
MEMBERS = tuple(HOMES)
# Import limit, export limit, default import of each member's points; Eva joins after trading has opened.
POINTS = {
    "Ana": [(3_000, 3_000, 50), (1_000, 4_000, 0)],
    "Ben": [(3_000, 0, 200)],
    "Cem": [],
    "Dan": [(2_000, 2_000, 10), (500, 500, 20), (900, 0, 0)],
    "Fay": [(2_000, 2_000, 30)],
    "Gil": [(2_500, 1_000, 0)],
    "Eva": [(2_000, 2_000, 0)],
}
OPERATOR, BACKSTOP, FEES, AUTHORITY, GATEWAY, RELAY, DISPUTES = range(7)
FIRST_MEMBER_KEY = 7
GATEWAY_ID, OTHER_GATEWAY_ID = 1, 2  # of one key


class LiveSetup:
    """`period` and the next can be traded from here on; Eva takes part in neither unless she trades."""

    def __init__(self, chain: LiveChain) -> None:
        self.chain = chain
        self.accounts: dict[str, int] = {}
        self.model = Community(CALENDAR, CASH_UNITS)
        self._deploy()
        self._configure()
        for area in TERMS:
            self._open(area)
        self._connect()
        for name in MEMBERS[:-1]:
            self._join(name)
        self.period = self._first_untradable()
        self.chain.go_to(CALENDAR.opens_at(self.period + 1))
        self._join(MEMBERS[-1])
        for key in range(BACKSTOP, FIRST_MEMBER_KEY + len(MEMBERS)):
            self._give_tokens(self.chain.people[key])

    def operate(self, contract: str, function: str, *arguments: Any) -> None:
        self.chain.send(self.chain.people[OPERATOR], contract, function, *arguments)

    def sign(self, key: int, contract: str, message: Any) -> bytes:
        domain = Domain(CHAIN_ID, self.chain.at[contract])
        return sign_digest(demo_key(key, CHAIN_ID), message.digest(domain))

    # --- steps -------------------------------------------------------------------------------------------

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
        self.operate("MeterReadings", "connectDisputes", people[DISPUTES])
        self.operate("EnergyToken", "connectMinter", at["Settlement"])
        self.operate("Registry", "setAdmissionAuthority", people[AUTHORITY])
        self.operate("Registry", "approveDeviceType", METER, 1, False)
        for _ in (GATEWAY_ID, OTHER_GATEWAY_ID):
            self.operate("Registry", "registerGateway", people[GATEWAY])

    def _open(self, area: int) -> None:
        people, first, terms = self.chain.people, self._first_untradable(), TERMS[area]
        self.operate("GridOversight", "scheduleTerms", area, CARRIER, first, astuple(terms))
        self.operate("Registry", "openArea", area, people[BACKSTOP], people[FEES])
        self.chain.send(people[BACKSTOP], "PaymentVault", "setDefaultDebtLimit", area, DEBT_LIMIT)
        self.model.open_area(area, people[BACKSTOP], people[FEES])
        self.model.registry.schedule(area, CARRIER, first, terms)
        self.model.vault.set_default_debt_limit(area, people[BACKSTOP], DEBT_LIMIT)

    def _connect(self) -> None:
        first = self._first_untradable()
        for (source, target), entry in CONNECTIONS.items():
            arguments = (source, target, CARRIER, first, astuple(entry))
            self.operate("GridOversight", "scheduleConnection", *arguments)
            self.model.oversight.schedule(source, target, CARRIER, first, entry)

    def _join(self, name: str) -> None:
        """Admits a member, who gets its points."""
        number, area = MEMBERS.index(name), HOMES[name]
        owner = self.chain.people[FIRST_MEMBER_KEY + number]
        fields = (owner, area, True, True, number, self.chain.now + 3_600)
        signature = self.sign(AUTHORITY, "Registry", Admission(*fields))
        self.operate("Registry", "admit", fields, signature)
        first = self._first_untradable()
        account = self.accounts[name] = self.model.admit(area, owner, first)
        for imported, exported, default in POINTS[name]:
            limits = (imported, exported, default)
            data = (account, CARRIER, *limits, 1, GATEWAY_ID, 0, device_type_of(METER), False)
            self.operate("Registry", "registerPoint", data)
            first = self._first_untradable()
            self.model.registry.add_point(account, CARRIER, (imported, exported), default, GATEWAY_ID, first)

    def _give_tokens(self, person: str) -> None:
        self.operate("TestEuro", "mint", person, 10**15)
        self.chain.send(person, "TestEuro", "approve", self.chain.at["PaymentVault"], 2**256 - 1)

    def _first_untradable(self) -> int:
        return (self.chain.now + CALENDAR.opens_before) // CALENDAR.period_seconds + 1


def instants(first: int) -> list[int]:
    """The times at which something begins or ends for either period."""
    found: set[int] = set()
    for period in (first, first + 1):
        found |= {CALENDAR.gate_at(period), CALENDAR.starts_at(period), CALENDAR.ends_at(period)}
        found |= {CALENDAR.final_at(period), CALENDAR.default_from(period)}
        found |= {CALENDAR.corrections_until_at(period), CALENDAR.hand_out_until_at(period)}
    return sorted(found)
