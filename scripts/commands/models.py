"""`shopdesk models`: which model serves which role, whether it answers, and whether it can do what the team needs."""

import asyncio
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from scripts.files.whole_files import whole_file
from storage.characters import cleaned
from storage.endpoints import FILE, NO_KEY, Endpoint, Endpoints, Feature, load_endpoints
from storage.settings import CannotStartError, Settings, load_settings

if TYPE_CHECKING:
    from team.models.load import Load

app = typer.Typer(no_args_is_help=True)


class UnknownNameError(CannotStartError):
    """models.toml has no such endpoint or role."""

    def __init__(self, kind: str, name: str, known: list[str]) -> None:
        super().__init__(f"{FILE} has no {kind} {name}; it has: {', '.join(known)}.")


@app.callback()
def models() -> None:
    """List, test and choose the models for the team's roles."""


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
    for key, endpoint in found.endpoints.items():
        for problem in misfits(key, endpoint, loads[key].served, settings):
            typer.echo(cleaned(f"✗ {key}: {problem}"))


WIDE = 240
"""Table width in a pipe, so that each endpoint is one line."""


def _row(key: str, endpoint: Endpoint, found: Endpoints, load: "Load") -> list[str]:
    roles = [name for name, role in found.roles.items() if role.endpoint == key]
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
    _change(settings, "endpoints", key, {"takes": list(takes)})


def _asked_for(found: Endpoints, name: str) -> list[str]:
    if not name:
        return list(found.endpoints)
    if name in found.endpoints:
        return [name]
    if name in found.roles:
        return [found.roles[name].endpoint]
    raise UnknownNameError("endpoint or role", name, [*found.endpoints, *found.roles])


@app.command()
def use(
    role: Annotated[str, typer.Argument(help="The role, such as orders or router.")],
    endpoint: Annotated[str, typer.Argument(help="The endpoint to use for it from now on.")],
    fallback: Annotated[
        str | None, typer.Option(help="Endpoint to use when that one does not answer; 'none' for none.")
    ] = None,
) -> None:
    """Use an endpoint for a role. A running shop follows at its next turn; comments in the file are kept.

    Examples: [bold]shopdesk models use policies hosted[/bold] · [bold]shopdesk models use orders slice1 --fallback
    slice2[/bold]
    """
    settings = load_settings()
    found = load_endpoints(settings)
    if role not in found.roles:
        raise UnknownNameError("role", role, list(found.roles))
    for named in (endpoint, *([fallback] if fallback and fallback != "none" else [])):
        if named not in found.endpoints:
            raise UnknownNameError("endpoint", named, list(found.endpoints))
    before = found.roles[role].endpoint
    given = {} if fallback is None else {"fallback": "" if fallback == "none" else fallback}
    _change(settings, "roles", role, {"endpoint": endpoint, **given})
    typer.echo(cleaned(f"{role}: {before} → {endpoint}" + (f", fallback {fallback}" if fallback else "")))


def _change(settings: Settings, part: str, name: str, values: Mapping[str, object]) -> None:
    """Set values of one endpoint or role in the file, which is known to exist because it was read before."""
    import tomlkit

    path = settings.shopdesk_home / FILE
    document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    table = document[part][name]
    if all(table.get(key) == value for key, value in values.items()):
        return
    for key, value in values.items():
        table[key] = value
    with whole_file(path, force=True) as file:
        # It may contain a key that other users must not read.
        os.fchmod(file.fileno(), path.stat().st_mode & 0o777)
        file.write(tomlkit.dumps(document))
