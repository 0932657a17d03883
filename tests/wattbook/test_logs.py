# SPDX-License-Identifier: MIT
"""Logs are JSON lines on stderr and never hold a key."""

import json
import logging

import pytest

from wattbook import keys, logs

KEY = "0x" + "ab12" * 16


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]):
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    logging.getLogger().handlers.clear()


def test_a_line_carries_its_bound_fields(lines):
    logs.configure_logs("tests")
    with logs.bound(period=7, account=65552):
        logs.get_logger().info("settled", transaction="0x01")
    (line,) = lines()
    assert (line["event"], line["level"], line["process"]) == ("settled", "info", "tests")
    assert (line["period"], line["account"], line["transaction"]) == (7, 65552, "0x01")


@pytest.mark.parametrize(
    "name", ["private_key", "key", "password", "mnemonic", "session_token", "keystorePassword"]
)
def test_a_field_with_a_secrets_name_is_masked(lines, name: str):
    logs.configure_logs("tests")
    logs.get_logger().info("opened", **{name: KEY})
    assert lines()[0][name] == logs.MASK


def test_a_key_that_was_opened_is_masked_wherever_it_appears(lines):
    logs.configure_logs("tests")
    keys.key_from(KEY)
    logs.get_logger().info("oops " + KEY, value=bytes.fromhex(KEY[2:]), deep={"a": [KEY.upper()]})
    logging.getLogger("library").warning("sent %s", KEY[2:])
    text = json.dumps(lines()).lower()
    assert KEY[2:] not in text
    assert text.count(logs.MASK) == 4


def test_a_traceback_that_holds_a_key_is_masked(lines):
    logs.configure_logs("tests")
    keys.key_from(KEY)
    try:
        raise ValueError(KEY)
    except ValueError:
        logs.get_logger().exception("failed")
    (line,) = lines()
    assert "ValueError" in line["exception"]
    assert KEY[2:] not in json.dumps(line)


def test_hashes_stay_readable(lines):
    logs.configure_logs("tests")
    logs.get_logger().info("sent", transaction="0x" + "cd" * 32, idempotency_key="batch-1")
    (line,) = lines()
    assert line["transaction"] == "0x" + "cd" * 32
    assert line["idempotency_key"] == "batch-1"
