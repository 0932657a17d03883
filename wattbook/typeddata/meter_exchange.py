# SPDX-License-Identifier: MIT
"""Another meter on a metering point, signed as its readings are; verified by MeterReadings."""

from dataclasses import dataclass
from typing import ClassVar

from wattbook.typeddata.message import Message


@dataclass(frozen=True, slots=True)
class MeterExchange(Message):
    """Registers in Wh: the old meter's last, the new meter's first, the new meter's at the period's end."""

    TYPE: ClassVar[str] = (
        "MeterExchange(uint24 point,uint32 period,uint48 oldImport,uint48 oldExport,uint48 newImport,"
        "uint48 newExport,uint48 importRegister,uint48 exportRegister)"
    )

    point: int
    period: int
    old_import: int
    old_export: int
    new_import: int
    new_export: int
    import_register: int
    export_register: int
