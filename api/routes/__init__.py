# SPDX-License-Identifier: MIT
"""The routes, one file a subject. They read, check and describe; what is kept lies in reads/ and relay/."""

from typing import Any

from api.schemas.base import Problem

PROBLEM = "application/problem+json"


def problems(**statuses: str) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's answers for errors: `problems(s404="market-unknown")`."""
    return {
        int(status[1:]): {"model": Problem, "description": codes, "content": {PROBLEM: {}}}
        for status, codes in statuses.items()
    }
