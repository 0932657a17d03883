# SPDX-License-Identifier: MIT
"""One flag a rule. A rejecting flag keeps a poll out of every reading; the others are remarks."""

from enum import IntFlag


class Flag(IntFlag):
    NONE = 0
    # Rejecting: the registers of this poll are not believed.
    DEVICE_CHANGED = 1 << 0  # another serial number than before
    DECREASED = 1 << 1  # a register fell, and neither wrap nor restart explains it
    RESET = 1 << 2  # a register fell to nearly 0: a reset, or a meter exchange that wasn't signed
    ABOVE_LIMIT = 1 << 3  # more energy than the connection can carry
    DUPLICATE = 1 << 4  # this instant is in the journal already
    CLOCK_STEPPED = 1 << 5  # the instant lies before the poll before it
    # Remarks.
    ROLLOVER = 1 << 8  # a register wrapped; the carry took it up
    ZERO = 1 << 9  # a register shows 0: fresh, wrapped, or not counting
    STUCK = 1 << 10  # nothing moved for longer than is usual at this point
    SPIKE = 1 << 11
    UNEXPECTED_EXPORT = 1 << 12
    CONSTANTS_CHANGED = 1 << 13  # another scale factor than before
    GAP = 1 << 14  # at least one period end passed without a poll near it
    EXCHANGED = 1 << 16  # noted by an installer: the old meter's last registers, or the new one's first
    REFINED = 1 << 15  # the register is coarse; the power register says how far ahead the energy is

    REJECTING = DEVICE_CHANGED | DECREASED | RESET | ABOVE_LIMIT | DUPLICATE | CLOCK_STEPPED


def names_of(flags: Flag) -> list[str]:
    """The single flags' names in lower case, for logs."""
    return [flag.name.lower() for flag in Flag if flag in flags and flag.name and flag.bit_count() == 1]
