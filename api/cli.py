# SPDX-License-Identifier: MIT
"""`wattbook api`, `wattbook relay`, `wattbook indexer`: the same processes as `python -m …`."""

from collections.abc import Callable, Sequence

import typer

from api.indexer import process as indexer
from api.relay import process as relay

Main = Callable[[Sequence[str] | None], int]

_PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def _api(argv: Sequence[str] | None) -> int:
    # FastAPI and uvicorn take most of a second to import.
    from api.process import main

    return main(argv)


def _app(summary: str, main: Main) -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, help=summary)

    @app.callback()
    def about() -> None:
        pass

    @app.command(context_settings=_PASS_ON, help="Run until stopped; --help lists the settings.")
    def run(context: typer.Context) -> None:
        raise typer.Exit(main(context.args))

    @app.command(context_settings=_PASS_ON, help="Print the settings, secrets masked.")
    def config(context: typer.Context) -> None:
        raise typer.Exit(main([*context.args, "--print-config"]))

    return app


api_app = _app("The HTTP API and the page.", _api)
relay_app = _app("Takes signed orders and puts them into the book.", relay.main)
indexer_app = _app("Follows the chain into the database that the API reads.", indexer.main)


@indexer_app.command(context_settings=_PASS_ON, help="Forget the database and read the chain anew.")
def rebuild(context: typer.Context) -> None:
    """As run, after emptying chain.db."""
    raise typer.Exit(indexer.main([*context.args, "--rebuild", "true"]))
