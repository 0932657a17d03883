# SPDX-License-Identifier: MIT
"""A decoded answer beside the point's last usable poll: the poll to journal, with all its flags."""

from dataclasses import dataclass, replace

from oracle.decode import Decoded, Register
from oracle.points import Point
from oracle.readings import Poll
from oracle.refine import refined
from oracle.validate import rules
from oracle.validate.flags import Flag


@dataclass(frozen=True, slots=True)
class Answer:
    """What a meter said at UTC second `at`: decoded registers and the words behind them."""

    at: int
    decoded: Decoded
    raw: bytes = b""
    identity: str = ""


def check(point: Point, period_seconds: int, before: Poll | None, answer: Answer) -> Poll:
    """The poll that follows `before`, the point's last usable one (None: there was none)."""
    poll = _plain(point, answer)
    if before is None:
        return refined(None, poll, answer.decoded.power_mw)
    flags = poll.flags | rules.clock_order(before.at, answer.at)
    flags |= rules.device_identity(before.identity, answer.identity)
    flags |= rules.device_constants(before.scale_factor, answer.decoded.scale_factor)
    flags |= rules.gap(before.at, answer.at, period_seconds)
    seconds = max(answer.at - before.at, 0)
    resolution = max(before.resolution_wh, poll.resolution_wh)
    imported = _follow(
        (before.import_wh, before.import_carry_wh),
        answer.decoded.imported,
        rules.limit_over(point.max_import_wh, seconds, period_seconds, resolution),
    )
    exported = _follow(
        (before.export_wh, before.export_carry_wh),
        answer.decoded.exported,
        rules.limit_over(point.max_export_wh, seconds, period_seconds, resolution),
    )
    flags |= imported.flag | exported.flag
    flags |= rules.unexpected_export(exported.wh - before.export_wh, point.max_export_wh > 0)
    followed = replace(
        poll,
        import_wh=imported.wh,
        export_wh=exported.wh,
        import_carry_wh=imported.carry_wh,
        export_carry_wh=exported.carry_wh,
        flags=flags,
    )
    return refined(before, followed, answer.decoded.power_mw)


@dataclass(frozen=True, slots=True)
class _Followed:
    wh: int
    carry_wh: int
    flag: Flag


def _plain(point: Point, answer: Answer) -> Poll:
    """The poll as if it were the point's first."""
    imported, exported = answer.decoded.imported, answer.decoded.exported
    there = [register for register in (imported, exported) if register is not None]
    flags = Flag.NONE
    for register in there:
        flags |= rules.zero_register(register.wh)
    return Poll(
        point=point.point,
        at=answer.at,
        import_wh=imported.wh if imported else 0,
        export_wh=exported.wh if exported else 0,
        resolution_wh=max((register.resolution_wh for register in there), default=1),
        flags=flags,
        raw=answer.raw,
        scale_factor=answer.decoded.scale_factor,
        identity=answer.identity,
    )


def _follow(before: tuple[int, int], register: Register | None, most_wh: int) -> _Followed:
    """A register beside its own past: (Wh that go on over a wrap, carry, flag)."""
    before_wh, carry = before
    if register is None:
        return _Followed(before_wh, carry, Flag.NONE)
    flag = rules.negative_difference(before_wh - carry, register.wh, register.modulus_wh, most_wh)
    if flag is Flag.ROLLOVER:
        carry += register.modulus_wh or 0
    wh = register.wh + carry
    return _Followed(wh, carry, flag | rules.physical_cap(wh - before_wh, most_wh))
