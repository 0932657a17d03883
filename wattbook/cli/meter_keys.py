# SPDX-License-Identifier: MIT
"""`wattbook meter own-key`, `move`, `gateway-key`: who signs a metering point's readings from now on."""

from typing import Annotated, Any

import typer

from wattbook.cli.choices import address_of
from wattbook.cli.session import (
    DEFAULT_DEPLOYMENT,
    AsJson,
    Chain,
    DemoKey,
    Deployment,
    KeyChoice,
    Keystore,
    PasswordFile,
    Rpc,
    send,
    show,
    with_chain,
)

Point = Annotated[int, typer.Argument(help="The metering point.")]


def own_key(
    point: Point,
    address: Annotated[str, typer.Argument(help="The address of the meter's own key; `none` takes it away.")],
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    demo_key: DemoKey = None,
    deployment: Deployment = DEFAULT_DEPLOYMENT,
    rpc: Rpc = None,
    as_json: AsJson = False,
) -> None:
    """Names the key with which a point's meter signs its own readings, with the operator's key."""
    wanted = address_of(address)

    async def work(chain: Chain) -> dict[str, Any]:
        key = KeyChoice(keystore, password_file, demo_key).open(chain.deployment.chain_id)
        done = await send(chain, key, "Registry", "changeMeterKey", point, wanted)
        return {"point": point, "key": wanted, **done}

    show(with_chain(deployment, rpc, work), as_json, "meter's own key")


def move(
    point: Point,
    gateway: Annotated[int, typer.Option(help="The gateway that reads it; 0: the meter alone.")],
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    demo_key: DemoKey = None,
    deployment: Deployment = DEFAULT_DEPLOYMENT,
    rpc: Rpc = None,
    as_json: AsJson = False,
) -> None:
    """Lets another gateway read a point from now on, with the operator's key."""

    async def work(chain: Chain) -> dict[str, Any]:
        key = KeyChoice(keystore, password_file, demo_key).open(chain.deployment.chain_id)
        done = await send(chain, key, "Registry", "movePoint", point, gateway)
        return {"point": point, "gateway": gateway, **done}

    show(with_chain(deployment, rpc, work), as_json, "metering point")


def gateway_key(
    gateway: Annotated[int, typer.Argument(help="The gateway.")],
    address: Annotated[str, typer.Argument(help="The address of its new signing key.")],
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    demo_key: DemoKey = None,
    deployment: Deployment = DEFAULT_DEPLOYMENT,
    rpc: Rpc = None,
    as_json: AsJson = False,
) -> None:
    """Changes a gateway's key, with the operator's key: what the old one signed isn't taken any more."""
    wanted = address_of(address)

    async def work(chain: Chain) -> dict[str, Any]:
        key = KeyChoice(keystore, password_file, demo_key).open(chain.deployment.chain_id)
        done = await send(chain, key, "Registry", "changeGatewayKey", gateway, wanted)
        return {"gateway": gateway, "key": wanted, **done}

    show(with_chain(deployment, rpc, work), as_json, "gateway's key")
