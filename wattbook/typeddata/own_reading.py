# SPDX-License-Identifier: MIT
"""One reading that the meter signed with its own key; verified by MeterReadings."""

from dataclasses import dataclass
from typing import ClassVar

from wattbook.typeddata.message import Message
from wattbook.typeddata.reading_batch import Lane, pack_lanes


@dataclass(frozen=True, slots=True)
class OwnReading(Message):
    """Registers in Wh at the period's end; `quality` as in `Quality`."""

    TYPE: ClassVar[str] = (
        "OwnReading(uint24 point,uint32 period,uint48 importRegister,uint48 exportRegister,uint8 quality)"
    )

    point: int
    period: int
    import_register: int
    export_register: int
    quality: int

    def posted(self, signature: bytes) -> bytes:
        """As `postOwnReadings` takes it: 16 bytes of reading, 64 of signature (EIP-2098)."""
        lane = Lane(self.point, self.import_register, self.export_register, self.quality)
        return pack_lanes([lane]) + signature
