# SPDX-License-Identifier: MIT
"""The relay's own keys, from a keystore or, in a demo, from the settings."""

from pathlib import Path

from wattbook.errors import KeystoreMissing
from wattbook.keys import Key, key_from, open_keystore, read_password, require_own_key

PASSWORD_VARIABLE = "WATTBOOK_RELAY_PASSWORD"  # noqa: S105 - the name, not the password


def open_key(secret: str, keystore: Path | None, password_file: Path | None, chain_id: int) -> Key:
    """Raises SecretErrors, DemoKeyRefused among them, and KeystoreMissing where neither is given."""
    if secret:
        key = key_from(secret)
    elif keystore is not None:
        key = open_keystore(keystore, read_password(password_file, PASSWORD_VARIABLE))
    else:
        raise KeystoreMissing(path="(no keystore is set)")
    require_own_key(key, chain_id)
    return key
