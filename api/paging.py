# SPDX-License-Identifier: MIT
"""Cursor pages. A cursor is the key of the last row shown, so that new rows never shift a page."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import Query

from api.errors import CursorInvalid

T = TypeVar("T")
Key = tuple[int, ...]

Limit = Annotated[int, Query(ge=1, le=200, description="rows of a page")]
Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before")]


def encode_cursor(key: Key) -> str:
    """Opaque text of a row's key."""
    return base64.urlsafe_b64encode(orjson.dumps(list(key))).decode().rstrip("=")


def decode_cursor(cursor: str | None, width: int) -> Key | None:
    """A row's key of `width` integers. Raises CursorInvalid."""
    if cursor is None:
        return None
    try:
        key = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        raise CursorInvalid() from None
    whole = isinstance(key, list) and all(type(part) is int and abs(part) < 1 << 63 for part in key)
    if not whole or len(key) != width:
        raise CursorInvalid()
    return tuple(key)


def cut(rows: Sequence[T], limit: int, key: Callable[[T], Key]) -> dict[str, Any]:
    """Of at most limit + 1 rows: items and the next page's cursor."""
    items = list(rows[:limit])
    return {"items": items, "next": encode_cursor(key(items[-1])) if len(rows) > limit else None}
