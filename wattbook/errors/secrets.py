# SPDX-License-Identifier: MIT
"""Keys and passwords."""

from wattbook.errors.base import Exit, WattbookError


class SecretError(WattbookError):
    code = "secret"
    exit_status = Exit.SECRET
    sentence = "A key can't be used: {reason}."


class KeystoreMissing(SecretError):
    sentence = "There is no keystore at {path}: create one, or correct the path."


class KeystoreUnreadable(SecretError):
    sentence = (
        "{path} is no Ethereum keystore to open: {reason}. Restore it from a backup, or create another."
    )


class KeystoreExists(SecretError):
    sentence = "{path} already holds a key: choose another path, Wattbook never overwrites a keystore."


class PasswordMissing(SecretError):
    sentence = "No password for the keystore: name a file that holds it, or set {variable}."


class PasswordWrong(SecretError):
    sentence = "The password does not open {path}: give the one with which it was created."


class KeyInvalid(SecretError):
    sentence = "The private key is not usable: give 32 bytes as hex, not 0 and below the order of secp256k1."


class DemoKeyRefused(SecretError):
    sentence = "The published test keys are refused on chain {chain_id}: use a keystore of your own."


class KeyNotNamed(SecretError):
    exit_status = Exit.INPUT
    sentence = "No key was named: give --keystore, or --demo-key on a local chain."
