# SPDX-License-Identifier: MIT
"""Bad input, case by case and door by door: one clear sentence, a stable code, and nothing has changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.stage import START
from tests.bad_input import at_command, at_contracts, at_http, at_registry, at_start
from tests.bad_input.answers import Row
from tests.bad_input.state import state_hash
from tests.bad_input.town import Town, opened_town
from tests.contracts.live_chain import anvil

pytestmark = [pytest.mark.chain, pytest.mark.slow]

ROWS = [*at_contracts.ROWS, *at_http.ROWS, *at_command.ROWS, *at_start.ROWS, *at_registry.ROWS]

# Where each case can come in. Contracts have no passwords, device models or ports; a command has no order
# signature of others, and so on.
DOORS = {
    "wrong chain": "contract API command oracle indexer relay API's-settings keeper deploy",
    "wrong key": "contract API command oracle relay API's-settings keeper",
    "unadmitted member": "contract API command",
    "revoked member": "contract API command",
    "closed gate": "contract API command",
    "price out of range": "contract API command deploy",
    "quantity out of range": "contract API command oracle API's-settings deploy",
    "not enough collateral": "contract API command",
    "replayed signature": "contract API command",
    "expired signature": "contract API command",
    "unknown device model": "command oracle simulator",
    "bad YAML": "command oracle API's-settings deploy",
    "port taken": "API's-settings oracle demo deploy",
    "package registry unreachable": "setup",
}


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with anvil(START) as chain, opened_town(chain, tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_bad_input_is_refused_in_one_sentence_and_changes_nothing(
    town: Town, tmp_path: Path, row: Row
) -> None:
    before = state_hash(town, tmp_path)
    answer = row.knock(town, tmp_path)
    assert (answer.status, answer.code) == (row.status, row.code), answer
    assert says_what_to_do(answer.sentence)
    assert state_hash(town, tmp_path) == before


def says_what_to_do(sentence: str) -> bool:
    """One line: the fact, a colon, then what to do."""
    fact, colon, advice = sentence.partition(": ")
    return bool(fact and colon and len(advice) > 8 and sentence.endswith((".", ")"))) and "\n" not in sentence


def test_every_case_has_a_row_at_each_door_it_can_come_in_by() -> None:
    doors = {
        case: sorted({row.door.replace(" ", "-") for row in ROWS if row.case == case})
        for case in {row.case for row in ROWS}
    }
    assert doors == {case: sorted(listed.split()) for case, listed in DOORS.items()}


def test_the_state_hash_sees_each_thing_that_it_is_to_watch(town: Town, tmp_path: Path) -> None:
    seen = {state_hash(town, tmp_path)}
    (tmp_path / "left-behind").touch()
    seen.add(state_hash(town, tmp_path))
    snapshot = town.chain.snapshot()
    town.stage.place("Ben", "bid", 100, 900, period=town.open)
    seen.add(state_hash(town, tmp_path))
    town.chain.revert(snapshot)
    call = {"from": town.person("Ben"), "to": town.person("Ana"), "value": "0x1"}
    town.chain.rpc("eth_sendTransaction", call)
    seen.add(state_hash(town, tmp_path))
    town.chain.rpc("anvil_dropAllTransactions")
    (tmp_path / "left-behind").unlink()
    assert len(seen) == 4
    assert state_hash(town, tmp_path) in seen
