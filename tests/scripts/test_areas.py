# SPDX-License-Identifier: MIT
"""Two areas from one community file, joined both ways, as `make deploy` and `wattbook terms` see them."""

import json
from pathlib import Path

import pytest
import yaml

from scripts.launch import COMMUNITY
from tests.scripts.anvil_town import town
from wattbook.cli.main import main
from wattbook.errors import Exit

pytestmark = [pytest.mark.slow, pytest.mark.chain, pytest.mark.timeout(300)]


def two_areas(folder: Path) -> Path:
    community = yaml.safe_load(COMMUNITY.read_text())
    (first,) = community["areas"]
    first["inboundCapacity"] = "30"
    community["areas"] = [first, {**first, "area": 1, "retail": "0.3000", "inboundCapacity": "50"}]
    ends = {"carrier": "electricity", "fee": "0.0200"}
    community["connections"] = [
        {"from": 0, "to": 1, "capacity": "50", **ends},
        {"from": 1, "to": 0, "capacity": "30", **ends},
    ]
    path = folder / "two.yaml"
    path.write_text(yaml.safe_dump(community))
    return path


def test_two_areas_are_deployed_joined_and_left_alone_by_a_second_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(two_areas(tmp_path))
    with town(tmp_path) as place:
        period = place.deployment().calendar.period_of(
            int(place.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)
        )
        assert place.run("--community", file, "--once") == Exit.OK
        block = place.rpc("eth_blockNumber")
        assert place.run("--community", file, "--once") == Exit.OK
        assert place.rpc("eth_blockNumber") == block
        capsys.readouterr()
        deployment = str(tmp_path / "deployment.json")
        later = str(period + 100)
        assert (
            main(["terms", "--deployment", deployment, "--rpc", place.url, "--period", later, "--json"]) == 0
        )
    found = json.loads(capsys.readouterr().out)
    assert [(each["area"], each["retail"]) for each in found["areas"]] == [(0, "0.3200"), (1, "0.3000")]
    assert found["connections"] == [
        {"from": 0, "to": 1, "fee": "0.0200", "capacityKWh": "50.000", "freeKWh": "50.000"},
        {"from": 1, "to": 0, "fee": "0.0200", "capacityKWh": "30.000", "freeKWh": "30.000"},
    ]
