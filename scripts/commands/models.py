"""`shopdesk models`: which model serves which role, whether it answers, and whether it can do what the team needs."""

import asyncio
import os
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from scripts.endpoints import adding, choosing
from scripts.endpoints.file import UnknownNameError, edited
from scripts.sizing.command import plan
from scripts.slices.command import serve
from scripts.slices.download import download
from scripts.slices.measured import measure
from storage.characters import cleaned
from storage.endpoints import (
    FILE,
    NO_KEY,
    Endpoint,
    Endpoints,
    environment_endpoint,
    load_endpoints,
    read_file,
)
from storage.models.features import Feature
from storage.settings import Settings, load_settings

if TYPE_CHECKING:
    from team.models.load import Load

app = typer.Typer(no_args_is_help=True)


for command in (adding.add, adding.preset, choosing.default, choosing.use, choosing.remove, choosing.undo):
    app.command()(command)
for command in (plan, download, serve, measure):
    app.command()(command)


@app.callback()
def models() -> None:
    """Add, list, test and choose the models for the team's roles."""


@app.command("list")
def list_() -> None:
    """List every endpoint: its model, whether it answers, its load, and the roles that use it.

    If a server runs a different model than configured, or accepts shorter prompts, it says what to set.

    Example: [bold]shopdesk models list[/bold]
    """
    # Half a second to import, which `shopdesk --help` need not wait for.
    from rich.console import Console
    from rich.table import Table

    from team.models.served import misfits

    settings = load_settings()
    found = load_endpoints(settings)
    loads = asyncio.run(_loads(found))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("endpoint", "slice", "model", "address", "key", "state", "load", "roles"):
        table.add_column(column, overflow="fold")
    for key, endpoint in found.endpoints.items():
        table.add_row(*_row(key, endpoint, found, loads[key]))
    Console(width=None if os.isatty(1) else WIDE).print(table)
    if told := environment_endpoint(settings, read_file(settings)):
        typer.echo(f"{told.by} in the environment names {told.key} for every role; models.toml is as shipped.")
    for key, endpoint in found.endpoints.items():
        for problem in misfits(key, endpoint, loads[key].served, settings):
            typer.echo(cleaned(f"✗ {key}: {problem}"))


WIDE = 240
"""Table width in a pipe, so that each endpoint is one line."""


def _row(key: str, endpoint: Endpoint, found: Endpoints, load: "Load") -> list[str]:
    roles = [
        name + (" (votes)" if role.mode == "vote" else "")
        for name, role in found.roles.items()
        if key in role.endpoints
    ]
    roles += [f"{name} (checks)" for name, role in found.roles.items() if role.check == key]
    instead = [name for name in found.roles if key in [other for other, _ in found.in_place_of(name)]]
    state = ("stand-in" if load.stand_in else "answers") if load.reachable else "does not answer"
    also = f" (fallback for: {', '.join(instead)})" if instead else ""
    told = [key, str(endpoint.slice or "-"), endpoint.model, endpoint.base_url, _key(endpoint), state, _busy(load)]
    return [cleaned(cell) for cell in (*told, (", ".join(roles) or "none") + also)]


def _key(endpoint: Endpoint) -> str:
    """Say whether a key is set, never what it is."""
    known = "set" if endpoint.api_key != NO_KEY else "not set"
    return f"{endpoint.api_key_env} {known}" if endpoint.api_key_env else known


def _busy(load: "Load") -> str:
    if load.running is None:
        return "-"
    cache = "" if load.kv_cache is None else f", KV cache {load.kv_cache:.0%}"
    return f"{load.running:g} running, {load.waiting or 0:g} waiting{cache}"


async def _loads(found: Endpoints) -> "dict[str, Load]":
    import httpx2

    from team.models.load import Loads

    async with httpx2.AsyncClient() as http:
        return await Loads(http).read(found.endpoints)


@app.command("test")
def try_(
    name: Annotated[str, typer.Argument(help="An endpoint, or a role to test its endpoint (default: all).")] = "",
) -> None:
    """Ask endpoints for what the team needs: a choice, a tool call, a streamed reply, a look at a picture.

    Says what fails and how to fix it, finds out which request fields each endpoint accepts, and stores that in
    models.toml.
    The exit code is 1 if anything failed.

    Examples: [bold]shopdesk models test[/bold] · [bold]shopdesk models test slice2[/bold] · [bold]shopdesk models test
    orders[/bold]
    """
    from scripts.evaluation.model_trials import try_endpoint

    settings = load_settings()
    found = load_endpoints(settings)
    failed = 0
    for key in _asked_for(found, name):
        endpoint = found.endpoints[key]
        typer.echo(cleaned(f"{key}: {endpoint.model} at {endpoint.base_url}"))
        trials, takes = asyncio.run(try_endpoint(endpoint))
        for trial in trials:
            failed += not trial.passed
            typer.echo(cleaned(f"  {'✓' if trial.passed else '✗'} {trial.what}: {trial.told}"))
        if takes is not None:
            _keep(settings, key, takes)
    raise typer.Exit(1 if failed else 0)


def _keep(settings: Settings, key: str, takes: tuple[Feature, ...]) -> None:
    """Print which request fields an endpoint accepts, and store that in the file."""
    refuses = [feature for feature in get_args(Feature) if feature not in takes]
    typer.echo(f"  - takes {', '.join(takes)}" + (f"; not {', '.join(refuses)}" if refuses else ""))
    if key not in read_file(settings).endpoints:
        typer.echo(f"  - not stored: the environment names {key}, and {FILE} does not have it")
        return
    with edited(settings) as document:
        table = document["endpoints"][key]
        if list(table.get("takes", [])) != list(takes):
            table["takes"] = list(takes)


def _asked_for(found: Endpoints, name: str) -> list[str]:
    if not name:
        return list(found.endpoints)
    if name in found.endpoints:
        return [name]
    if name in found.roles:
        return list(found.roles[name].endpoints)
    raise UnknownNameError("endpoint or role", name, [*found.endpoints, *found.roles])
