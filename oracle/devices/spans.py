# SPDX-License-Identifier: MIT
"""Which registers to ask for: one contiguous read where the map allows.

A power register outside SunSpec has a read of its own: many meters answer only short ones.
"""

from typing import NamedTuple

from oracle.devices.definition import LONGEST_READ, Device


class Span(NamedTuple):
    """`size` registers from `start` (SunSpec: the model's id register); an optional one may be refused."""

    start: int
    size: int
    optional: bool


def spans_of(device: Device) -> tuple[Span, ...]:
    """One span of all that every unit has, if one request can hold it; one each for the optional rest."""
    power = _power_of(device)
    needed = sorted(
        [(f.start, f.type.words) for f in device.fields() if not f.optional]
        + ([(device.scale_factor.offset, 1)] if device.scale_factor else [])
        + (power if device.is_sunspec else [])
    )
    apart = [] if device.is_sunspec else [Span(*piece, False) for piece in power]
    optional = [Span(f.start, f.type.words, True) for f in device.fields() if f.optional]
    return (*_joined(needed), *apart, *optional)


def _power_of(device: Device) -> list[tuple[int, int]]:
    if device.power is None:
        return []
    factor = device.power.scale_factor
    place = (device.power.start, device.power.type.words)
    return [place, (factor.offset, 1)] if factor else [place]


def _joined(pieces: list[tuple[int, int]]) -> list[Span]:
    spans: list[Span] = []
    for start, count in pieces:
        if spans and start + count - spans[-1].start <= LONGEST_READ:
            first = spans[-1].start
            spans[-1] = Span(first, max(start + count - first, spans[-1].size), False)
        else:
            spans.append(Span(start, count, False))
    return spans
