# SPDX-License-Identifier: MIT
"""What every error of Wattbook has; the tree of them is drawn in __init__.py."""

import re
from enum import IntEnum
from string import Formatter
from typing import Any, ClassVar


class Exit(IntEnum):
    """What the status of every `wattbook` command and process means."""

    OK = 0
    INTERNAL = 1
    INPUT = 2
    REFUSED = 3
    CHAIN = 4
    SECRET = 5
    PROCESS = 6
    CHECK_FAILED = 7


class WattbookError(Exception):
    """An error with facts, the keyword arguments.

    A class has a stable `code` (its name's, unless it states another), an exit status, an HTTP status and a
    `sentence`, a template over the facts. More facts than it names are allowed, fewer are a TypeError.
    """

    code: ClassVar[str] = "internal"
    exit_status: ClassVar[int] = Exit.INTERNAL
    http_status: ClassVar[int] = 500
    sentence: ClassVar[str] = "Something failed inside Wattbook: {reason}."

    def __init_subclass__(cls) -> None:
        if "code" not in vars(cls):
            cls.code = code_of(cls.__name__)

    def __init__(self, **facts: Any) -> None:
        missing = self.fact_names() - facts.keys()
        if missing:
            raise TypeError(f"{type(self).__name__} needs the facts {', '.join(sorted(missing))}")
        self.facts = facts
        super().__init__(self.sentence.format(**facts))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.facts)

    @classmethod
    def fact_names(cls) -> set[str]:
        """The facts without which the sentence can't be said."""
        fields = (field for _, field, _, _ in Formatter().parse(cls.sentence) if field)
        return {field.split(".")[0].split("[")[0] for field in fields}


def code_of(name: str) -> str:
    """The stable code of an error's class, or of a contract's error: GateClosed → gate-closed."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()


def _rebuild(kind: type[WattbookError], facts: dict[str, Any]) -> WattbookError:
    return kind(**facts)
