# SPDX-License-Identifier: MIT
"""Private keys: encrypted keystores, the published test keys, and signatures with low s.

A `Key` never shows its secret: not in repr, not in pickles; every key made here is masked in the logs.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_account.datastructures import SignedTransaction
from eth_keys.datatypes import PrivateKey, Signature

from wattbook import logs
from wattbook.errors import (
    DemoKeyRefused,
    KeyInvalid,
    KeystoreExists,
    KeystoreMissing,
    KeystoreUnreadable,
    PasswordMissing,
    PasswordWrong,
)

DEMO_MNEMONIC = "test test test test test test test test test test test junk"
DEMO_CHAIN_IDS = frozenset({31337, 1337})  # Anvil, Ganache

_ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
_PARITY_BIT = 1 << 255
_KEYSTORE_FORMS: dict[str, tuple[Any, ...]] = {
    "version": (3,),
    "cipher": ("aes-128-ctr",),
    "kdf": ("scrypt", "pbkdf2"),
    "prf": ("hmac-sha256",),
}


@dataclass(frozen=True, repr=False, eq=False)
class Key:
    """A private key. `address` is its checksummed address."""

    address: str
    _private: PrivateKey

    def __repr__(self) -> str:
        return f"Key({self.address})"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a key is not pickled")


def key_from(secret: bytes | str) -> Key:
    """The key of 32 bytes, or of their hex. Raises KeyInvalid."""
    try:
        raw = bytes.fromhex(secret.strip().removeprefix("0x")) if isinstance(secret, str) else bytes(secret)
    except ValueError:
        raise KeyInvalid() from None
    if len(raw) != 32 or not 0 < int.from_bytes(raw) < _ORDER:
        raise KeyInvalid()
    logs.hide(raw.hex())
    private = PrivateKey(raw)
    return Key(private.public_key.to_checksum_address(), private)


def demo_key(index: int, chain_id: int) -> Key:
    """Key `index` of the published test mnemonic. Raises DemoKeyRefused off Anvil and Ganache."""
    if chain_id not in DEMO_CHAIN_IDS:
        raise DemoKeyRefused(chain_id=chain_id)
    return _demo_key(index)


@lru_cache(maxsize=256)
def _demo_key(index: int) -> Key:
    Account.enable_unaudited_hdwallet_features()
    account = Account.from_mnemonic(DEMO_MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")
    return key_from(bytes(account.key))


def require_own_key(key: Key, chain_id: int) -> None:
    """Refuses the published test keys (the first 100) off Anvil and Ganache. Raises DemoKeyRefused."""
    if chain_id not in DEMO_CHAIN_IDS and any(_demo_key(i).address == key.address for i in range(100)):
        raise DemoKeyRefused(chain_id=chain_id)


def create_keystore(path: Path, password: str, key: Key | None = None, iterations: int | None = None) -> Key:
    """Writes a new key (or `key`) to a version 3 keystore that only its owner may read.

    `iterations` weakens scrypt for tests. Raises KeystoreExists; never overwrites.
    """
    key = key or key_from(os.urandom(32))
    text = json.dumps(whole(Account.encrypt(key._private.to_bytes(), password, iterations=iterations)))
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, fails where a keystore already is.
        os.link(draft, path)
    except FileExistsError:
        raise KeystoreExists(path=path) from None
    finally:
        draft.unlink(missing_ok=True)
    return key


def whole(keystore: dict[str, Any]) -> dict[str, Any]:
    """With all 16 bytes of its start value: eth-keyfile omits leading zeros, and Geth refuses the rest."""
    cipher = keystore["crypto"]["cipherparams"]
    cipher["iv"] = cipher["iv"].rjust(32, "0")
    return keystore


def open_keystore(path: Path, password: str) -> Key:
    """The key of a version 3 keystore. Raises KeystoreMissing, KeystoreUnreadable, PasswordWrong."""
    try:
        content = json.loads(path.read_text(), object_hook=_in_lower_case)
    except FileNotFoundError:
        raise KeystoreMissing(path=path) from None
    except (OSError, ValueError):
        raise KeystoreUnreadable(path=path, reason="it can't be read as JSON") from None
    try:
        _require_known(path, content)
        return key_from(bytes(Account.decrypt(content, password)))
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        # eth-keyfile tells a wrong password from wrong content by the text alone.
        if "MAC" in str(error):
            raise PasswordWrong(path=path) from None
        raise KeystoreUnreadable(path=path, reason="a field is missing or malformed") from None


def _in_lower_case(fields: dict[str, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in fields.items()}


def _require_known(path: Path, keystore: dict[str, Any]) -> None:
    """Raises KeystoreUnreadable: eth-keyfile would open any cipher with its only one, to another key."""
    crypto = keystore["crypto"]
    named = {"version": keystore["version"], "cipher": crypto["cipher"], "kdf": crypto["kdf"]}
    if crypto["kdf"] == "pbkdf2":
        named["prf"] = crypto["kdfparams"]["prf"]
    for name, found in named.items():
        if found not in _KEYSTORE_FORMS[name]:
            known = " or ".join(map(str, _KEYSTORE_FORMS[name]))
            raise KeystoreUnreadable(path=path, reason=f"its {name} is {found!r}, not {known}")


def read_password(file: Path | None, variable: str, environ: Mapping[str, str] | None = None) -> str:
    """A keystore's password: first line of `file`, else the environment variable. Raises PasswordMissing."""
    if file is not None and file.is_file():
        password = (file.read_text().splitlines() or [""])[0]
    else:
        password = (os.environ if environ is None else environ).get(variable, "")
    if not password:
        raise PasswordMissing(variable=variable)
    logs.hide(password)
    return password


