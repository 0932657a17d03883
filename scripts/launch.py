# SPDX-License-Identifier: MIT
"""`make deploy`, `wattbook deploy`: the contracts on a chain, which is started here if none answers.

A second run changes nothing; one that was interrupted goes on. The deployment file says where everything
lies. Another --name makes another deployment beside the first, on the same chain.
"""

import argparse
import asyncio
import contextlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from rich.console import Console

from scripts import people
from scripts.administer import Step
from scripts.brownie_run import run_through
from scripts.device_types import COMMUNITY, device_types
from scripts.ground import Ground, ground_of
from scripts.inspection.run import inspect
from scripts.prepare import prepare
from scripts.request import AreaConnection, AreaTerms, Request
from scripts.takeover import drain, take_over
from wattbook.calendar import Calendar
from wattbook.chain.client import ChainClient
from wattbook.chain.profiles import Profile, load_profile
from wattbook.cli.session import Chain, with_chain
from wattbook.clock import SystemClock
from wattbook.deployments import load_deployment
from wattbook.errors import ChainUnreachable, ConfigUnreadable, WattbookError, WrongChain
from wattbook.ids import Carrier
from wattbook.keys import Key
from wattbook.processes import Supervisor
from wattbook.units import parse_cash, parse_energy, parse_price

ROOT = Path(__file__).parents[1]
LOCAL_PORT = 8545


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status."""
    options = read_options(argv)
    console = Console(highlight=False, stderr=options.json)
    try:
        if options.check:
            return check(options, console)
        if options.takeover or options.drain:
            return move_over(options, console)
        if options.prepare:
            return write_words(options, console)
        launch(options, console)
    except WattbookError as error:
        console.print(f"[red]wattbook:[/] {error}", soft_wrap=True)
        return int(error.exit_status)
    except KeyboardInterrupt:
        console.print("Stopped. Nothing is left running.")
    return 0


class Deployed(NamedTuple):
    """A deployment that is there already: its file, and by which name its keys are kept."""

    file: Path
    name: str
    ground: Ground

    def operator_key(self) -> Key:
        """Raises SecretErrors."""
        return self.ground.key(people.OPERATOR, self.name)


def deployed(options: argparse.Namespace) -> Deployed:
    """The one that the options name, else the community's."""
    ground = ground_of(load_profile(options.chain), options.out, options.data)
    community = str(yaml.safe_load(options.community.read_text())["name"])
    file = options.deployment or ground.file_of(options.name, community)
    return Deployed(file, options.name or community, ground)


def check(options: argparse.Namespace, console: Console) -> int:
    """The exit status of an inspection."""
    return asyncio.run(inspect(deployed(options).file, options.rpc, console, options.json))


def move_over(options: argparse.Namespace, console: Console) -> int:
    """A step of a takeover; the exit status is 0 even while something waits."""
    place = deployed(options)
    old, key = place.file, place.operator_key()

    async def step(chain: Chain) -> list[Step]:
        if options.drain:
            return await drain(chain, key, old)
        return await take_over(chain, key, old, old.with_name(f"{options.takeover}.json"))

    steps = with_chain(old, options.rpc, step)
    for each in steps:
        console.print(str(each))
    waits = any(not each.done for each in steps)
    console.print("Run the same command again then." if waits else "Nothing waits.")
    return 0


def write_words(options: argparse.Namespace, console: Console) -> int:
    """Prepares a deployment's ring; the exit status."""
    place = deployed(options)
    key = place.operator_key()
    gas = with_chain(place.file, options.rpc, lambda chain: prepare(chain, key, console.print))
    console.print(f"Prepared, with {gas:,} gas.")
    return 0


def launch(options: argparse.Namespace, console: Console) -> None:
    profile = load_profile(options.chain)
    ground = ground_of(profile, options.out, options.data)
    with contextlib.ExitStack() as stack:
        url = asyncio.run(running_chain(options.rpc or profile.rpc, profile))
        if started := url is None:
            with console.status(f"Starting {profile.engine} …"):
                url = ground.start(stack.enter_context(Supervisor(ground.folder)), options.port)
            console.print(f"Started {profile.engine} at {url}")
        request = read_request(options.community, ground, options.name)
        asyncio.run(ground.fund(url, ground.addresses(request.name)))
        with console.status("Deploying with Brownie …"):
            run_through("establish", request, url, ground.folder)
        report(request, console, options.json)
        if started and not options.once:
            console.print(f"The chain runs until Ctrl-C, {ground.keeps}.", soft_wrap=True)
            asyncio.run(wait_for_ever())


