# SPDX-License-Identifier: MIT
"""The deployment file: which contracts lie where, with which times, on which chain.

deployments/<chain>/<name>.json for real chains; demo and tests keep theirs under out/.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from eth_utils.address import is_address, to_checksum_address
from eth_utils.crypto import keccak

from wattbook.calendar import Calendar
from wattbook.chain.client import ChainClient
from wattbook.errors import (
    ContractChanged,
    ContractMissing,
    ContractUnknown,
    DeploymentMissing,
    DeploymentUnreadable,
    InputError,
    WrongChain,
)
from wattbook.files import write_atomically
from wattbook.payment_token import PaymentToken


@dataclass(frozen=True, slots=True)
class DeployedContract:
    """`address` is checksummed; `code_hash` is keccak-256 of the code at it, 0x and 64 hex digits."""

    address: str
    code_hash: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", to_checksum_address(self.address))
        object.__setattr__(self, "code_hash", self.code_hash.lower())


@dataclass(frozen=True, slots=True)
class Deployment:
    chain: str
    chain_id: int
    name: str
    deployed_at_block: int
    calendar: Calendar
    contracts: Mapping[str, DeployedContract] = field(default_factory=dict)
    token: PaymentToken = field(default_factory=PaymentToken)
    holders: Mapping[str, str] = field(default_factory=dict)  # operator, regulator, … → checksummed address
    other_venues: Mapping[str, str] = field(default_factory=dict)  # name → address: one drains, or begins
    draining: bool = False  # its order book takes no new orders: another has taken over

    def address(self, contract: str) -> str:
        """Checksummed address by contract name. Raises ContractUnknown."""
        if contract not in self.contracts:
            raise ContractUnknown(contract=contract, known=", ".join(self.contracts))
        return self.contracts[contract].address

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """From the file's object. Raises KeyError, ValueError, TypeError, CalendarInvalid."""
        return cls(
            chain=str(data["chain"]),
            chain_id=int(data["chainId"]),
            name=str(data["name"]),
            deployed_at_block=int(data["deployedAtBlock"]),
            calendar=Calendar.from_json(data["calendar"]),
            contracts={name: _contract_from(name, item) for name, item in data["contracts"].items()},
            token=PaymentToken.from_json(data["token"]),
            holders=_addresses_from(data.get("holders", {})),
            other_venues=_addresses_from(data.get("otherVenues", {})),
            draining=data.get("draining", False) is True,
        )

    def to_json(self) -> dict[str, Any]:
        """The file's object."""
        return {
            "chain": self.chain,
            "chainId": self.chain_id,
            "name": self.name,
            "deployedAtBlock": self.deployed_at_block,
            "calendar": self.calendar.to_json(),
            "contracts": {
                name: {"address": contract.address, "codeHash": contract.code_hash}
                for name, contract in self.contracts.items()
            },
            "token": self.token.to_json(),
            "holders": dict(self.holders),
            "otherVenues": dict(self.other_venues),
            "draining": self.draining,
        }


def _addresses_from(data: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): to_checksum_address(address) for name, address in data.items()}


def _contract_from(name: str, item: Mapping[str, Any]) -> DeployedContract:
    if not is_address(item["address"]):
        raise ValueError(f"{name} has no valid address")
    return DeployedContract(item["address"], str(item["codeHash"]))


def load_deployment(path: Path) -> Deployment:
    """Raises DeploymentMissing, DeploymentUnreadable."""
    try:
        return Deployment.from_json(json.loads(path.read_text()))
    except FileNotFoundError:
        raise DeploymentMissing(path=path) from None
    except KeyError as error:
        raise DeploymentUnreadable(path=path, reason=f"it lacks {error}") from None
    except (OSError, ValueError, TypeError, AttributeError, InputError) as error:
        raise DeploymentUnreadable(path=path, reason=str(error).rstrip(".")) from None


def save_deployment(path: Path, deployment: Deployment) -> None:
    """Replaces the file in one step."""
    write_atomically(path, json.dumps(deployment.to_json(), indent=2) + "\n")


def hash_code(code: bytes) -> str:
    """The `code_hash` of code as eth_getCode answers it."""
    return "0x" + keccak(code).hex()


async def require_chain(client: ChainClient, deployment: Deployment) -> None:
    """Refuses to go on with a node of another chain, or one without the deployment's contracts.

    Raises WrongChain, ContractMissing, ContractChanged, ChainUnreachable.
    """
    chain_id = await client.chain_id()
    if chain_id != deployment.chain_id:
        raise WrongChain(actual=chain_id, expected=deployment.chain_id)
    for name, contract in deployment.contracts.items():
        code = await client.code(contract.address)
        if not code:
            raise ContractMissing(contract=name, address=contract.address, chain_id=chain_id)
        if hash_code(code) != contract.code_hash:
            raise ContractChanged(contract=name, address=contract.address)
