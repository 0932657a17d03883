# SPDX-License-Identifier: MIT
"""What a deployment consists of: the contracts in order, who may do what, and which contract knows which."""

from dataclasses import dataclass
from typing import Any

from wattbook.units import CASH_DECIMALS, CASH_UNITS_PER_CURRENCY

ADMIN, PUBLIC = 0, 2**64 - 1  # AccessManager's own
(
    OPERATOR,
    REGULATOR,
    GRID_OPERATOR,
    VAULT_REGISTRY,
    VAULT_OVERSIGHT,
    VAULT_RIGHTS,
    CORRECTOR,
    VENUE_GRANTOR,
) = range(1, 9)
_ROLE_NAMES = {
    ADMIN: "admin",
    OPERATOR: "operator",
    REGULATOR: "regulator",
    GRID_OPERATOR: "grid operator",
    VAULT_REGISTRY: "vault registry",
    VAULT_OVERSIGHT: "vault oversight",
    VAULT_RIGHTS: "vault rights",
    CORRECTOR: "corrector",
    VENUE_GRANTOR: "venue grantor",
    PUBLIC: "anybody",
}

# From go-live on: seconds between the notice and the call of whoever grants venues or changes roles.
NOTICE = {VENUE_GRANTOR: 7 * 86_400, ADMIN: 7 * 86_400}
# Who may cancel what was given notice of.
GUARDIANS = {VENUE_GRANTOR: REGULATOR}

# Order matters: an address can be predicted from its place, and a constructor names only earlier contracts.
CONTRACTS = (
    "Administration",
    "TestEuro",
    "PaymentVault",
    "GridOversight",
    "Registry",
    "MeterReadings",
    "EnergyToken",
    "Settlement",
    "OrderBook",
    "Disputes",
)

# contract → the extension that its constructor makes (docs/adr/0020)
EXTENSIONS = {
    "OrderBook": "OrderBookExtension",
    "MeterReadings": "MeterReadingsExtension",
    "Settlement": "SettlementExtension",
}

# Cash units that a member locks to dispute a reading.
BOND = 10 * CASH_UNITS_PER_CURRENCY

# contract → role → functions that only this role may call
RESTRICTED: dict[str, dict[int, tuple[str, ...]]] = {
    "PaymentVault": {
        OPERATOR: ("revokeVenue",),
        VENUE_GRANTOR: ("grantVenue",),
        VAULT_REGISTRY: ("openAccount",),
        VAULT_RIGHTS: ("setRights",),
        VAULT_OVERSIGHT: ("closePot",),
    },
    "Registry": {
        OPERATOR: (
            "openArea",
            "setAdmissionAuthority",
            "registerGateway",
            "changeGatewayKey",
            "registerPoint",
            "movePoint",
            "changeMeterKey",
            "changeDevice",
        ),
        REGULATOR: ("revokeAdmission", "approveDeviceType", "withdrawDeviceType"),
    },
    "GridOversight": {
        OPERATOR: ("revokeVenue",),
        VENUE_GRANTOR: ("grantVenue",),
        GRID_OPERATOR: ("scheduleTerms", "scheduleConnection"),
        VAULT_REGISTRY: ("noteExportLimits", "noteRevocation"),
        REGULATOR: ("haltTrading", "resumeTrading", "voidMarket", "suspend"),
    },
    "MeterReadings": {
        OPERATOR: ("connectSettlement", "connectDisputes"),
        GRID_OPERATOR: ("postSubstitute",),
        CORRECTOR: ("correct",),
    },
    "Disputes": {GRID_OPERATOR: ("decideDispute",)},
    "EnergyToken": {OPERATOR: ("connectMinter",)},
    "Settlement": {OPERATOR: ("revokeVenue",), VENUE_GRANTOR: ("grantVenue",)},
}


@dataclass(frozen=True)
class Holders:
    """Addresses of the people behind the roles."""

    operator: str
    regulator: str
    grid_operator: str
    authority: str
    backstop: str
    fees: str


def constructor_arguments(name: str, admin: str, times: tuple[int, ...], at: dict[str, str]) -> list[Any]:
    """The constructor arguments of a contract; `at` has the addresses of those before it."""
    authority = at.get("Administration")
    vault, oversight, registry = at.get("PaymentVault"), at.get("GridOversight"), at.get("Registry")
    arguments: dict[str, list[Any]] = {
        "Administration": [admin],
        "TestEuro": [],
        "PaymentVault": [authority, at.get("TestEuro"), CASH_DECIMALS],
        "GridOversight": [authority, times, vault],
        "Registry": [authority, times, vault, oversight],
        "MeterReadings": [authority, times, registry],
        "EnergyToken": [authority, times, vault, at.get("MeterReadings")],
        "Settlement": [
            authority,
            times,
            vault,
            registry,
            oversight,
            at.get("MeterReadings"),
            at.get("EnergyToken"),
        ],
        "Disputes": [authority, times, vault, registry, at.get("MeterReadings"), BOND],
        "OrderBook": [times, vault, oversight, at.get("Settlement")],
    }
    return arguments[name]


def role_name(role: int) -> str:
    return _ROLE_NAMES.get(role, f"role {role}")


def role_holders(holders: Holders, at: dict[str, str]) -> list[tuple[int, str]]:
    """(role, address) for every role that somebody holds."""
    return [
        (OPERATOR, holders.operator),
        (VENUE_GRANTOR, holders.operator),
        (REGULATOR, holders.regulator),
        (GRID_OPERATOR, holders.grid_operator),
        (CORRECTOR, holders.grid_operator),
        (VAULT_REGISTRY, at["Registry"]),
        (VAULT_OVERSIGHT, at["GridOversight"]),
        (VAULT_RIGHTS, at["Registry"]),
        (VAULT_RIGHTS, at["GridOversight"]),
    ]
