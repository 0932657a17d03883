# SPDX-License-Identifier: MIT
"""Every error as application/problem+json (RFC 9457), with the stable codes of the error tree."""

from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.errors import ApiError, MethodNotAllowed, RequestInvalid, RouteUnknown
from wattbook import logs
from wattbook.errors import WattbookError

log = logs.get_logger()

_UNSAFE = 1 << 53


def problem(error: WattbookError) -> Response:
    """The answer that an error gives."""
    body = {
        "type": f"urn:wattbook:problem:{error.code}",
        "title": error.code.replace("-", " ").capitalize(),
        "status": error.http_status,
        "detail": str(error),
        "code": error.code,
        "facts": {name: _plain(value) for name, value in error.facts.items() if name != "name"},
    }
    return Response(orjson.dumps(body), error.http_status, media_type="application/problem+json")


def _plain(value: Any) -> Any:
    """JSON that JavaScript reads without loss."""
    if isinstance(value, bool | str | None):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < _UNSAFE else str(int(value))
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return str(value)


def install(app: FastAPI) -> None:
    """Handlers for our errors, FastAPI's and whatever else."""
    app.add_exception_handler(WattbookError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


async def _ours(_request: Request, error: Exception) -> Response:
    return problem(error) if isinstance(error, WattbookError) else problem(WattbookError(reason="unknown"))


async def _invalid(_request: Request, error: Exception) -> Response:
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    if not faults:
        return problem(RequestInvalid(reason="it can't be read"))
    place = ".".join(str(part) for part in faults[0]["loc"])
    return problem(RequestInvalid(reason=f"{place}: {faults[0]['msg'].rstrip('.')}", field=place))


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    path = request.url.path
    if status == 404:
        return problem(RouteUnknown(path=path))
    if status == 405:
        return problem(MethodNotAllowed(path=path, method=request.method))
    return problem(ApiError(reason=getattr(error, "detail", str(error))))


async def _unexpected(request: Request, error: Exception) -> Response:
    route = request.scope.get("route")
    log.error("a route failed", route=getattr(route, "path", ""), exc_info=error)
    return problem(WattbookError(reason="this should not happen; the log of the API has more"))
