# SPDX-License-Identifier: MIT
"""Writes wattbook/abi/<Contract>.json from forge's output: what Python and TypeScript know of the contracts.

One file for each contract declared under contracts/ and each interface that its file is named after: not for
libraries, abstract contracts and mocks, except mocks called Test..., which a local deployment uses.
The ABI of a contract with an extension, <Contract>Extension, holds what that answers at the same address;
the extension's own file tells of its code. Each file holds

  contractName, source
  abi
  bytecode        creation code; null for an interface
  codeHash        keccak-256 of the runtime code without metadata, immutables as zeros; null for an interface
  runtimeBytes    length of that code
  immutables      [start, length] of each place in the runtime code that the constructor fills
  errors          selector -> signature, of the errors in the ABI

`--check` compares with what is there and writes nothing.
The same sources give the same bytes on every machine.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from eth_utils.crypto import keccak

from tools.common import ROOT

ARTIFACTS = ROOT / ".cache" / "forge" / "out"
TARGET = ROOT / "wattbook" / "abi"

_METADATA = (b"\xa2\x64ipfs", b"\xa1\x64solc", b"\xa2\x65bzzr")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"", re.DOTALL)
_DECLARATION = re.compile(r"^[ \t]*(contract|interface)\s+([A-Za-z_$][\w$]*)", re.MULTILINE)


def declared(source: Path) -> list[str]:
    """The names of the contracts and interfaces (not abstract, not libraries) that a source declares."""
    text = _COMMENT.sub(" ", source.read_text())
    return [match.group(2) for match in _DECLARATION.finditer(text)]


def is_exported(source: Path, name: str) -> bool:
    folders = source.relative_to(ROOT / "contracts").parts
    if "interfaces" in folders:
        return name == source.stem
    return "mocks" not in folders or name.startswith("Test")


def canonical_type(argument: dict[str, Any]) -> str:
    kind: str = argument["type"]
    if not kind.startswith("tuple"):
        return kind
    inner = ",".join(canonical_type(component) for component in argument["components"])
    return f"({inner}){kind.removeprefix('tuple')}"


def signature(entry: dict[str, Any]) -> str:
    return f"{entry['name']}({','.join(canonical_type(argument) for argument in entry['inputs'])})"


def without_metadata(code: bytes) -> bytes:
    """The runtime code without the 0xfe and CBOR metadata that a compiler may have put behind it."""
    if len(code) >= 2:
        length = int.from_bytes(code[-2:], "big") + 2
        if length < len(code) and code[-length:].startswith(_METADATA):
            return code[:-length].removesuffix(b"\xfe")
    return code


def artifact_of(name: str) -> dict[str, Any] | None:
    """What forge built of a contract in the file it is named after; None if there is none."""
    built = ARTIFACTS / f"{name}.sol" / f"{name}.json"
    return json.loads(built.read_text()) if built.exists() else None


def whole_abi(name: str, own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With the entries of the contract's extension that it doesn't have itself."""
    extension = artifact_of(f"{name}Extension")
    if extension is None:
        return own
    return own + [it for it in extension["abi"] if it not in own and it["type"] != "constructor"]


def describe(source: Path, name: str, artifact: dict[str, Any]) -> dict[str, Any]:
    creation: str = artifact["bytecode"]["object"]
    runtime: str = artifact["deployedBytecode"]["object"]
    for code in (artifact["bytecode"], artifact["deployedBytecode"]):
        if code.get("linkReferences"):
            sys.exit(
                f"wattbook: {name} needs linked libraries, which the export doesn't know: make them internal."
            )
    references = artifact["deployedBytecode"].get("immutableReferences") or {}
    code = without_metadata(bytes.fromhex(runtime.removeprefix("0x")))
    abi = whole_abi(name, artifact["abi"])
    errors = {signature(entry) for entry in abi if entry["type"] == "error"}
    return {
        "contractName": name,
        "source": source.relative_to(ROOT).as_posix(),
        "abi": abi,
        "bytecode": creation if code else None,
        "codeHash": f"0x{keccak(code).hex()}" if code else None,
        "runtimeBytes": len(code),
        "immutables": sorted(
            [place["start"], place["length"]] for places in references.values() for place in places
        ),
        "errors": {f"0x{keccak(text=text)[:4].hex()}": text for text in sorted(errors)},
    }


def render(description: dict[str, Any]) -> str:
    """JSON with a line for each ABI entry, so that a change shows as one."""
    lines = []
    for key, value in description.items():
        if key == "abi" and value:
            entries = ",\n".join(f"    {json.dumps(entry)}" for entry in value)
            lines.append(f'  "abi": [\n{entries}\n  ]')
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def collect() -> dict[str, str]:
    """File name -> text of every export."""
    texts: dict[str, str] = {}
    for source in sorted((ROOT / "contracts").rglob("*.sol")):
        for name in declared(source):
            if not is_exported(source, name):
                continue
            if f"{name}.json" in texts:
                sys.exit(f"wattbook: two contracts are called {name}: rename the one in {source.name}.")
            built = ARTIFACTS / source.name / f"{name}.json"
            if not built.exists():
                sys.exit(f"wattbook: {name} isn't compiled yet: run `make compile`.")
            artifact = json.loads(built.read_text())
            texts[f"{name}.json"] = render(describe(source, name, artifact))
    return texts


def main() -> None:
    texts = collect()
    if "--check" in sys.argv[1:]:
        present = {path.name: path.read_text() for path in TARGET.glob("*.json")}
        differing = sorted(
            name for name in texts.keys() | present.keys() if texts.get(name) != present.get(name)
        )
        if differing:
            sys.exit(f"wattbook: wattbook/abi is out of date ({', '.join(differing)}): run `make compile`.")
        return
    TARGET.mkdir(parents=True, exist_ok=True)
    for path in TARGET.glob("*.json"):
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        path = TARGET / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)


if __name__ == "__main__":
    main()
