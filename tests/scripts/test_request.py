# SPDX-License-Identifier: MIT
"""What Brownie's scripts are asked: the file, the plan, and what stands in their way."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from oracle.devices import load_catalogue
from scripts import people, plan
from scripts.brownie_run import last_line
from scripts.device_types import shipped_device_types
from scripts.ground import ground_of
from scripts.launch import COMMUNITY, read_request
from scripts.request import AreaConnection, Request
from wattbook.chain.contracts import load_abis
from wattbook.chain.profiles import load_profile
from wattbook.errors import DemoKeyRefused, WrongChain

ROOT = Path(__file__).parents[2]


def a_request(folder: Path) -> Request:
    return read_request(COMMUNITY, ground_of(load_profile("anvil"), folder, None))


def test_a_request_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    request = replace(
        a_request(tmp_path), keys=tmp_path / "keys", artifacts={"Settlement": "CreditingSettlement"}
    )
    for given in (request, a_request(tmp_path)):
        given.save(tmp_path / "request.json")
        assert Request.load(tmp_path / "request.json") == given


def test_the_shipped_community_can_be_asked_for(tmp_path: Path) -> None:
    request = a_request(tmp_path)
    assert request.times == (900, 86_400, 300, 3_600, 86_400, 604_800, 777_600, 1_024)
    assert request.areas[0].words() == (3_200, 800, 100, 50, 200_000, 0, 0)
    assert request.artifact_of("Settlement") == "Settlement"


def test_the_shipped_community_approves_the_meters_that_the_oracle_can_read() -> None:
    known = {(it.model, it.resolution_wh, it.power is not None) for it in load_catalogue().devices.values()}
    assert {(it.model, it.resolution_wh, it.has_power) for it in shipped_device_types()} == known


def test_two_areas_and_what_joins_them_can_be_asked_for(tmp_path: Path) -> None:
    text = COMMUNITY.read_text().replace("# shareCap:", "shareCap:")
    second = text[text.index("  - area: 0") : text.index("# More areas")].replace("area: 0", "area: 1")
    joined = text.replace("# connections:", second + "connections:").replace("#   - {", "  - {")
    (tmp_path / "two.yaml").write_text(joined)
    request = read_request(tmp_path / "two.yaml", ground_of(load_profile("anvil"), tmp_path, None))
    assert [each.area for each in request.areas] == [0, 1]
    assert request.areas[1].words()[-1] == 20_000
    assert request.connections == (AreaConnection(0, 1, 0, fee_ticks=200, capacity_wh=50_000),)
    request.save(tmp_path / "request.json")
    assert Request.load(tmp_path / "request.json") == request


def test_a_script_refuses_another_chain_and_a_missing_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(WrongChain):
        a_request(tmp_path).require_chain(1)
    monkeypatch.delenv("WATTBOOK_REQUEST", raising=False)
    with pytest.raises(SystemExit, match="run `make deploy`"):
        Request.from_environment()


def test_a_deployment_goes_on_only_with_the_code_it_was_begun_with(tmp_path: Path) -> None:
    request = a_request(tmp_path)
    begun = request.progress(nonce=3, block=7, fingerprint="code")
    assert request.progress(nonce=12, block=90, fingerprint="code") == begun
    with pytest.raises(SystemExit, match="other contracts or times"):
        request.progress(nonce=12, block=90, fingerprint="other code")


def test_published_keys_hold_roles_on_local_chains_only() -> None:
    holders = people.local_holders(31_337)
    assert len({*vars(holders).values()}) == 6
    with pytest.raises(DemoKeyRefused):
        people.local_holders(1)


def test_the_last_line_of_a_log_is_what_brownie_ended_with() -> None:
    assert last_line("Compiling\n\n  wattbook: no.\n \n") == "wattbook: no."
    assert last_line("") == "it wrote nothing."


# --- the plan against the compiled contracts ---


def restricted_in_sources(contract: str) -> set[str]:
    """Functions that the contract, its extension, or what they are made of, mark as restricted."""
    found: set[str] = set()
    for name in {contract, plan.EXTENSIONS.get(contract, contract)}:
        built = json.loads((ROOT / "build" / "contracts" / f"{name}.json").read_text())
        found |= {marked for part in syntax_trees(built) for marked in restricted_functions(part)}
    return found


def syntax_trees(built: dict) -> list[dict]:
    """The contract's tree, and those of its bases that it has from this project."""
    names = {Path(path).stem for path in built["allSourcePaths"].values() if path.startswith("contracts/")}
    files = [ROOT / "build" / "contracts" / f"{name}.json" for name in names]
    return [built["ast"], *(json.loads(path.read_text())["ast"] for path in files if path.exists())]


def restricted_functions(node: object) -> list[str]:
    if isinstance(node, list):
        return [name for each in node for name in restricted_functions(each)]
    if not isinstance(node, dict):
        return []
    found = [name for value in node.values() for name in restricted_functions(value)]
    if node.get("nodeType") == "FunctionDefinition":
        marks = {mark["modifierName"]["name"] for mark in node.get("modifiers", [])}
        found += [node["name"]] if "restricted" in marks else []
    return found


@pytest.mark.parametrize("contract", plan.CONTRACTS)
def test_every_restricted_function_has_a_role_and_every_role_a_function(contract: str) -> None:
    given = [name for names in plan.RESTRICTED.get(contract, {}).values() for name in names]
    abi = load_abis()[contract].functions
    assert len(given) == len(set(given))
    assert set(given) <= set(abi)
    assert set(given) == restricted_in_sources(contract) & set(abi)


def test_the_plan_names_every_contract_that_can_be_deployed_and_restricts() -> None:
    assert set(plan.RESTRICTED) <= set(plan.CONTRACTS)
    managed = {name for name in plan.CONTRACTS if "authority" in load_abis()[name].functions}
    assert {name for name in managed if restricted_in_sources(name)} == set(plan.RESTRICTED)
