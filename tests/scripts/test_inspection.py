# SPDX-License-Identifier: MIT
"""`wattbook deploy --check`: a deployment as planned passes; whatever was tampered with is named."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from eth_utils.address import to_checksum_address

from scripts import people, plan
from tests.scripts.anvil_town import Town, read_json, town
from wattbook.chain.contracts import load_abis
from wattbook.errors import Exit

pytestmark = [pytest.mark.slow, pytest.mark.chain, pytest.mark.timeout(300)]
STRANGER = 25


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("inspection")) as it:
        yield it


@pytest.fixture
def tampered(place: Town) -> Iterator[Town]:
    with place.undone():
        yield place


def check(place: Town, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    status = place.run("--check", "--json", *options)
    return status, read_json(capsys.readouterr().out)


def test_a_deployment_as_planned_passes_and_says_who_may_do_what(
    place: Town, capsys: pytest.CaptureFixture[str]
):
    status, found = check(place, capsys)
    assert (status, found["differences"]) == (Exit.OK, [])
    may_call = found["state"]["mayCall"]
    assert may_call["GridOversight.voidMarket"] == {"role": "regulator", "holders": ["regulator"]}
    assert may_call["PaymentVault.openAccount"] == {"role": "vault registry", "holders": ["Registry"]}
    planned = {
        f"{c}.{f}" for c, by_role in plan.RESTRICTED.items() for names in by_role.values() for f in names
    }
    assert set(may_call) == planned
    assert found["state"]["terms"][0]["area"] == 0
    capsys.readouterr()
    assert place.run("--check") == Exit.OK
    shown = capsys.readouterr().out
    assert "Who may do what" in shown
    assert "neighbourhood on anvil: As planned." in shown


def selectors(contract: str, *functions: str) -> list[bytes]:
    return [load_abis()[contract].functions[function].selector for function in functions]


def an_operator_more(place: Town) -> None:
    place.send(0, "Administration", "grantRole", plan.OPERATOR, place.people[STRANGER], 0)


def an_admin_more(place: Town) -> None:
    place.send(0, "Administration", "grantRole", plan.ADMIN, place.people[STRANGER], 0)


def a_regulator_less(place: Town) -> None:
    place.send(0, "Administration", "revokeRole", plan.REGULATOR, place.people[people.REGULATOR])


def a_contract_without_its_role(place: Town) -> None:
    place.send(0, "Administration", "revokeRole", plan.VAULT_REGISTRY, place.address("Registry"))


def a_function_open_to_all(place: Town) -> None:
    open_to_all = selectors("GridOversight", "voidMarket")
    oversight = place.address("GridOversight")
    place.send(0, "Administration", "setTargetFunctionRole", oversight, open_to_all, plan.PUBLIC)


def a_function_of_the_manager_itself(place: Town) -> None:
    manager = place.address("Administration")
    place.send(
        0,
        "Administration",
        "setTargetFunctionRole",
        manager,
        selectors("Administration", "grantRole"),
        plan.OPERATOR,
    )


def a_closed_contract(place: Town) -> None:
    place.send(0, "Administration", "setTargetClosed", place.address("Registry"), True)


def another_authority(place: Town) -> None:
    place.send(0, "Registry", "setAdmissionAuthority", place.people[STRANGER])


def an_area_without_terms(place: Town) -> None:
    place.send(0, "Registry", "openArea", 3, place.people[people.BACKSTOP], place.people[people.FEES])


def a_strangers_venue(place: Town) -> None:
    place.send(0, "PaymentVault", "grantVenue", place.people[STRANGER], True)


def an_admin_without_notice(place: Town) -> None:
    """The shorter delay counts once the rest of the longer one has passed."""
    place.send(0, "Administration", "grantRole", plan.ADMIN, place.people[0], 60)
    place.pass_time(plan.NOTICE[plan.ADMIN])


def a_grantor_whose_notice_is_about_to_end(place: Town) -> None:
    place.send(0, "Administration", "grantRole", plan.VENUE_GRANTOR, place.people[0], 0)


def an_operator_who_must_give_notice(place: Town) -> None:
    place.send(0, "Administration", "grantRole", plan.OPERATOR, place.people[0], 3_600)


def a_role_whose_grants_wait(place: Town) -> None:
    place.send(0, "Administration", "setGrantDelay", plan.REGULATOR, 86_400)
    place.pass_time(5 * 86_400)


def a_contract_whose_rules_wait(place: Town) -> None:
    place.send(0, "Administration", "setTargetAdminDelay", place.address("Registry"), 86_400)
    place.pass_time(5 * 86_400)


def another_guardian(place: Town) -> None:
    place.send(0, "Administration", "setRoleGuardian", plan.VENUE_GRANTOR, plan.OPERATOR)


def a_role_that_its_members_pass_on(place: Town) -> None:
    place.send(0, "Administration", "setRoleAdmin", plan.OPERATOR, plan.OPERATOR)


TAMPERING: list[tuple[Callable[[Town], None], str, str]] = [
    (an_operator_more, "member-unexpected", "operator"),
    (an_admin_more, "member-unexpected", "admin"),
    (a_regulator_less, "member-missing", "regulator"),
    (a_contract_without_its_role, "member-missing", "vault registry"),
    (a_function_open_to_all, "function-role", "GridOversight.voidMarket"),
    (a_function_of_the_manager_itself, "function-role", "Administration.grantRole"),
    (a_closed_contract, "contract-closed", "Registry"),
    (another_authority, "authority", "Registry.authority712"),
    (an_area_without_terms, "terms-missing", "area 3"),
    (an_admin_without_notice, "notice", "admin {0}"),
    (a_grantor_whose_notice_is_about_to_end, "notice-changing", "venue grantor {0}"),
    (an_operator_who_must_give_notice, "notice", "operator {0}"),
    (a_role_whose_grants_wait, "grant-delay", "regulator"),
    (a_contract_whose_rules_wait, "admin-delay", "Registry"),
    (another_guardian, "guardian", "venue grantor"),
    (a_role_that_its_members_pass_on, "role-admin", "operator"),
    (a_strangers_venue, "venue-unexpected", "PaymentVault"),
]


@pytest.mark.parametrize(
    ("tamper", "code", "subject"), TAMPERING, ids=lambda value: getattr(value, "__name__", "")
)
def test_whoever_may_do_otherwise_than_planned_is_named(
    tampered: Town,
    capsys: pytest.CaptureFixture[str],
    tamper: Callable[[Town], None],
    code: str,
    subject: str,
):
    tamper(tampered)
    status, found = check(tampered, capsys)
    assert status == Exit.CHECK_FAILED
    named = [(each["code"], each["subject"]) for each in found["differences"]]
    assert named == [(code, subject.format(to_checksum_address(tampered.people[0])))]


def test_code_that_is_gone_or_other_is_named_before_anything_is_believed(
    tampered: Town, capsys: pytest.CaptureFixture[str]
):
    tampered.rpc("anvil_setCode", tampered.address("Settlement"), "0x")
    tampered.rpc("anvil_setCode", tampered.address("OrderBook"), "0x6000")
    status, found = check(tampered, capsys)
    assert status == Exit.CHECK_FAILED
    assert [(each["code"], each["subject"]) for each in found["differences"]] == [
        ("code-missing", "Settlement"),
        ("code-changed", "OrderBook"),
    ]
    assert "state" not in found


def test_a_file_that_names_another_contract_is_found_out(tampered: Town, capsys: pytest.CaptureFixture[str]):
    file = tampered.folder / "deployment.json"
    content = json.loads(file.read_text())
    content["contracts"]["OrderBook"] = content["contracts"]["Settlement"]
    file.write_text(json.dumps(content))
    status, found = check(tampered, capsys)
    assert status == Exit.CHECK_FAILED
    codes = {each["code"] for each in found["differences"]}
    assert {"venue-missing", "venue-unexpected"} <= codes


def test_a_file_with_other_decimals_of_the_payment_token_is_found_out(
    tampered: Town, capsys: pytest.CaptureFixture[str]
):
    file = tampered.folder / "deployment.json"
    content = json.loads(file.read_text())
    content["token"]["decimals"] = 2
    file.write_text(json.dumps(content))
    status, found = check(tampered, capsys)
    assert status == Exit.CHECK_FAILED
    (difference,) = found["differences"]
    assert (difference["code"], difference["expected"]) == ("token", "TEUR of 2 decimals")
    assert difference["found"] == "TEUR of 6 decimals"


def test_a_node_of_another_chain_and_a_missing_file_have_their_own_sentence(
    place: Town, capsys: pytest.CaptureFixture[str]
):
    assert place.run("--check", "--deployment", "nowhere.json") == Exit.CHAIN
    assert "There is no deployment file at nowhere.json" in capsys.readouterr().out


def test_a_takeover_leaves_both_files_as_planned(tampered: Town, capsys: pytest.CaptureFixture[str]):
    assert tampered.run("--takeover", "next") == Exit.OK
    assert "Run the same command again then." in capsys.readouterr().out
    tampered.pass_time(7 * 86_400)
    assert tampered.run("--takeover", "next") == Exit.OK
    assert tampered.run("--takeover", "next") == Exit.OK
    assert "Nothing waits." in capsys.readouterr().out
    assert check(tampered, capsys, "--name", "next")[0] == Exit.OK
    assert check(tampered, capsys)[0] == Exit.OK
    assert tampered.run("--drain") == Exit.OK
    status, found = check(tampered, capsys)
    assert (status, found["differences"]) == (Exit.OK, [])
    assert check(tampered, capsys, "--name", "next")[0] == Exit.OK
    assert tampered.address("OrderBook") != tampered.address("OrderBook", "next")
    assert tampered.address("Settlement") == tampered.address("Settlement", "next")
