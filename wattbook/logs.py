# SPDX-License-Identifier: MIT
"""Logs: structlog, one JSON object a line on stderr, never a key.

    configure_logs("oracle")
    log = get_logger(account=…)
    with bound(period=p, transaction=h): log.info("batch posted", readings=100)

Fields with a secret's name are masked, and so is every secret that was registered with `hide` (keys.py does
that with each key it opens), wherever it appears, tracebacks included.
"""

import contextlib
import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from typing import Any

import structlog

MASK = "********"
_SECRET_NAME = re.compile(
    r"private|secret|password|passphrase|mnemonic|(^|_)(seed_phrase|key|token|cookie)$", re.IGNORECASE
)
# Names that end in "key" and hold none.
_PUBLIC_NAMES = {"idempotency_key", "public_key", "gateway_key"}
_hidden: set[str] = set()


def hide(secret: str) -> None:
    """From now on this text is masked in every line. Short ones are ignored: they would mask half the log."""
    text = secret.removeprefix("0x").lower()
    if len(text) >= 16:
        _hidden.add(text)


def configure_logs(process: str, level: str = "info") -> None:
    """Sets structlog up for this process; also what libraries say through `logging`, from warning on."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(sort_keys=True)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        # Looked up at each line: whoever replaced standard error since then gets it.
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(sort_keys=True),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    structlog.contextvars.bind_contextvars(process=process)


def get_logger(**fields: Any) -> Any:
    """A logger; the fields that matter are period, account and transaction."""
    return structlog.get_logger(**fields)


@contextlib.contextmanager
def bound(**fields: Any) -> Iterator[None]:
    """Binds period, account, transaction … to every line written inside."""
    with structlog.contextvars.bound_contextvars(**fields):
        yield


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor that masks secrets, by field name and by value."""
    for name, value in event.items():
        event[name] = MASK if _is_secret_name(name) else _masked(value)
    return event


def _is_secret_name(name: str) -> bool:
    return name not in _PUBLIC_NAMES and _SECRET_NAME.search(name) is not None


def _masked(value: Any) -> Any:
    if isinstance(value, bytes | bytearray):
        return _masked("0x" + value.hex())
    if isinstance(value, str):
        return _masked_text(value)
    if isinstance(value, dict):
        return {name: MASK if _is_secret_name(str(name)) else _masked(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_masked(item) for item in value]
    if isinstance(value, int | float | None):
        return value
    return _masked_text(str(value))


def _masked_text(text: str) -> str:
    lower = text.lower()
    for secret in _hidden:
        if secret in lower:
            text = re.sub(f"(0x)?{re.escape(secret)}", MASK, text, flags=re.IGNORECASE)
            lower = text.lower()
    return text
