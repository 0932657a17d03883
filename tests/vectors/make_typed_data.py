# SPDX-License-Identifier: MIT
"""Writes typed-data.json anew: digests by eth-account alone, without a line of ours.

    .venv/bin/python tests/vectors/make_typed_data.py

The keys are the first of the published test mnemonic; signatures are deterministic (RFC 6979).
"""

import json
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak

HERE = Path(__file__).parent
KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
ORDER_BOOK = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
REGISTRY = "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512"
READINGS = "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0"
TOKEN = "0xCf7Ed3AccA5a467e9e704C703E8D87F634fB0Fc9"
VAULT = "0xDc64a140Aa3E981100a9becA4E685f962f0cF6C9"
MEMBER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"

DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
ORDER = (
    "Order(uint24 account,uint8 area,uint8 carrier,uint32 period,uint8 side,uint8 kind,bool restRemainder,"
    "uint16 priceTicks,uint24 energyWh,uint16 maxFeeTicks,uint32 nonce,uint40 validUntil)"
)
CANCELLATION = (
    "Cancellation(uint24 account,uint8 area,uint8 carrier,uint32 period,uint16 tick,uint16 index,"
    "uint40 validUntil)"
)
ADMISSION = "Admission(address participant,uint8 area,bool buyer,bool seller,uint64 number,uint40 validUntil)"
READING_BATCH = "ReadingBatch(uint16 gateway,uint32 period,bytes32 journal,bytes readings)"
OWN_READING = (
    "OwnReading(uint24 point,uint32 period,uint48 importRegister,uint48 exportRegister,uint8 quality)"
)
METER_EXCHANGE = (
    "MeterExchange(uint24 point,uint32 period,uint48 oldImport,uint48 oldExport,uint48 newImport,"
    "uint48 newExport,uint48 importRegister,uint48 exportRegister)"
)
PERMIT = "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
SESSION = "Session(address participant,string origin,uint40 issuedAt,uint40 validUntil,bytes32 nonce)"
RECEIPT = "Receipt(bytes32 orderHash,uint64 sequence,uint40 receivedAt)"

LANE_A = "000001" + "000000012345" + "000000000678" + "02"
LANE_B = "00abcd" + "ffffffffffff" + "000000000000" + "03"

CASES: list[tuple[str, str, str, str, tuple[Any, ...]]] = [
    ("a limit bid", ORDER, "Wattbook", ORDER_BOOK,
     (65_552, 1, 0, 1_982_400, 0, 0, False, 1_900, 1_500, 120, 7, 1_784_160_000)),
    ("an immediate-or-cancel offer", ORDER, "Wattbook", ORDER_BOOK,
     (131_089, 2, 1, 1_982_401, 1, 1, False, 0, 10, 0, 0, 0)),
    ("an order with every field at its greatest", ORDER, "Wattbook", ORDER_BOOK,
     (2**24 - 1, 255, 255, 2**32 - 1, 1, 3, True, 2**16 - 1, 2**23 - 1, 2**16 - 1, 2**28 - 1, 2**40 - 1)),
    ("a cancellation", CANCELLATION, "Wattbook", ORDER_BOOK,
     (65_552, 1, 0, 1_982_400, 1_800, 3, 1_784_160_000)),
    ("an admission", ADMISSION, "Wattbook", REGISTRY, (MEMBER, 1, True, True, 42, 1_784_160_000)),
    ("a buyer's admission", ADMISSION, "Wattbook", REGISTRY, (VAULT, 2, True, False, 2**64 - 1, 2**40 - 1)),
    ("a batch of two readings", READING_BATCH, "Wattbook", READINGS,
     (1, 1_982_400, "0x" + "5a" * 32, "0x" + LANE_A + LANE_B)),
    ("an empty batch", READING_BATCH, "Wattbook", READINGS, (65_535, 2**32 - 1, "0x" + "00" * 32, "0x")),
    ("a meter's own reading", OWN_READING, "Wattbook", READINGS, (1, 1_982_400, 74_565, 1_656, 2)),
    ("an own reading with every field at its greatest", OWN_READING, "Wattbook", READINGS,
     (2**24 - 1, 2**32 - 1, 2**48 - 1, 2**48 - 1, 255)),
    ("a meter exchange", METER_EXCHANGE, "Wattbook", READINGS,
     (1, 1_982_400, 74_565, 1_656, 12, 0, 115, 3)),
    ("a meter exchange with every field at its greatest", METER_EXCHANGE, "Wattbook", READINGS,
     (2**24 - 1, 2**32 - 1, *[2**48 - 1] * 6)),
    ("a token permit", PERMIT, "Test Euro", TOKEN, (MEMBER, VAULT, 2**256 - 1, 0, 2**256 - 1)),
    ("a session", SESSION, "Wattbook", ORDER_BOOK,
     (MEMBER, "http://127.0.0.1:8080", 1_784_150_000, 1_784_160_000, "0x" + "01" * 32)),
    ("a receipt", RECEIPT, "Wattbook", ORDER_BOOK, ("0x" + "c3" * 32, 2**53 + 1, 1_784_150_001)),
]  # fmt: skip


def described(type_string: str) -> list[dict[str, str]]:
    inner = type_string.partition("(")[2][:-1]
    return [dict(zip(("type", "name"), part.split(" "), strict=True)) for part in inner.split(",")]


def as_json(type_: str, value: Any) -> Any:
    wide = type_.startswith("uint") and int(type_[4:]) > 48
    return str(value) if wide else value


def packed_order(values: tuple[Any, ...]) -> str:
    """The order's word, spelt out here a second time."""
    account, area, carrier, period, side, kind, rest, price, energy, fee, nonce, until = values
    market = area << 40 | carrier << 32 | period
    word = account | market << 24 | side << 72 | kind << 73 | int(rest) << 75
    return hex(word | price << 76 | energy << 92 | fee << 115 | nonce << 131 | until << 159)


def vector(title: str, type_string: str, name: str, contract: str, values: tuple[Any, ...]) -> dict[str, Any]:
    fields = described(type_string)
    primary = type_string.partition("(")[0]
    typed = {
        "types": {"EIP712Domain": described(DOMAIN_TYPE), primary: fields},
        "primaryType": primary,
        "domain": {"name": name, "version": "1", "chainId": 31_337, "verifyingContract": contract},
        "message": {f["name"]: as_json(f["type"], v) for f, v in zip(fields, values, strict=True)},
    }
    plain = {f["name"]: v for f, v in zip(fields, values, strict=True)}
    signable = encode_typed_data(full_message={**typed, "message": plain})
    signed = Account.sign_message(signable, KEY)
    result = {
        "title": title,
        "type": type_string,
        "typeHash": "0x" + keccak(text=type_string).hex(),
        "typedData": typed,
        "domainSeparator": "0x" + signable.header.hex(),
        "structHash": "0x" + signable.body.hex(),
        "digest": "0x" + signed.message_hash.hex(),
        "signature": "0x" + signed.signature.hex(),
    }
    return {**result, "word": packed_order(values)} if primary == "Order" else result


def main() -> None:
    vectors = [vector(*case) for case in CASES]
    data = {"signer": MEMBER, "vectors": vectors}
    (HERE / "typed-data.json").write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
