# SPDX-License-Identifier: MIT
"""Keys: keystores, the published test keys, signatures with low s in both forms."""

import copy
import json
import pickle
import stat
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_utils.crypto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from wattbook import keys
from wattbook.errors import (
    DemoKeyRefused,
    KeyInvalid,
    KeystoreExists,
    KeystoreMissing,
    KeystoreUnreadable,
    PasswordMissing,
    PasswordWrong,
)

HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
FAST = 1024  # scrypt rounds


@pytest.fixture
def keystore(tmp_path: Path) -> Path:
    keys.create_keystore(tmp_path / "k.json", "secret", keys.demo_key(0, 31337), iterations=FAST)
    return tmp_path / "k.json"


def test_the_first_test_key_has_its_published_address():
    assert keys.demo_key(0, 31337).address == "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
    assert keys.demo_key(1, 1337).address == "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"


@pytest.mark.parametrize("chain_id", [1, 13371, 13372, 0])
def test_test_keys_are_refused_off_anvil_and_ganache(chain_id: int):
    with pytest.raises(DemoKeyRefused, match=f"refused on chain {chain_id}"):
        keys.demo_key(0, chain_id)


def test_a_test_key_in_a_keystore_is_refused_too():
    keys.require_own_key(keys.demo_key(3, 1337), 31337)
    with pytest.raises(DemoKeyRefused):
        keys.require_own_key(keys.demo_key(3, 1337), 13371)
    keys.require_own_key(keys.key_from(b"\x05" * 32), 13371)


def test_a_keystore_opens_with_its_password(keystore: Path):
    assert keys.open_keystore(keystore, "secret").address == keys.demo_key(0, 31337).address


def test_a_keystore_is_readable_by_its_owner_only(keystore: Path):
    assert stat.S_IMODE(keystore.stat().st_mode) == 0o600
    assert list(keystore.parent.iterdir()) == [keystore]


def test_a_keystore_is_never_overwritten(keystore: Path):
    before = keystore.read_bytes()
    with pytest.raises(KeystoreExists):
        keys.create_keystore(keystore, "other", iterations=FAST)
    assert keystore.read_bytes() == before
    assert list(keystore.parent.iterdir()) == [keystore]


def test_a_wrong_password_a_missing_file_and_garbage_have_a_sentence_each(keystore: Path, tmp_path: Path):
    with pytest.raises(PasswordWrong, match="does not open"):
        keys.open_keystore(keystore, "guess")
    with pytest.raises(KeystoreMissing, match="no keystore"):
        keys.open_keystore(tmp_path / "none.json", "secret")
    for garbage in ("", "{}", '{"version": 3}', "[1]", '{"version": 3, "crypto": {}}'):
        (tmp_path / "bad.json").write_text(garbage)
        with pytest.raises(KeystoreUnreadable):
            keys.open_keystore(tmp_path / "bad.json", "secret")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": 4}, "its version is 4, not 3"),
        ({"crypto": {"cipher": "aes-128-cbc"}}, "its cipher is 'aes-128-cbc', not aes-128-ctr"),
        ({"crypto": {"kdf": "argon2"}}, "its kdf is 'argon2', not scrypt or pbkdf2"),
        ({"crypto": {"kdfparams": {"prf": "md5"}}}, "its prf is 'md5', not hmac-sha256"),
        ({"crypto": {"kdfparams": {"c": "many"}}}, "a field is missing or malformed"),
        ({"crypto": {"kdfparams": {"dklen": 1 << 40}}}, "a field is missing or malformed"),
    ],
)
def test_a_keystore_of_another_form_is_refused_and_told(change: dict[str, Any], told: str, tmp_path: Path):
    secret = keys.demo_key(0, 31337)._private.to_bytes()
    keystore = merged(Account.encrypt(secret, "secret", kdf="pbkdf2", iterations=FAST), change)
    (tmp_path / "k.json").write_text(json.dumps(keystore))
    with pytest.raises(KeystoreUnreadable, match=told):
        keys.open_keystore(tmp_path / "k.json", "secret")


