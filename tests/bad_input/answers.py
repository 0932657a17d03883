# SPDX-License-Identifier: MIT
"""What a door answers, and which error of ours a sentence belongs to."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

import api.errors
import oracle.errors
from wattbook.errors import WattbookError

assert api.errors
assert oracle.errors


@dataclass(frozen=True)
class Answer:
    """`status`: of the receipt (0 reverted, 1 mined but skipped), of HTTP, or of the program's end."""

    status: int
    code: str
    sentence: str


@dataclass(frozen=True)
class Row:
    """One way to come in with bad input, and how it is to be answered."""

    case: str
    door: str
    what: str
    knock: Callable[[Any, Path], Answer]
    status: int
    code: str

    @property
    def name(self) -> str:
        return f"{self.case} / {self.door}: {self.what}"


def code_of_sentence(sentence: str) -> str:
    """The code of the error that says this; of several that fit, the one with most words of its own."""
    fitting = [error for error in _family(WattbookError) if _pattern(error.sentence).fullmatch(sentence)]
    return max(fitting, key=lambda error: len(_literal(error.sentence))).code if fitting else ""


def _family(error: type[WattbookError]) -> Iterator[type[WattbookError]]:
    yield error
    for below in error.__subclasses__():
        yield from _family(below)


def _literal(template: str) -> str:
    return "".join(text for text, *_ in Formatter().parse(template))


def _pattern(template: str) -> re.Pattern[str]:
    parts = (
        re.escape(text) + ("(.*)" if field is not None else "")
        for text, field, *_ in Formatter().parse(template)
    )
    return re.compile("".join(parts))
