# SPDX-License-Identifier: MIT
"""`wattbook meter types`, `approve-type`, `withdraw-type`, `device`: which meters points may have."""

from typing import Annotated, Any

import typer

from wattbook.cli.choices import Point
from wattbook.cli.options import reads, signs
from wattbook.cli.session import Chain, Session, SigningSession
from wattbook.ids import device_type_of

Model = Annotated[str, typer.Option(help="The meter's model, as `wattbook oracle devices` names it.")]
Resolution = Annotated[
    int | None, typer.Option(help="Finest step of its register, in Wh; by default its type's.")
]
Refined = Annotated[bool, typer.Option(help="The gateway refines its register with the power register.")]
NamedModel = Annotated[str, typer.Argument(help="The model, as `wattbook oracle devices` names it.")]


async def fields(chain: Chain, device: str, resolution_wh: int | None, refined: bool) -> dict[str, Any]:
    """What a point's registration says of the meter on it."""
    kind = device_type_of(device)
    if resolution_wh is None:
        resolution_wh = (await chain.contracts.read("Registry", "deviceType", kind))["resolutionWh"]
    return {"deviceType": kind, "resolutionWh": resolution_wh, "refined": refined}


@reads
async def types(session: Session) -> None:
    """The device types that were ever approved."""
    async with session.chain() as chain:
        approved = await chain.contracts.history("Registry", "DeviceTypeApproved")
        kinds = {event.arguments["model"]: event.arguments["deviceType"] for event in approved}
        found = await chain.contracts.read_many(
            [("Registry", "deviceType", (kind,)) for kind in kinds.values()]
        )
        listed = [{"model": model, **known} for model, known in zip(kinds, found, strict=True)]
        session.show(listed, "device types")


@signs
async def approve(
    session: SigningSession,
    model: NamedModel,
    resolution_wh: Annotated[int, typer.Option(help="Finest step that its registers show, in Wh.", min=1)],
    power: Annotated[bool, typer.Option(help="It has a power register.")] = False,
) -> None:
    """Lets metering points have meters of a model, with the regulator's key."""
    async with session.signing() as chain:
        done = await chain.send("Registry", "approveDeviceType", model, resolution_wh, power)
    show_type(session, model, done)


@signs
async def withdraw(session: SigningSession, model: NamedModel) -> None:
    """No further point gets such a meter, with the regulator's key; those there go on being read."""
    async with session.signing() as chain:
        done = await chain.send("Registry", "withdrawDeviceType", device_type_of(model))
    show_type(session, model, done)


def show_type(session: Session, model: str, done: dict[str, Any]) -> None:
    session.show({"model": model, "deviceType": "0x" + device_type_of(model).hex(), **done}, "device type")


@signs
async def change(
    session: SigningSession,
    point: Point,
    device: Model,
    resolution_wh: Resolution = None,
    refined: Refined = False,
) -> None:
    """Says which meter stands on a point from now on, with the operator's key."""
    async with session.signing() as chain:
        found = await fields(chain, device, resolution_wh, refined)
        arguments = (found["deviceType"], found["resolutionWh"], found["refined"])
        done = await chain.send("Registry", "changeDevice", point, *arguments)
    session.show({"point": point, "device": device, **done}, "metering point")
