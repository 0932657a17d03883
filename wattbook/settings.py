# SPDX-License-Identifier: MIT
"""Settings: one frozen dataclass a process, filled from flag, then environment, then TOML file.

    @dataclass(frozen=True)
    class OracleSettings:
        rpc: str = setting(help="RPC address of the node", default="http://127.0.0.1:8545")
        password: str = setting(help="of the keystore", default="", secret=True)
        batch: int = setting(help="readings a batch", default=100)

    settings = read_settings(OracleSettings, "oracle")      # --rpc … WATTBOOK_ORACLE_RPC … [oracle] rpc = …

`--config FILE` names the TOML file: a table named like the process, or a file without tables.
`--print-config` prints what was read, secrets masked, and ends the process. Fields are str, int, float, bool,
Path, tuples of str, or any of them with `| None`.
"""

import argparse
import dataclasses
import os
import sys
import tomllib
import types
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from wattbook.errors import ConfigUnreadable, SettingInvalid, SettingMissing, SettingUnknown

S = TypeVar("S")

MASK = "********"
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
_EXPECTED = {int: "a whole number", float: "a number", bool: "true or false", str: "text", Path: "a path"}


def setting(
    *,
    help: str = "",  # noqa: A002 - argparse's word
    default: Any = dataclasses.MISSING,
    secret: bool = False,
) -> Any:
    """A dataclass field with the help text of its flag; without a default it must be given somewhere."""
    return dataclasses.field(default=default, metadata={"help": help, "secret": secret})


def read_settings(
    cls: type[S], process: str, argv: Sequence[str] | None = None, environ: Mapping[str, str] | None = None
) -> S:
    """Fills `cls` for a process. Raises SettingsErrors; ends the process on --help and --print-config."""
    flags = vars(_parser(cls, process).parse_args(argv))
    config, show = flags.pop("config"), flags.pop("print_config")
    settings = fill_settings(cls, process, flags, os.environ if environ is None else environ, config)
    if show:
        sys.stdout.write(print_config(settings, process))
        raise SystemExit(0)
    return settings


def fill_settings(
    cls: type[S],
    process: str,
    flags: Mapping[str, Any],
    environ: Mapping[str, str],
    config: Path | None = None,
) -> S:
    """Fills `cls` from flags (absent or None = not given), WATTBOOK_<PROCESS>_<NAME>, then the TOML file."""
    table = _read_table(config, process, _fields(cls)) if config else {}
    kinds = typing.get_type_hints(cls)
    values: dict[str, Any] = {}
    for field in _fields(cls).values():
        variable = variable_of(process, field.name)
        for source, given in (
            (f"--{_flag(field.name)}", flags.get(field.name)),
            (variable, environ.get(variable)),
            (str(config), table.get(field.name)),
        ):
            if given is not None:
                values[field.name] = _convert(field.name, kinds[field.name], given, source)
                break
        else:
            _require_default(field, variable)
    return cls(**values)


def variable_of(process: str, name: str) -> str:
    """The environment variable of a setting."""
    return f"WATTBOOK_{process}_{name}".upper().replace("-", "_")


def print_config(settings: Any, process: str) -> str:
    """The settings as the TOML table that would give them, secrets masked."""
    lines = [f"[{process}]"]
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if field.metadata.get("secret") and value:
            value = MASK
        lines.append(f"# {field.name} is not set" if value is None else f"{field.name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _fields(cls: Any) -> dict[str, dataclasses.Field[Any]]:
    return {field.name: field for field in dataclasses.fields(cls)}


def _flag(name: str) -> str:
    return name.replace("_", "-")


def _require_default(field: dataclasses.Field[Any], variable: str) -> None:
    if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
        raise SettingMissing(name=field.name, flag=_flag(field.name), variable=variable)


def _parser(cls: Any, process: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=process, allow_abbrev=False)
    parser.add_argument("--config", type=Path, metavar="FILE", help="TOML file with these settings")
    parser.add_argument(
        "--print-config", action="store_true", help="print the settings, secrets masked, and end"
    )
    for field in _fields(cls).values():
        text = str(field.metadata.get("help", "")).replace("%", "%%")
        parser.add_argument(f"--{_flag(field.name)}", dest=field.name, metavar="VALUE", help=text)
    return parser


def _read_table(config: Path, process: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    try:
        data = tomllib.loads(config.read_text())
    except FileNotFoundError:
        raise ConfigUnreadable(path=config, reason="there is no such file") from None
    except (OSError, ValueError) as error:
        raise ConfigUnreadable(path=config, reason=str(error)) from None
    table = _own_table(data, config, process)
    for name in table:
        if name not in fields:
            raise SettingUnknown(source=str(config), name=name, known=", ".join(fields))
    return table


def _own_table(data: dict[str, Any], config: Path, process: str) -> dict[str, Any]:
    if process in data:
        return dict(data[process])
    if any(isinstance(value, dict) for value in data.values()):
        raise ConfigUnreadable(path=config, reason=f"it has no table [{process}]")
    return data


def _convert(name: str, kind: Any, given: Any, source: str) -> Any:
    """`given` (text, or a TOML value) as the field's type."""
    kinds = [k for k in typing.get_args(kind) if k is not types.NoneType] if _is_union(kind) else [kind]
    try:
        return _read_as(kinds[0], given)
    except (ValueError, TypeError):
        expected = _EXPECTED.get(kinds[0], "a list of texts, separated by commas")
        raise SettingInvalid(name=name, source=source, text=str(given), expected=expected) from None


def _is_union(kind: Any) -> bool:
    return typing.get_origin(kind) in (types.UnionType, typing.Union)


def _read_as(kind: Any, given: Any) -> Any:
    if kind is bool:
        return _read_bool(given)
    if kind is int:
        if isinstance(given, bool | float):
            raise ValueError
        return int(given)
    if kind is float:
        return float(given)
    if kind is Path:
        return Path(given)
    if kind is str:
        if not isinstance(given, str):
            raise ValueError
        return given
    items = given.split(",") if isinstance(given, str) else given
    return tuple(str(item).strip() for item in items if str(item).strip())


def _read_bool(given: Any) -> bool:
    text = str(given).lower()
    if text not in _TRUE | _FALSE:
        raise ValueError
    return text in _TRUE


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
