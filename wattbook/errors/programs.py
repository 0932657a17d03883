# SPDX-License-Identifier: MIT
"""Programs that we start."""

from wattbook.errors.base import Exit, WattbookError


class ProcessError(WattbookError):
    code = "process"
    exit_status = Exit.PROCESS
    sentence = "A process failed: {reason}."


class PortTaken(ProcessError):
    code = "port-taken"
    sentence = "Port {port} of {host} is taken: stop the program that holds it, or choose another port."


class ProgramMissing(ProcessError):
    code = "program-missing"
    sentence = "The program {program} is missing: run `make setup`."


class EngineMissing(ProcessError):
    code = "engine-missing"
    sentence = "The chain engine {program} is missing: run `make {program}`, or name one with {variable}."


class EngineUnfit(ProcessError):
    code = "engine-unfit"
    sentence = "{path} is version {found}, but this chain needs {wanted}: run `make {program}`."


class ChainStalled(ProcessError):
    code = "chain-stalled"
    sentence = "The chain's nodes run but {lacks} after {seconds} s: read their logs in {folder}."


class PartMissing(ProcessError):
    code = "part-missing"
    sentence = "The part {part} is not installed here: it needs {where}."


class ProcessFailed(ProcessError):
    code = "process-failed"
    sentence = "{name} ended with status {status} before it was ready: {last_line}"


class ProcessSilent(ProcessError):
    code = "process-silent"
    sentence = "{name} was not ready after {seconds} s: read {log}."


class ClockLost(ProcessError):
    code = "clock-lost"
    sentence = "The stepped clock at {url} does not answer: start the program that conducts it first."
