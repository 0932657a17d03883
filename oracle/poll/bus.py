# SPDX-License-Identifier: MIT
"""One Modbus TCP connection: one request at a time, every failure a MeterFault, never a guess.

pymodbus does the framing; `frame_fault` looks at the bytes before it does, because pymodbus waits for its
time-out on some garbage and kills its own connection on other. After any doubt the connection is closed, so a
late answer can't be taken for the next one.
"""

import asyncio
import logging
from collections.abc import Sequence

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException
from pymodbus.pdu import ModbusPDU

from oracle.errors import FrameGarbled, MeterRefused, MeterSilent, MeterUnreachable

READ_HOLDING, READ_INPUT = 3, 4
_HEADER = 7  # transaction id, protocol id, length, unit
_EXCEPTION_BIT = 0x80

# It logs what is raised here anyway, several lines a fault.
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)


def frame_fault(data: bytes, function: int, count: int) -> str:
    """What is wrong with the bytes so far of an answer with `count` registers; "" if they may be right."""
    if data[2:4] not in (b"", b"\0", b"\0\0"):
        return f"protocol id {data[2:4].hex()}"
    if len(data) <= _HEADER:
        return ""
    length = int.from_bytes(data[4:6])
    if data[7] == function | _EXCEPTION_BIT:
        return "" if length == 3 else f"an exception of {length} bytes"
    if data[7] != function:
        return f"function {data[7]} instead of {function}"
    if length != 3 + 2 * count or (len(data) > 8 and data[8] != 2 * count):
        return f"{length} bytes instead of {3 + 2 * count}"
    return ""


class Bus:
    """The connection to one address. `timeout` in seconds holds for connecting and for each answer."""

    def __init__(self, host: str, port: int, timeout: float) -> None:
        self.host, self.port = host, port
        self._timeout = timeout
        self._client: AsyncModbusTcpClient | None = None
        self._lock = asyncio.Lock()
        self._asked: tuple[int, int] = (0, 0)
        self._garbled = ""
        self._transactions = 0

    async def read(self, unit: int, function: int, address: int, count: int) -> tuple[int, ...]:
        """`count` registers from `address`. Raises MeterFaults.

        A connection that turns out dead is opened again once: the device may have been restarted since.
        """
        async with self._lock:
            reused = self._client is not None
            try:
                return await self._attempt(unit, function, address, count)
            except (MeterSilent, FrameGarbled, MeterUnreachable):
                self.close()
                if not reused:
                    raise
            try:
                return await self._attempt(unit, function, address, count)
            except (MeterSilent, FrameGarbled, MeterUnreachable):
                self.close()
                raise

    def close(self) -> None:
        """Hangs up; the next read connects again."""
        if self._client is not None:
            self._transactions = self._client.ctx.next_tid
            self._client.close()
            self._client = None

    async def _attempt(self, unit: int, function: int, address: int, count: int) -> tuple[int, ...]:
        client = await self._connected()
        self._asked, self._garbled = (function, count), ""
        read = client.read_input_registers if function == READ_INPUT else client.read_holding_registers
        try:
            answer = await read(address, count=count, device_id=unit)
        except (ModbusException, asyncio.CancelledError, OSError) as error:
            if isinstance(error, asyncio.CancelledError) and not self._garbled:
                self.close()
                raise
            if self._garbled:
                raise FrameGarbled(unit=unit, reason=self._garbled) from None
            raise MeterSilent(unit=unit, seconds=self._timeout) from None
        return self._registers(answer, unit, address, count)

    def _registers(self, answer: ModbusPDU, unit: int, address: int, count: int) -> tuple[int, ...]:
        if answer.isError():
            raise MeterRefused(unit=unit, exception=answer.exception_code, address=address)
        registers: Sequence[int] = answer.registers
        if len(registers) != count:
            raise FrameGarbled(unit=unit, reason=f"{len(registers)} registers instead of {count}")
        return tuple(registers)

    async def _connected(self) -> AsyncModbusTcpClient:
        if self._client is not None and self._client.connected:
            return self._client
        self.close()
        client = AsyncModbusTcpClient(
            self.host,
            port=self.port,
            timeout=self._timeout,
            retries=0,
            reconnect_delay=0,
            trace_packet=self._look,
        )
        if not await client.connect():
            client.close()
            raise MeterUnreachable(host=self.host, port=self.port)
        # A gateway to a serial line may still answer the last connection's question: numbers go on.
        client.ctx.next_tid = self._transactions
        self._client = client
        return client

    def _look(self, sending: bool, data: bytes) -> bytes:
        """pymodbus' hook on every packet: on garbage the question ends at once instead of at the time-out."""
        if sending:
            return data
        fault = frame_fault(data, *self._asked)
        if not fault:
            return data
        self._garbled = fault
        if self._client is not None and not self._client.ctx.response_future.done():
            self._client.ctx.response_future.set_exception(ModbusException(fault))
        return b""