def merged(whole: Any, change: Any) -> Any:
    """`whole` with the leaves that `change` names."""
    if not isinstance(change, dict):
        return change
    return {**whole, **{name: merged(whole.get(name), value) for name, value in change.items()}}


def test_a_keystore_with_names_in_capitals_opens_too(keystore: Path):
    keystore.write_text(keystore.read_text().replace('"crypto"', '"Crypto"'))
    assert keys.open_keystore(keystore, "secret").address == keys.demo_key(0, 31337).address


def test_a_password_comes_from_a_file_then_from_the_environment(tmp_path: Path):
    file = tmp_path / "pw"
    file.write_text("from file\n")
    assert keys.read_password(file, "PW", {"PW": "from env"}) == "from file"
    assert keys.read_password(None, "PW", {"PW": "from env"}) == "from env"
    with pytest.raises(PasswordMissing, match="set PW"):
        keys.read_password(tmp_path / "none", "PW", {})


@pytest.mark.parametrize("secret", ["", "0x12", "zz" * 32, "00" * 32, "ff" * 32, b"\x00" * 32])
def test_what_is_no_key_is_refused_without_being_shown(secret: str | bytes):
    with pytest.raises(KeyInvalid) as refused:
        keys.key_from(secret)
    assert refused.value.facts == {}


def test_a_key_does_not_show_its_secret():
    key = keys.key_from(b"\x11" * 32)
    assert "11" * 32 not in repr(key) + str(key) + str([key])
    with pytest.raises(TypeError):
        pickle.dumps(key)
    with pytest.raises(TypeError):
        copy.copy(key)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=40))
@settings(max_examples=40, deadline=None)
def test_both_forms_of_a_signature_name_their_signer(secret: bytes, message: bytes):
    if not 0 < int.from_bytes(secret) < 2**255:
        return
    key, digest = keys.key_from(secret), keccak(message)
    short, long = keys.sign_digest(key, digest), keys.sign_digest_65(key, digest)
    assert (len(short), len(long)) == (64, 65)
    assert int.from_bytes(long[32:64]) <= HALF_ORDER
    assert keys.compact(long) == short
    assert keys.expand(short) == long
    assert keys.recover(digest, short) == keys.recover(digest, long) == key.address
    assert Account._recover_hash(digest, signature=long) == key.address


def test_signatures_are_deterministic():
    key, digest = keys.demo_key(0, 31337), keccak(b"x")
    assert keys.sign_digest(key, digest) == keys.sign_digest(key, digest)


def test_a_high_s_and_odd_lengths_are_refused():
    key, digest = keys.demo_key(0, 31337), keccak(b"x")
    long = keys.sign_digest_65(key, digest)
    high = long[:32] + (keys._ORDER - int.from_bytes(long[32:64])).to_bytes(32) + bytes([55 - long[64]])
    for wrong in (high, long[:63], long + b"\x00", b""):
        with pytest.raises(ValueError):
            keys.recover(digest, wrong)
    with pytest.raises(ValueError):
        keys.recover(digest, b"\xff" * 32 + b"\x01" * 32)


def test_a_keystore_is_whole_and_so_opens_in_geth_as_well(tmp_path: Path):
    key = keys.demo_key(0, 31_337)
    path = tmp_path / "key.json"
    content = {"crypto": {"cipherparams": {"iv": "0" * 32}}}
    while len(content["crypto"]["cipherparams"]["iv"]) == 32:  # one in 256 begins with a zero byte
        content = Account.encrypt(key._private.to_bytes(), "secret", iterations=2)
    path.write_text(json.dumps(keys.whole(content)))
    assert len(json.loads(path.read_text())["crypto"]["cipherparams"]["iv"]) == 32
    assert keys.open_keystore(path, "secret").address == key.address
