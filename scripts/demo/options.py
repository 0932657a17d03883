# SPDX-License-Identifier: MIT
"""What the demo was asked to do: flags, or the environment variables that `make demo` passes on."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wattbook.errors import InputError

ROOT = Path(__file__).parents[2]
FAULTS = ("decode", "drop", "credit")
WHOLE_DAY = 96


class DemoOptionInvalid(InputError):
    code = "demo-option-invalid"
    sentence = "{name} is {value!r}: give {expected}."


@dataclass(frozen=True)
class Options:
    seed: int
    periods: int
    fault: str | None
    once: bool
    json: bool
    port: int  # of the page
    chain_port: int
    out: Path
    kills: int | None  # seed of the killer that the crash test lets loose


def read_options(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> Options:
    """Raises DemoOptionInvalid."""
    given = parser(environ).parse_args(argv)
    return Options(
        seed=number("SEED", given.seed, 0, 2**32 - 1),
        periods=number("PERIODS", given.periods, 4, WHOLE_DAY),
        fault=fault(given.fault),
        once=given.once,
        json=given.json,
        port=number("the page's port", given.port, 0, 65535),
        chain_port=number("the chain's port", given.chain_port, 0, 65535),
        out=Path(given.out),
        kills=None if given.kills is None else number("the killer's seed", given.kills, 0, 2**32 - 1),
    )


def parser(environ: Mapping[str, str]) -> argparse.ArgumentParser:
    it = argparse.ArgumentParser(
        prog="wattbook demo",
        description="A neighbourhood of 12 members trades for a day, from meter register to settled money.",
        allow_abbrev=False,
    )
    it.add_argument("--once", action="store_true", help="end after the report: 0, or 7 if a check fails")
    it.add_argument(
        "--json", action="store_true", help="print the outcome as JSON, the rest on standard error"
    )
    it.add_argument("--seed", default=environ.get("SEED", "7"), help="another seed, another day (SEED=; 7)")
    it.add_argument(
        "--periods",
        default=environ.get("PERIODS", str(WHOLE_DAY)),
        help="quarter hours, 4 to 96 (PERIODS=; 96)",
    )
    it.add_argument(
        "--fault",
        default=environ.get("FAULT"),
        help="decode, drop or credit: the checks must find it (FAULT=)",
    )
    it.add_argument("--port", default="8400", help="port of the page (8400)")
    it.add_argument("--chain-port", default="8545", help="port of the chain's RPC (8545)")
    it.add_argument(
        "--out", default=str(ROOT / "out" / "demo"), help="folder for report, statements and logs (out/demo)"
    )
    it.add_argument(
        "--kills",
        default=None,
        help="kill indexer, relay, API and oracle twenty times, at moments drawn from this seed",
    )
    return it


def number(name: str, text: str, low: int, high: int) -> int:
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise DemoOptionInvalid(name=name, value=text, expected=f"a whole number from {low} to {high}")
    return int(text)


def fault(text: str | None) -> str | None:
    if text and text not in FAULTS:
        raise DemoOptionInvalid(name="FAULT", value=text, expected=", ".join(FAULTS))
    return text or None