def sign_digest(key: Key, digest: bytes) -> bytes:
    """64 bytes r ‖ vs (EIP-2098) over a 32-byte digest; deterministic, low s."""
    signature = key._private.sign_msg_hash(digest)
    vs: int = signature.s | signature.v * _PARITY_BIT
    return int(signature.r).to_bytes(32) + vs.to_bytes(32)


def sign_digest_65(key: Key, digest: bytes) -> bytes:
    """65 bytes r ‖ s ‖ v with v 27 or 28, over a 32-byte digest; deterministic, low s."""
    return expand(sign_digest(key, digest))


def expand(compact: bytes) -> bytes:
    """The 65-byte form of a 64-byte signature."""
    vs = int.from_bytes(compact[32:])
    return compact[:32] + (vs % _PARITY_BIT).to_bytes(32) + bytes([27 + vs // _PARITY_BIT])


def compact(signature: bytes) -> bytes:
    """The 64-byte form of a 65-byte signature (v 0, 1, 27 or 28). Raises ValueError, for a high s too."""
    if len(signature) != 65 or signature[64] not in (0, 1, 27, 28):
        raise ValueError("a signature has 65 bytes and ends in 0, 1, 27 or 28")
    s = int.from_bytes(signature[32:64])
    if s > _ORDER // 2:
        raise ValueError("the signature's s is high: another of the same key and digest would be valid too")
    parity = signature[64] % 27
    return signature[:32] + (s | parity * _PARITY_BIT).to_bytes(32)


def recover(digest: bytes, signature: bytes) -> str:
    """The checksummed address that signed the digest, from either form. Raises ValueError."""
    short = compact(signature) if len(signature) == 65 else signature
    if len(short) != 64:
        raise ValueError("a signature has 64 or 65 bytes")
    vs = int.from_bytes(short[32:])
    if vs % _PARITY_BIT > _ORDER // 2:
        raise ValueError("the signature's s is high: another of the same key and digest would be valid too")
    try:
        parts = (vs // _PARITY_BIT, int.from_bytes(short[:32]), vs % _PARITY_BIT)
        public = Signature(vrs=parts).recover_public_key_from_msg_hash(digest)
    except Exception as error:  # eth-keys and its backends each have their own
        raise ValueError("no key signed this") from error
    return str(public.to_checksum_address())


def sign_transaction(key: Key, fields: Mapping[str, Any]) -> SignedTransaction:
    """A raw transaction and its hash, from eth-account's fields."""
    signed: SignedTransaction = Account.sign_transaction(dict(fields), key._private.to_bytes())
    return signed
