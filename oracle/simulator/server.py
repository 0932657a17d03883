# SPDX-License-Identifier: MIT
"""Simulated meters behind Modbus TCP ports, one port a bus."""

import asyncio
from collections.abc import Sequence
from typing import cast

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from oracle.simulator.meter import SimulatedMeter
from wattbook.processes import claim_port

HOST = "127.0.0.1"


class MeterServer:
    """One port; its meters answer to their units. `port` is known after `start`."""

    def __init__(self, meters: Sequence[SimulatedMeter], port: int = 0) -> None:
        self._meters = meters
        self._server: ModbusTcpServer | None = None
        self.port = port

    async def start(self) -> None:
        """Raises PortTaken."""
        if self.port:
            claim_port(self.port, HOST)
        devices = [_device(meter) for meter in self._meters]
        self._server = ModbusTcpServer(devices, address=(HOST, self.port))
        await self._server.serve_forever(background=True)
        # pymodbus keeps the asyncio server here; there is no other way to learn the port.
        listening = cast(asyncio.Server, self._server.transport)
        self.port = int(listening.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._server is not None:
            await self._server.shutdown()  # type: ignore[no-untyped-call]
            self._server = None


def _device(meter: SimulatedMeter) -> SimDevice:
    async def answer(
        function: int,
        start: int,
        address: int,
        count: int,
        registers: list[int],
        values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        """Copies what the meter shows now into the registers that are asked for."""
        if function != meter.map.function or values is not None:
            return ExcCodes.ILLEGAL_FUNCTION
        for i in range(address, address + count):
            registers[i - start] = meter.words[i]
        return None

    return SimDevice(meter.planned.unit, simdata=_blocks(meter.words), action=answer)


def _blocks(words: dict[int, int]) -> list[SimData]:
    """Neighbouring addresses as one block each; what lies between is refused with exception 2."""
    blocks: list[tuple[int, list[int]]] = []
    for address in sorted(words):
        if blocks and address == blocks[-1][0] + len(blocks[-1][1]):
            blocks[-1][1].append(words[address])
        else:
            blocks.append((address, [words[address]]))
    return [SimData(start, values=list(values), datatype=DataType.REGISTERS) for start, values in blocks]
