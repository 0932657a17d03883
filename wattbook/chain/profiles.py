# SPDX-License-Identifier: MIT
"""One profile a chain, from chains/<name>.yaml: id, address, confirmations, block time, fees, log range."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, cast

import yaml

from wattbook.chain.fees import FeeMode, Fees
from wattbook.errors import ProfileInvalid, ProfileMissing

FOLDER_VARIABLE = "WATTBOOK_CHAINS"


@dataclass(frozen=True, slots=True)
class Profile:
    """What the runtime has to know of a chain.

    `confirmations`: blocks, the transaction's own included, until a receipt counts as final.
    `block_seconds`: the chain's pace; 0 where a block is made when there is a transaction.
    `log_range`: blocks a log query may span; `batch_limit`: requests a JSON-RPC batch may hold.
    `calls_by_hash`: whether eth_call takes a block hash (EIP-1898).
    """

    name: str
    engine: str
    chain_id: int
    rpc: str
    hardfork: str
    confirmations: int
    block_seconds: int
    block_gas_limit: int
    log_range: int
    batch_limit: int
    calls_by_hash: bool
    fees: Fees


def load_profile(name: str, folder: Path | None = None) -> Profile:
    """The profile of a chain by its name. Raises ProfileMissing, ProfileInvalid."""
    folder = folder or profiles_folder()
    path = folder / f"{name}.yaml"
    if not path.is_file():
        raise ProfileMissing(name=name, known=", ".join(known_profiles(folder)) or "none")
    try:
        return _profile_from(name, yaml.safe_load(path.read_text()))
    except (OSError, ValueError, TypeError, KeyError, yaml.YAMLError) as error:
        raise ProfileInvalid(path=path, reason=str(error).replace("\n", " ")) from None


def known_profiles(folder: Path | None = None) -> list[str]:
    """The names of all profiles."""
    return sorted(path.stem for path in (folder or profiles_folder()).glob("*.yaml"))


def profiles_folder() -> Path:
    """WATTBOOK_CHAINS, else chains/ of the checkout that this file lies in, else of the working directory."""
    if given := os.environ.get(FOLDER_VARIABLE):
        return Path(given)
    checkout = Path(__file__).parents[2] / "chains"
    return checkout if checkout.is_dir() else Path("chains")


def _profile_from(name: str, data: Any) -> Profile:
    if not isinstance(data, Mapping):
        raise TypeError("it is not a table of settings")
    expected = {field.name: field.type for field in fields(Profile) if field.name != "name"}
    if unknown := data.keys() - expected.keys():
        raise ValueError(f"unknown {', '.join(sorted(unknown))}; the known ones are {', '.join(expected)}")
    if missing := expected.keys() - data.keys():
        raise ValueError(f"{', '.join(sorted(missing))} is missing")
    values = {key: value for key, value in data.items() if key != "fees"}
    for key, value in values.items():
        if type(value) is not expected[key]:
            raise TypeError(f"{key} is {value!r}")
    return Profile(name=name, fees=_fees_from(data["fees"]), **values)


def _fees_from(data: Any) -> Fees:
    mode = data["mode"]
    if mode == "legacy":
        return Fees("legacy", int(data["gas_price_wei"]))
    if mode == "eip1559":
        return Fees(cast(FeeMode, mode), int(data["max_fee_wei"]), int(data["max_priority_fee_wei"]))
    raise ValueError(f"the fee mode is {mode!r}, not legacy or eip1559")
