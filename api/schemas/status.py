# SPDX-License-Identifier: MIT
"""Health, and what a client has to know of the deployment."""

from pydantic import Field

from api.schemas.base import Address, Body, Seconds


class ChainHealth(Body):
    chain_id: int
    name: str
    reachable: bool
    head: int | None
    head_at: Seconds | None


class IndexerHealth(Body):
    block: int | None
    at: Seconds | None
    lag_blocks: int | None


class RelayHealth(Body):
    alive: bool
    waiting: int
    sent: int
    address: Address | None
    receipt_signer: Address | None


class Health(Body):
    ok: bool
    chain: ChainHealth
    indexer: IndexerHealth
    relay: RelayHealth
    now: Seconds
    deployment: str


class ChainFacts(Body):
    chain_id: int
    name: str
    rpc_url: str
    currency_name: str
    currency_symbol: str


class Token(Body):
    """The payment token; one of the two ratios is always 1."""

    address: Address
    symbol: str
    decimals: int
    cash_units_per_token_unit: int = Field(examples=[10])
    token_units_per_cash_unit: int = Field(examples=[1])


class Area(Body):
    area: int
    carriers: list[int]


class DemoAccount(Body):
    name: str
    address: Address
    account: int | None = None
    role: str = ""
    private_key: str | None = None


class Demo(Body):
    is_demo: bool = True
    note: str
    accounts: list[DemoAccount] = []


class DeploymentFacts(Body):
    name: str
    chain: ChainFacts
    calendar: dict[str, int]
    contracts: dict[str, Address]
    token: Token
    areas: list[Area]
    now: Seconds
    receipt_signer: Address | None
    min_energy_wh: str
    max_energy_wh: str
    max_price_ticks: str
    demo: Demo | None
