"""`shopdesk models add`, `preset`: a model in one line."""

import asyncio
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from scripts.endpoints.choosing import give_roles
from scripts.endpoints.file import UNDO, current, edited, roles_named
from scripts.endpoints.given import NameTakenError, checked_name, checked_url, checked_variable
from storage.characters import cleaned
from storage.endpoints import FILE, NO_KEY, Choice, Endpoint
from storage.presets import load_presets, preset_named
from storage.settings import CannotStartError, Settings, load_settings

if TYPE_CHECKING:
    from team.models.load import Load

Url = Annotated[str, typer.Option("--base-url", help="Its address, up to and including /v1.")]
Model = Annotated[str, typer.Option(help="The model there.")]
KeyEnv = Annotated[str, typer.Option(help="Environment variable that holds its API key.")]
Roles = Annotated[str, typer.Option(help="Roles to use it for, separated by commas, or all.")]


class WhichModelError(CannotStartError):
    """The server has no model, or several, and none was named."""

    def __init__(self, url: str, load: "Load") -> None:
        served = load.served.names if load.served else []
        what = f"it serves {', '.join(served[:5])}" if served else "it does not say which it serves"
        what = what if load.reachable else "nothing answers there"
        super().__init__(f"Name the model at {url} with --model: {what}.")


class NeedsError(CannotStartError):
    """A preset that cannot be used without more."""

    def __init__(self, title: str, option: str, quirks: str) -> None:
        super().__init__(f"{title} needs {option}: {quirks}.")


def add(
    name: Annotated[str, typer.Argument(help="A name for it, such as local-qwen.")],
    base_url: Url,
    model: Model = "",
    key_env: KeyEnv = "",
    roles: Roles = "",
    choice: Annotated[str, typer.Option(help="How it is held to one of several names.")] = "structured_outputs",
    vision: Annotated[bool, typer.Option(help="Whether it sees pictures.")] = True,
) -> None:
    """Add any OpenAI-compatible endpoint to models.toml. A running shop knows it at its next turn.

    Without --model, the server is asked; it may have one model only.

    Examples: [bold]shopdesk models add fast --base-url http://127.0.0.1:8000/v1 --roles router[/bold] ·
    [bold]shopdesk models add big --base-url https://llm.example.com/v1 --model big-1 --key-env BIG_KEY --roles
    all[/bold]
    """
    url = checked_url(base_url)
    key = checked_variable(key_env)
    checked_name(name)
    fields = {
        "base_url": url,
        "model": model or _only_model(url, key),
        **({"api_key_env": key} if key else {}),
        **({} if vision else {"vision": False}),
        **({} if choice == "structured_outputs" else {"choice": _checked_choice(choice)}),
    }
    _write(load_settings(), name, fields, roles)


def preset(
    name: Annotated[str, typer.Argument(help="A preset, such as openai or ollama (default: list them).")] = "",
    base_url: Annotated[str, typer.Option(help="Another address than the preset's.")] = "",
    model: Annotated[str, typer.Option(help="Another model than the preset's.")] = "",
    key_env: Annotated[str, typer.Option(help="Another variable for the API key than the preset's.")] = "",
    roles: Roles = "",
    called: Annotated[str, typer.Option("--as", help="Name of the endpoint (default: the preset's).")] = "",
) -> None:
    """Add an endpoint of a known provider or server, with what its requests may hold; without a name, list them.

    Examples: [bold]shopdesk models preset[/bold] · [bold]shopdesk models preset openai --roles all[/bold] ·
    [bold]shopdesk models preset ollama --model qwen3-vl:8b --roles policies,orders[/bold]
    """
    if not name:
        _list_presets()
        return
    found = preset_named(name)
    url = checked_url(base_url) if base_url else found.base_url
    if not url:
        raise NeedsError(found.title, "--base-url and --model", found.quirks)
    key = checked_variable(key_env or found.key_env)
    served = model or found.model or _only_model(url, key)
    _write(
        load_settings(),
        checked_name(called or name.lower()),
        found.as_endpoint(base_url=url, model=served, key_env=key),
        roles,
    )
    typer.echo(f"  Note: {found.quirks} ({found.source})")


def _write(settings: Settings, name: str, fields: Mapping[str, Any], roles: str) -> None:
    """Add the endpoint to the file and give it its roles, or change nothing."""
    import tomlkit

    found = current(settings)
    if name in found.endpoints:
        raise NameTakenError(name)
    wanted = roles_named(found, roles)
    Endpoint.model_validate(fields)
    with edited(settings) as document:
        table = tomlkit.table()
        for key, value in fields.items():
            table[key] = value
        table.add(tomlkit.nl())
        document["endpoints"].add(name, table)
        changes = give_roles(document, wanted, [name], sees=fields.get("vision", True), every=roles.lower() == "all")
    typer.echo(cleaned(f"Added {name}: {fields['model']} at {fields['base_url']} ({settings.shopdesk_home / FILE})"))
    for line in changes:
        typer.echo(f"  {line}")
    variable = fields.get("api_key_env", "")
    if variable and not os.environ.get(variable):
        typer.echo(f"  Note: {variable} is not set yet; put the key there, or into .env")
    typer.echo(f"  Next: shopdesk models test {name}" + ("" if wanted else f", then: shopdesk models default {name}"))
    typer.echo(f"  {UNDO}")


def _checked_choice(choice: str) -> str:
    known = get_args(Choice)
    if choice not in known:
        raise typer.BadParameter(f"it is one of {', '.join(known)}", param_hint="--choice")
    return choice


def _only_model(url: str, key_env: str) -> str:
    load = asyncio.run(_asked(url, os.environ.get(key_env, NO_KEY)))
    if load.served is None or len(load.served.names) != 1:
        raise WhichModelError(url, load)
    return load.served.names[0]


async def _asked(url: str, key: str) -> "Load":
    # Slow to import, and only an endpoint without a model's name needs it.
    import httpx2

    from team.models.load import read_load

    async with httpx2.AsyncClient() as http:
        return await read_load(http, Endpoint(base_url=url, model="", api_key=key))


def _list_presets() -> None:
    # Half a second to import, which `shopdesk --help` need not wait for.
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("preset", "address", "key", "model", "pictures"):
        table.add_column(column, overflow="fold")
    for name, one in load_presets().items():
        url, model = one.base_url or "--base-url", one.model or "--model"
        table.add_row(name, url, one.key_env or "-", model, "yes" if one.vision else "no")
    Console(width=None if os.isatty(1) else 160).print(table)
    typer.echo("\nAdd one: shopdesk models preset NAME --roles all")
