# SPDX-License-Identifier: MIT
"""Programs that we start."""

from wattbook.errors.base import Exit, WattbookError


class ProcessError(WattbookError):
    code = "process"
    exit_status = Exit.PROCESS
    sentence = "A process failed: {reason}."


class PortTaken(ProcessError):
    sentence = "Port {port} of {host} is taken: stop the program that holds it, or choose another port."


class ProgramMissing(ProcessError):
    sentence = "The program {program} is missing: run `make setup`."


class EngineMissing(ProcessError):
    sentence = "The chain engine {program} is missing: run `make {program}`, or name one with {variable}."


class EngineUnfit(ProcessError):
    sentence = "{path} is version {found}, but this chain needs {wanted}: run `make {program}`."


class ChainStalled(ProcessError):
    sentence = "The chain's nodes run but {lacks} after {seconds} s: read their logs in {folder}."


class PartMissing(ProcessError):
    sentence = "The part {part} is not installed here: it needs {where}."


class ProcessFailed(ProcessError):
    sentence = "{name} ended with status {status} before it was ready: {last_line}"


class ProcessSilent(ProcessError):
    sentence = "{name} was not ready after {seconds} s: read {log}."


class ClockLost(ProcessError):
    sentence = "The stepped clock at {url} does not answer: start the program that conducts it first."
