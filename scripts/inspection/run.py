# SPDX-License-Identifier: MIT
"""One inspection: read, compare, show."""

import json
import sys
from pathlib import Path

from rich.console import Console

from scripts.inspection import differences
from scripts.inspection.differences import Difference
from scripts.inspection.show import as_json, show
from scripts.inspection.state import State, read_codes, read_state
from wattbook.chain.client import ChainClient
from wattbook.chain.contracts import Contracts
from wattbook.chain.profiles import load_profile
from wattbook.clock import SystemClock
from wattbook.deployments import Deployment, load_deployment
from wattbook.errors import Exit, WrongChain


async def inspect(file: Path, rpc: str | None, console: Console, json_wanted: bool) -> int:
    """Exit status: 0, or CHECK_FAILED for differences. Raises DeploymentErrors, ChainUnreachable."""
    deployment = load_deployment(file)
    async with ChainClient.of(load_profile(deployment.chain), SystemClock(), rpc) as client:
        found_chain = await client.chain_id()
        if found_chain != deployment.chain_id:
            raise WrongChain(actual=found_chain, expected=deployment.chain_id)
        state, found = await compare(Contracts(deployment, client), deployment)
    if json_wanted:
        sys.stdout.write(json.dumps(as_json(state, deployment, found), default=str) + "\n")
    else:
        show(console, state, deployment, found)
    return Exit.CHECK_FAILED if found else Exit.OK


async def compare(contracts: Contracts, deployment: Deployment) -> tuple[State | None, list[Difference]]:
    codes = await read_codes(contracts)
    if wrong := list(differences.codes(codes, deployment)):
        return None, wrong
    state = await read_state(contracts, codes)
    return state, differences.differences(state, deployment)
