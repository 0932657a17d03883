# SPDX-License-Identifier: MIT
"""What the points file says of a meter beside what the registry knows of it."""

from collections.abc import Mapping

from oracle.errors import DeviceDiffers
from wattbook.chain.contracts import Contracts
from wattbook.ids import device_type_of

_REGISTRY = "Registry"


async def require_registered(contracts: Contracts, models: Mapping[int, str]) -> None:
    """`models`: point → device model. A point that nobody registered yet says nothing.

    Raises DeviceDiffers, ChainUnreachable.
    """
    count = await contracts.read(_REGISTRY, "pointCount")
    known = [point for point in models if point <= count]
    found = await contracts.read_many([(_REGISTRY, "point", (point,)) for point in known])
    for point, registration in zip(known, found, strict=True):
        if registration["deviceType"] != device_type_of(models[point]):
            raise DeviceDiffers(
                point=point, model=models[point], registered="0x" + registration["deviceType"].hex()
            )