async def running_chain(url: str, profile: Profile) -> str | None:
    """`url` if the profile's chain answers there, None if nobody does. Raises WrongChain."""
    async with ChainClient(url, SystemClock(), attempts=1) as client:
        try:
            found = await client.chain_id()
        except ChainUnreachable:
            return None
    if found != profile.chain_id:
        raise WrongChain(actual=found, expected=profile.chain_id)
    return url


async def wait_for_ever() -> None:
    await asyncio.Event().wait()


def read_request(path: Path, ground: Ground, name: str | None = None) -> Request:
    """The community file as a Brownie script's request. Raises ConfigUnreadable, InputError."""
    try:
        community = yaml.safe_load(path.read_text())
        named = name or str(community["name"])
        addresses, profile = ground.addresses(named), ground.profile
        return Request(
            chain=profile.name,
            chain_id=profile.chain_id,
            gas_price=profile.fees.price,
            name=named,
            deployment=ground.file_of(name, named).resolve(),
            calendar=Calendar.from_json(community["calendar"]),
            holders=people.holders_of(addresses),
            areas=tuple(area_terms(each) for each in community["areas"]),
            connections=tuple(connection(each) for each in community.get("connections", [])),
            gateways=(addresses[people.GATEWAY],),
            device_types=device_types(community.get("deviceTypes", [])),
            keys=ground.keys(named),
            confirmations=ground.confirmations,
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        reason = f"it lacks {error}" if isinstance(error, KeyError) else str(error).replace("\n", " ")
        raise ConfigUnreadable(path=path, reason=reason) from None


def area_terms(data: dict[str, Any]) -> AreaTerms:
    return AreaTerms(
        area=int(data["area"]),
        carrier=int(Carrier[str(data["carrier"]).upper()]),
        retail_ticks=parse_price(str(data["retail"])),
        feed_in_ticks=parse_price(str(data["feedIn"])),
        levy_buy_ticks=parse_price(str(data["levyBuy"])),
        levy_sell_ticks=parse_price(str(data["levySell"])),
        export_capacity_wh=parse_energy(str(data["exportCapacity"])),
        inbound_capacity_wh=parse_energy(str(data["inboundCapacity"])),
        share_cap_wh=parse_energy(str(data.get("shareCap", "0"))),
        debt_limit=parse_cash(str(data["debtLimit"])),
    )


def connection(data: dict[str, Any]) -> AreaConnection:
    return AreaConnection(
        source=int(data["from"]),
        target=int(data["to"]),
        carrier=int(Carrier[str(data["carrier"]).upper()]),
        fee_ticks=parse_price(str(data["fee"])),
        capacity_wh=parse_energy(str(data["capacity"])),
    )


def report(request: Request, console: Console, as_json: bool) -> None:
    deployment = load_deployment(request.deployment)
    if as_json:
        sys.stdout.write(json.dumps(deployment.to_json()) + "\n")
        sys.stdout.flush()
        return
    for name, contract in deployment.contracts.items():
        console.print(f"{name:<16}{contract.address}")
    console.print(f"Deployment file: {request.deployment}", soft_wrap=True)


def read_options(argv: Sequence[str] | None) -> argparse.Namespace:
    it = argparse.ArgumentParser(prog="wattbook deploy", description=__doc__, allow_abbrev=False)
    it.add_argument("--chain", default="anvil", help="chain profile: anvil, ganache or geth-clique (anvil)")
    it.add_argument("--rpc", help="the node; the profile's by default; started here if nobody answers")
    it.add_argument(
        "--port", type=int, default=LOCAL_PORT, help=f"port of a chain started here ({LOCAL_PORT})"
    )
    it.add_argument(
        "--community", type=Path, default=COMMUNITY, help="tariffs and times (scripts/community.yaml)"
    )
    it.add_argument("--name", help="of the deployment, for another one beside the first (the community's)")
    it.add_argument(
        "--out",
        type=Path,
        help="folder of deployment file and logs (out/deploy/<chain>, deployments/<chain>)",
    )
    it.add_argument("--data", type=Path, help="folder of a Clique chain's data and keys (data/<chain>)")
    it.add_argument(
        "--json",
        action="store_true",
        help="print the deployment file, or the check, as JSON; the rest on standard error",
    )
    it.add_argument(
        "--check", action="store_true", help="compare a deployment with its chain: code, roles, venues, terms"
    )
    it.add_argument("--deployment", type=Path, help="the file to work on, if not that of --chain and --name")
    it.add_argument("--takeover", metavar="NEW", help="a new order book beside the deployment's, in NEW.json")
    it.add_argument("--drain", action="store_true", help="the deployment's order book takes no new orders")
    it.add_argument(
        "--prepare",
        action="store_true",
        help="write the words that every turn of the ring writes, beforehand",
    )
    it.add_argument("--once", action="store_true", help="end after deploying, even if that ends the chain")
    return it.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
