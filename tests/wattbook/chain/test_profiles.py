# SPDX-License-Identifier: MIT
"""Chain profiles: every shipped one loads; a wrong one is refused in one sentence."""

from pathlib import Path

import pytest

from wattbook.chain.fees import Fees
from wattbook.chain.profiles import FOLDER_VARIABLE, known_profiles, load_profile, profiles_folder
from wattbook.errors import ProfileInvalid, ProfileMissing

ANVIL = (profiles_folder() / "anvil.yaml").read_text()


@pytest.mark.parametrize("name", known_profiles())
def test_every_shipped_profile_loads(name: str):
    profile = load_profile(name)
    assert profile.name == name
    assert profile.confirmations >= 1
    assert profile.fees.price > 0


def test_an_unknown_profile_names_the_known_ones():
    with pytest.raises(ProfileMissing, match=r"'gnosis': the known ones are anvil, .*ganache"):
        load_profile("gnosis")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("engine: anvil", "engin: anvil", "unknown engin"),
        ("log_range: 10000", "", "log_range is missing"),
        ("chain_id: 31337", "chain_id: many", "chain_id is 'many'"),
        ("mode: legacy", "mode: free", "fee mode is 'free'"),
        ("engine: anvil", "engine: [", "can't be used"),
        (ANVIL, "", "not a table"),
    ],
)
def test_a_wrong_profile_says_what_is_wrong(tmp_path: Path, old: str, new: str, reason: str):
    (tmp_path / "x.yaml").write_text(ANVIL.replace(old, new))
    with pytest.raises(ProfileInvalid, match=reason):
        load_profile("x", tmp_path)


def test_a_folder_of_profiles_can_be_named_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "own.yaml").write_text(ANVIL)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert known_profiles() == ["own"]


def test_a_replacement_pays_at_least_an_eighth_more():
    assert Fees("legacy", 1_000_000_000).bumped() == Fees("legacy", 1_125_000_000)
    assert Fees("legacy", 0).bumped() == Fees("legacy", 1)
    assert Fees("eip1559", 8, 8).bumped() == Fees("eip1559", 9, 9)
    assert Fees("eip1559", 100, 0).bumped() == Fees("eip1559", 113, 1)


def test_fees_follow_a_base_fee_that_rose():
    assert Fees("legacy", 10).above(4) == Fees("legacy", 10)
    assert Fees("legacy", 10).above(6) == Fees("legacy", 12)


def test_fee_fields_fit_the_mode():
    assert Fees("legacy", 5).fields() == {"gasPrice": 5}
    assert Fees("eip1559", 5, 1).fields() == {"maxFeePerGas": 5, "maxPriorityFeePerGas": 1, "type": 2}
