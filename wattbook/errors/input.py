# SPDX-License-Identifier: MIT
"""What was typed or sent is wrong."""

from wattbook.errors.base import Exit, WattbookError


class InputError(WattbookError):
    code = "input"
    exit_status = Exit.INPUT
    http_status = 422
    sentence = "The input is wrong: {reason}."


class AmountUnreadable(InputError):
    sentence = "{text!r} is not an amount: write digits with at most one decimal point, such as 12.5."


class AmountInexact(InputError):
    sentence = "{text} {unit} is finer than {step} {unit}: give a multiple of {step}."


class AmountNegative(InputError):
    sentence = "{text} {unit} is below 0: give an amount of 0 or more."


class PriceOutOfRange(InputError):
    sentence = "A price of {ticks} ticks is out of range: give 0 to 57,599 ticks (0 to 5.7599 per kWh)."


class EnergyOutOfRange(InputError):
    sentence = "An order of {wh} Wh is out of range: order 10 to 8,388,607 Wh."


class IdOutOfRange(InputError):
    sentence = "{kind} {value} does not exist: give {low} to {high}."


class AddressUnreadable(InputError):
    sentence = "{text!r} is not an address: give 0x and 40 hexadecimal digits, their capitals as they came."


class ArgumentUnusable(InputError):
    sentence = "{function} can't take that: {reason}."


class CancelUnclear(InputError):
    sentence = "It isn't clear what to cancel: give one order's place, or --all with --account."


class DecisionUnclear(InputError):
    sentence = "It isn't clear what is decided: give --uphold, --reject, or both --import and --export."


class CalendarInvalid(InputError):
    sentence = "These times can't work together: {reason}."
