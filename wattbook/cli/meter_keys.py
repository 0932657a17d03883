# SPDX-License-Identifier: MIT
"""`wattbook meter own-key`, `move`, `gateway-key`: who signs a metering point's readings from now on."""

from typing import Annotated

import typer

from wattbook.cli.choices import Point, address_of
from wattbook.cli.options import signs
from wattbook.cli.session import SigningSession


@signs
async def own_key(
    session: SigningSession,
    point: Point,
    address: Annotated[str, typer.Argument(help="The address of the meter's own key; `none` takes it away.")],
) -> None:
    """Names the key with which a point's meter signs its own readings, with the operator's key."""
    wanted = address_of(address)
    async with session.signing() as chain:
        done = await chain.send("Registry", "changeMeterKey", point, wanted)
    session.show({"point": point, "key": wanted, **done}, "meter's own key")


@signs
async def move(
    session: SigningSession,
    point: Point,
    gateway: Annotated[int, typer.Option(help="The gateway that reads it; 0: the meter alone.")],
) -> None:
    """Lets another gateway read a point from now on, with the operator's key."""
    async with session.signing() as chain:
        done = await chain.send("Registry", "movePoint", point, gateway)
    session.show({"point": point, "gateway": gateway, **done}, "metering point")


@signs
async def gateway_key(
    session: SigningSession,
    gateway: Annotated[int, typer.Argument(help="The gateway.")],
    address: Annotated[str, typer.Argument(help="The address of its new signing key.")],
) -> None:
    """Changes a gateway's key, with the operator's key: what the old one signed isn't taken any more."""
    wanted = address_of(address)
    async with session.signing() as chain:
        done = await chain.send("Registry", "changeGatewayKey", gateway, wanted)
    session.show({"gateway": gateway, "key": wanted, **done}, "gateway's key")
