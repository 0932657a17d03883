# SPDX-License-Identifier: MIT
"""The oracle's branch of the error tree.

WattbookError
└── OracleError
    ├── DeviceUnknown           no file defines the model
    ├── DeviceFileInvalid       file, line, what
    ├── PointsFileInvalid       which meter stands where
    ├── MeterTooCoarse          resolves no finer than 10 Wh, periods are short, no power register
    ├── DeviceDiffers           the registry knows another device type at the point
    ├── ExchangeImplausible     what an installer notes of two meters can't be
    ├── JournalUnusable
    ├── SimulationInvalid       the simulator's own settings
    └── MeterFault              one read of one meter failed; the poller logs it and goes on
        ├── MeterUnreachable    no connection
        ├── MeterSilent         no answer in time, or only answers to somebody else's question
        ├── MeterRefused        a Modbus exception
        ├── FrameGarbled        bytes that are no answer to this question
        ├── SunSpecMissing      no "SunS" marker, or not the model asked for
        ├── ValueMissing        NaN, or the type's "not implemented"
        └── ValueNegative       a cumulative register below 0
"""

from wattbook.errors import Exit, WattbookError


class OracleError(WattbookError):
    code = "oracle"
    sentence = "The oracle can't go on: {reason}."


class DeviceUnknown(OracleError):
    exit_status = Exit.INPUT
    http_status = 422
    sentence = "The device model {model!r} is unknown: use one of {known}, or add a file for it."


class DeviceFileInvalid(OracleError):
    exit_status = Exit.INPUT
    http_status = 422
    sentence = "{path}, line {line}: {reason}. Correct the device file."


class PointsFileInvalid(OracleError):
    exit_status = Exit.INPUT
    sentence = "The points file {path} can't be used: {reason}."


class MeterTooCoarse(OracleError):
    exit_status = Exit.INPUT
    sentence = (
        "Point {point}: a {model} resolves {resolution_wh} Wh, too coarse for periods of {period_seconds} s: "
        "use a finer one, or one whose power register its device file names."
    )


class DeviceDiffers(OracleError):
    exit_status = Exit.INPUT
    sentence = (
        "Point {point} is configured as a {model}, but registered with device type {registered}: "
        "correct the points file, or have the operator change the device."
    )


class ExchangeImplausible(OracleError):
    exit_status = Exit.INPUT
    sentence = "The exchange at point {point} can't be: {reason}. Look at both meters and the time again."


class JournalUnusable(OracleError):
    code = "oracle-journal-unusable"
    exit_status = Exit.INPUT
    sentence = "The oracle's journal {path} can't be used: {reason}."


class SimulationInvalid(OracleError):
    exit_status = Exit.INPUT
    sentence = "The simulation {path} can't be used: {reason}."


class MeterFault(OracleError):
    """One read failed. `kind` is short and stable, for logs and metrics."""

    kind = "fault"
    sentence = "The meter failed: {reason}."


class MeterUnreachable(MeterFault):
    kind = "unreachable"
    sentence = "No connection to {host}:{port}: check the cable and the address."


class MeterSilent(MeterFault):
    kind = "silent"
    sentence = "No answer from unit {unit} within {seconds} s."


class MeterRefused(MeterFault):
    kind = "refused"
    sentence = "Unit {unit} answered exception {exception} at register {address}."


class FrameGarbled(MeterFault):
    kind = "garbled"
    sentence = "Unit {unit} sent bytes that are no answer: {reason}."


class SunSpecMissing(MeterFault):
    code = "sunspec-missing"
    kind = "no-sunspec"
    sentence = "Unit {unit} is no SunSpec device with model {model}: {reason}."


class ValueMissing(MeterFault):
    kind = "missing"
    sentence = "The {register} register holds no value ({raw})."


class ValueNegative(MeterFault):
    kind = "negative"
    sentence = "The {register} register is below 0 ({raw})."
