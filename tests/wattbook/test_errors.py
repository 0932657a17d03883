# SPDX-License-Identifier: MIT
"""The error tree: drawn as it is, every class with a code of its own and a sentence that can be said."""

import pickle
import re

import pytest

from wattbook import errors
from wattbook.errors import Exit, WattbookError


def tree(cls: type[WattbookError] = WattbookError) -> list[type[WattbookError]]:
    found = [cls]
    for child in cls.__subclasses__():
        if child.__module__.startswith(errors.__name__ + "."):
            found += tree(child)
    return found


CLASSES = tree()


def test_the_docstring_draws_every_class_under_its_parent():
    drawn: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"    ([│├└─ ]*)(\w+)", line):
            depth = len(found[1]) // 4
            path[depth:] = [found[2]]
            drawn[found[2]] = path[depth - 1] if depth else ""
    real = {cls.__name__: "" if cls is WattbookError else cls.__bases__[0].__name__ for cls in CLASSES}
    assert drawn == real


def test_codes_are_unique_kebab_case():
    codes = [cls.code for cls in CLASSES]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


@pytest.mark.parametrize("cls", CLASSES)
def test_every_class_says_one_sentence(cls: type[WattbookError]):
    said = str(cls(**dict.fromkeys(cls.fact_names(), 7)))
    assert said[0].isupper() or said[0] == "7" or said[0] == "'"
    assert "\n" not in said
    assert said.rstrip()[-1] in ".7"


@pytest.mark.parametrize("cls", CLASSES)
def test_every_class_has_statuses_that_mean_something(cls: type[WattbookError]):
    assert cls.exit_status in list(Exit)
    assert cls.exit_status != Exit.OK
    assert 400 <= cls.http_status < 600


def test_facts_are_kept_and_those_the_sentence_needs_are_required():
    error = errors.PortTaken(port=1, host="h", extra=2)
    assert error.facts == {"port": 1, "host": "h", "extra": 2}
    with pytest.raises(TypeError, match="needs the facts host"):
        errors.PortTaken(port=1)


def test_an_error_survives_pickling():
    error = pickle.loads(pickle.dumps(errors.PriceOutOfRange(ticks=60_000)))
    assert type(error) is errors.PriceOutOfRange
    assert error.facts == {"ticks": 60_000}
