# SPDX-License-Identifier: MIT
"""The options that every command on a chain takes, written once.

    @app.command()
    @signs
    async def close(session: SigningSession, point: Point) -> None: ...

A command takes its session and its own arguments; `reads` and `signs` put the common options behind these,
open the session with what was given, and run it.
"""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar

import typer

from wattbook.cli.session import PASSWORD_VARIABLE, KeyChoice, Session, SigningSession

P = ParamSpec("P")
S = TypeVar("S", bound=Session)
Command = Callable[Concatenate[S, P], Coroutine[Any, Any, None]]

DEFAULT_DEPLOYMENT = Path("out/demo/deployment.json")

Deployment = Annotated[
    Path, typer.Option("--deployment", envvar="WATTBOOK_DEPLOYMENT", help="The deployment file.")
]
Rpc = Annotated[
    str | None, typer.Option("--rpc", envvar="WATTBOOK_RPC", help="The node, if not the profile's.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Keystore = Annotated[
    Path | None,
    typer.Option(
        "--keystore",
        envvar="WATTBOOK_KEYSTORE",
        help=f"Your encrypted key; its password is in {PASSWORD_VARIABLE}.",
    ),
]
PasswordFile = Annotated[
    Path | None, typer.Option("--password-file", help="First line: the keystore's password.")
]
DemoKey = Annotated[
    int | None, typer.Option("--demo-key", help="Key of the published test mnemonic; local chains only.")
]


def _option(name: str, kind: Any, default: Any = None) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=kind)


KEY = (
    _option("keystore", Keystore),
    _option("password_file", PasswordFile),
    _option("demo_key", DemoKey),
)
CHAIN = (_option("deployment", Deployment, DEFAULT_DEPLOYMENT), _option("rpc", Rpc))
ANSWER = (_option("as_json", AsJson, False),)


def reads(command: Command[Session, P]) -> Callable[P, None]:
    """For a command that only looks: deployment, node, JSON."""
    return _taking((*CHAIN, *ANSWER), _session, command)


def signs(command: Command[SigningSession, P]) -> Callable[P, None]:
    """For a command that sends transactions: a key besides."""
    return _taking((*KEY, *CHAIN, *ANSWER), _signing_session, command)


def _session(deployment: Path, rpc: str | None, as_json: bool) -> Session:
    return Session(deployment, rpc, as_json)


def _signing_session(
    keystore: Path | None, password_file: Path | None, demo_key: int | None, **options: Any
) -> SigningSession:
    return SigningSession(key=KeyChoice(keystore, password_file, demo_key), **options)


def _taking(
    common: tuple[Parameter, ...], session_of: Callable[..., S], command: Command[S, P]
) -> Callable[P, None]:
    """The command as typer is to see it: without its session, with the common options instead."""
    shape = signature(command)
    _, *own = shape.parameters.values()

    @wraps(command)
    def run(*args: P.args, **given: P.kwargs) -> None:
        options = {each.name: given.pop(each.name) for each in common}
        asyncio.run(command(session_of(**options), *args, **given))

    run.__signature__ = shape.replace(parameters=[*own, *common])  # type: ignore[attr-defined]
    return run
