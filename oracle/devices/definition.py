# SPDX-License-Identifier: MIT
"""What a device file says: where a model keeps its energy registers and how to read them."""

from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic import Field as Constrained

LONGEST_READ = 125  # registers; the Modbus protocol's limit for one request


class Kind(StrEnum):
    """How the words of a value are to be understood."""

    INT16 = "int16"
    INT32 = "int32"
    UINT32 = "uint32"
    INT64 = "int64"
    UINT64 = "uint64"
    FLOAT32 = "float32"
    ACC32 = "acc32"  # SunSpec: uint32 that wraps; 0 may mean "not accumulated"

    @property
    def words(self) -> int:
        """How many 16-bit registers a value takes."""
        if self is Kind.INT16:
            return 1
        return 4 if self in (Kind.INT64, Kind.UINT64) else 2

    @property
    def is_signed(self) -> bool:
        return self in (Kind.INT16, Kind.INT32, Kind.INT64)

    @property
    def bits(self) -> int:
        return 16 * self.words


class WordOrder(StrEnum):
    BIG = "big"  # most significant word first
    LITTLE = "little"


def _exact(value: Any) -> Fraction:
    """A scale as an exact number: 100, "0.1", "1/3"; a YAML float isn't exact."""
    if isinstance(value, bool | float):
        raise ValueError("write a number that is not whole in quotes, so that it stays exact")
    if isinstance(value, Fraction | int | str):
        scale = Fraction(value)
        if scale > 0:
            return scale
    raise ValueError("it must be a number above 0")


Scale = Annotated[Fraction, BeforeValidator(_exact)]
_STRICT = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Place(BaseModel):
    """Where a value stands; `offset` counts from a SunSpec model's id register."""

    model_config = _STRICT

    address: int | None = Constrained(default=None, ge=0, le=0xFFFF)
    offset: int | None = Constrained(default=None, ge=2, le=0xFFFF)
    type: Kind
    word_order: WordOrder = WordOrder.BIG
    not_implemented: tuple[int, ...] = ()  # raw values besides the type's own that mean "not there"

    @property
    def start(self) -> int:
        """Where it begins, absolute or from the SunSpec model's start."""
        return self.address if self.address is not None else self.offset or 0


class Field(Place):
    """One cumulative energy register."""

    scale_wh: Scale = Fraction(1)  # what one count is worth, in Wh
    wraps_at: int | None = Constrained(default=None, gt=0)  # counts; by default where the integer type wraps
    optional: bool = False  # some units of the model lack it: exception 2 then means "can't", not "is down"

    def modulus(self) -> int | None:
        """Counts after which the register starts again at 0; None for a float, which only grows coarser."""
        if self.wraps_at is not None:
            return self.wraps_at
        if self.type is Kind.FLOAT32:
            return None
        return 1 << (self.type.bits - (1 if self.type.is_signed else 0))


class ScaleFactor(BaseModel):
    """SunSpec: an int16 that holds the power of ten by which counts are multiplied."""

    model_config = _STRICT

    offset: int = Constrained(ge=2)


class Power(Place):
    """The active power now; above 0 is import. With it the gateway refines a coarse energy register."""

    scale_w: Scale = Fraction(1)  # what one count is worth, in W
    scale_factor: ScaleFactor | None = None


class Device(BaseModel):
    """A device model. `resolution_wh` is the finest step that its energy registers can show."""

    model_config = _STRICT

    model: str = Constrained(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    maker: str
    name: str
    source: str  # where the register map was read
    function: int = Constrained(ge=3, le=4)  # 3 holding, 4 input registers
    sunspec_model: int | None = Constrained(default=None, ge=1)
    imported: Field | None = Constrained(default=None, alias="import")
    exported: Field | None = Constrained(default=None, alias="export")
    scale_factor: ScaleFactor | None = None
    power: Power | None = None
    resolution_wh: int = Constrained(ge=1)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        fields = self.fields()
        if not fields:
            raise ValueError("it names neither an import nor an export register")
        places: list[Place] = [*fields, *([self.power] if self.power else [])]
        for field in places:
            if (field.offset is None) == (field.address is None):
                raise ValueError("a register has either an address or an offset")
            if (field.offset is not None) != self.is_sunspec:
                raise ValueError("registers have offsets in SunSpec models, addresses elsewhere")
        factors = (self.scale_factor, self.power.scale_factor if self.power else None)
        if any(factors) and not self.is_sunspec:
            raise ValueError("only SunSpec models have a scale factor register")
        if all(field.optional for field in fields):
            raise ValueError("one register must be there on every unit")
        return self

    @property
    def is_sunspec(self) -> bool:
        return self.sunspec_model is not None

    def fields(self) -> tuple[Field, ...]:
        """The energy registers that the model has."""
        return tuple(field for field in (self.imported, self.exported) if field is not None)
