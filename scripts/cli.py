"""The `shopdesk` command: each subcommand is its own file, imported only when it is used."""

import gc
import sys
from collections.abc import Iterable
from importlib import import_module

import typer

from storage.characters import cleaned
from storage.settings import CannotStartError

COMMANDS = {
    "up": "scripts.commands.up",
    "mcp": "scripts.commands.mcp",
    "chat": "scripts.commands.chat",
    "ask": "scripts.commands.ask",
    "seed": "scripts.commands.seed",
    "import": "scripts.commands.importing",
    "export": "scripts.commands.exporting",
    "ingest": "scripts.commands.ingest",
    "handbook": "scripts.handbook.command",
    "token": "scripts.commands.token",
    "user": "scripts.commands.user",
    "models": "scripts.commands.models",
    "lint": "scripts.commands.lint",
    "eval": "scripts.commands.eval",
    "doctor": "scripts.commands.doctor",
    "new-server": "scripts.commands.new_server",
}
"""Each subcommand's module: it has a `run` function, or an `app` if it has subcommands of its own."""


def build(names: Iterable[str]) -> typer.Typer:
    """Return the command line with these subcommands, importing each one's module."""
    app = typer.Typer(
        no_args_is_help=True, add_completion=False, rich_markup_mode="rich", pretty_exceptions_enable=False
    )
    app.callback()(shopdesk)
    for name in names:
        module = import_module(COMMANDS[name])
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(module.run)
    return app


def shopdesk() -> None:
    """Run an online shop's service desk: MCP tool servers, a team of agents, and its page."""


def _quickly_built(names: Iterable[str]) -> typer.Typer:
    # Imported objects live until exit; scanning them for garbage takes a tenth of the startup time and frees nothing.
    gc.disable()
    app = build(names)
    gc.freeze()
    gc.enable()
    return app


def main() -> None:
    """Run the command line; an error that the user can fix is printed in one line, with exit code 2."""
    # `shopdesk mcp` must answer at once, so it does not import the other subcommands.
    named = [name for name in sys.argv[1:2] if name in COMMANDS]
    try:
        _quickly_built(named or COMMANDS)()
    except CannotStartError as error:
        sys.stderr.write(f"shopdesk: {cleaned(str(error))}\n")
        sys.exit(2)
    except (PermissionError, FileExistsError, IsADirectoryError, NotADirectoryError) as error:
        if error.filename is None:
            raise
        sys.stderr.write(f"shopdesk: {error.filename} cannot be used: {error.strerror}. Fix that, then try again.\n")
        sys.exit(2)
