# SPDX-License-Identifier: MIT
"""What a Brownie script is asked to do. Brownie's scripts take no arguments, so it stands in a JSON file that
WATTBOOK_REQUEST names; the keys come from a folder of keystores, or, on local chains only, from the test
mnemonic.
"""

import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from eth_utils.crypto import keccak

from scripts.device_types import DeviceType
from scripts.plan import Holders
from wattbook.calendar import Calendar
from wattbook.deployments import DeployedContract, Deployment, load_deployment, save_deployment
from wattbook.errors import DeploymentMissing, WrongChain
from wattbook.files import write_atomically
from wattbook.payment_token import PaymentToken

VARIABLE = "WATTBOOK_REQUEST"


@dataclass(frozen=True)
class AreaTerms:
    """What an area charges for a carrier, in ticks and Wh per period."""

    area: int
    carrier: int
    retail_ticks: int
    feed_in_ticks: int
    levy_buy_ticks: int
    levy_sell_ticks: int
    export_capacity_wh: int
    inbound_capacity_wh: int
    share_cap_wh: int = 0
    debt_limit: int = 0  # cash units an account of the area may owe before its bids are refused

    def words(self) -> tuple[int, ...]:
        """In the order of the contract's `Terms`."""
        return (
            self.retail_ticks,
            self.feed_in_ticks,
            self.levy_buy_ticks,
            self.levy_sell_ticks,
            self.export_capacity_wh,
            self.inbound_capacity_wh,
            self.share_cap_wh,
        )


@dataclass(frozen=True)
class AreaConnection:
    """What joins one area to another, one way: a fee in ticks, a capacity in Wh per period."""

    source: int
    target: int
    carrier: int
    fee_ticks: int
    capacity_wh: int

    def words(self) -> tuple[int, int]:
        """In the order of the contract's `Connection`."""
        return self.fee_ticks, self.capacity_wh


@dataclass(frozen=True)
class Progress:
    """Where a deployment began: the deployer's nonce, the code's fingerprint, the block before it."""

    first_nonce: int
    fingerprint: str
    block: int


@dataclass(frozen=True)
class Request:
    chain: str
    chain_id: int
    gas_price: int  # wei
    name: str
    deployment: Path
    calendar: Calendar
    holders: Holders
    areas: tuple[AreaTerms, ...] = ()
    connections: tuple[AreaConnection, ...] = ()
    gateways: tuple[str, ...] = ()
    device_types: tuple[DeviceType, ...] = ()
    keys: Path | None = None  # folder of keystores, see people.py; None: the test mnemonic's
    confirmations: int = 1  # blocks, the transaction's own included, that each step waits for
    artifacts: dict[str, str] = field(default_factory=dict)  # contract → artifact used in its place

    @property
    def times(self) -> tuple[int, ...]:
        return tuple(self.calendar.to_json().values())

    def artifact_of(self, contract: str) -> str:
        return self.artifacts.get(contract, contract)

    def require_chain(self, chain_id: int) -> None:
        if chain_id != self.chain_id:
            raise WrongChain(actual=chain_id, expected=self.chain_id)

    # --- on disk ---

    @classmethod
    def from_environment(cls) -> Self:
        if VARIABLE not in os.environ:
            raise SystemExit(f"wattbook: {VARIABLE} isn't set: run `make deploy`, which starts this script.")
        return cls.load(Path(os.environ[VARIABLE]))

    @classmethod
    def load(cls, path: Path) -> Self:
        data = json.loads(path.read_text())
        return cls(
            **{
                **data,
                "deployment": Path(data["deployment"]),
                "calendar": Calendar.from_json(data["calendar"]),
                "holders": Holders(**data["holders"]),
                "areas": tuple(AreaTerms(**each) for each in data["areas"]),
                "connections": tuple(AreaConnection(**each) for each in data["connections"]),
                "gateways": tuple(data["gateways"]),
                "device_types": tuple(DeviceType(**each) for each in data["device_types"]),
                "keys": Path(data["keys"]) if data["keys"] else None,
            }
        )

    def save(self, path: Path) -> None:
        data: dict[str, Any] = asdict(replace(self, calendar=Calendar()))
        data.update(
            deployment=str(self.deployment),
            calendar=self.calendar.to_json(),
            keys=str(self.keys) if self.keys else None,
        )
        write_atomically(path, json.dumps(data, indent=2) + "\n")

    def progress(self, nonce: int, block: int, fingerprint: str) -> Progress:
        """Where this deployment began: now, or in an earlier run, which must have had the same code."""
        path = self._progress_file()
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, json.dumps(asdict(Progress(nonce, fingerprint, block))))
        known = Progress(**json.loads(path.read_text()))
        if known.fingerprint != fingerprint:
            raise SystemExit(
                f"wattbook: {self.name} on {self.chain} was deployed with other contracts or times: "
                f"give this one another name, or remove {path}."
            )
        return known

    def save_deployment(
        self, at: dict[str, str], codes: dict[str, bytes], block: int, token: PaymentToken
    ) -> None:
        contracts = {
            name: DeployedContract(address, "0x" + keccak(codes[name]).hex()) for name, address in at.items()
        }
        known = self._known()
        save_deployment(
            self.deployment,
            Deployment(
                chain=self.chain,
                chain_id=self.chain_id,
                name=self.name,
                deployed_at_block=block,
                calendar=self.calendar,
                contracts=contracts,
                token=token,
                holders=asdict(self.holders),
                other_venues=known.other_venues if known else {},
                draining=known.draining if known else False,
            ),
        )

    def _known(self) -> Deployment | None:
        """The file as it is: a takeover may have written into it."""
        try:
            return load_deployment(self.deployment)
        except DeploymentMissing:
            return None

    def _progress_file(self) -> Path:
        return self.deployment.with_suffix(".progress.json")
