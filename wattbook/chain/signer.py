# SPDX-License-Identifier: MIT
"""Signing a transaction for one key on one chain."""

from dataclasses import dataclass

from wattbook.chain.fees import Fees
from wattbook.chain.transactions import Attempt
from wattbook.keys import Key, sign_transaction

_EMPTY_GAS = 21_000


def intrinsic_gas(data: bytes) -> int:
    """Gas that a call costs before its first instruction (Istanbul and later)."""
    zeros = data.count(0)
    return 21_000 + 4 * zeros + 16 * (len(data) - zeros)


@dataclass(frozen=True, slots=True)
class Signer:
    key: Key
    chain_id: int

    def sign(self, nonce: int, to: str, data: bytes, value: int, gas: int, fees: Fees) -> Attempt:
        """The signed transaction; deterministic."""
        return self._sign({"nonce": nonce, "to": to, "data": data, "value": value, "gas": gas}, fees, False)

    def sign_void(self, nonce: int, fees: Fees) -> Attempt:
        """An empty transaction to oneself, which does nothing but spend the nonce."""
        fields = {"nonce": nonce, "to": self.key.address, "data": b"", "value": 0, "gas": _EMPTY_GAS}
        return self._sign(fields, fees, True)

    def _sign(self, fields: dict[str, object], fees: Fees, void: bool) -> Attempt:
        signed = sign_transaction(self.key, {**fields, "chainId": self.chain_id, **fees.fields()})
        return Attempt("0x" + bytes(signed.hash).hex(), bytes(signed.raw_transaction), fees, void)
