"""`shopdesk models measure`: the figures of the models that are served, from one command."""

import asyncio
import json as json_lines
import os
from itertools import product
from typing import TYPE_CHECKING, Annotated

import typer

from scripts.sizing.command import WIDE
from storage.endpoints import FILE, Endpoints, load_endpoints
from storage.settings import CannotStartError, load_settings

if TYPE_CHECKING:
    from scripts.slices.measuring import Measured

COLUMNS = ("endpoint", "at once", "first token", "95%", "tokens a second", "each", "prefix hits", "KV cache")
TOKENS = 64


class NoEndpointError(CannotStartError):
    """There is no endpoint with this name."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"{FILE} has no endpoint {name}; it has: {', '.join(known)}.")


def measure(
    names: Annotated[list[str] | None, typer.Argument(help="Endpoints of models.toml (default: its slices).")] = None,
    tokens: Annotated[int, typer.Option("--tokens", min=1, help="Longest reply, in tokens.")] = TOKENS,
    json: Annotated[bool, typer.Option("--json", help="For programs: an object a line.")] = False,
) -> None:
    """Measure the models that are served: time to the first token, tokens a second, use of their caches.

    Each endpoint holds 1, 4, then 16 conversations at once, of three turns with a specialist's prompt. A hosted
    endpoint is asked for what you pay for: name it only if you mean it.

    Examples: [bold]shopdesk models measure[/bold] · [bold]shopdesk models measure slice1 --tokens 200[/bold]
    """
    # What a request needs takes half a second to import, which other subcommands need not wait for.
    from scripts.slices.measuring import AT_ONCE
    from scripts.slices.measuring import measure as measured

    found = load_endpoints(load_settings())
    made: list[Measured] = []
    try:
        for key, conversations in product(_asked_for(found, names or []), AT_ONCE):
            if not json:
                typer.echo(f"{key}: {conversations} at once …", err=True)
            made.append(asyncio.run(measured(key, found.endpoints[key], conversations, tokens)))
            if json:
                typer.echo(json_lines.dumps(made[-1].as_json()))
    finally:
        # Also after Ctrl-C: what was measured is worth its time.
        if made and not json:
            _show(made)


def _asked_for(found: Endpoints, names: list[str]) -> list[str]:
    for name in names:
        if name not in found.endpoints:
            raise NoEndpointError(name, list(found.endpoints))
    return names or [key for key, endpoint in found.endpoints.items() if endpoint.slice]


def _show(made: "list[Measured]") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in COLUMNS:
        table.add_column(column, justify="left" if column == "endpoint" else "right")
    for one in made:
        told = one.as_json()
        table.add_row(
            *(one.key, str(one.conversations), f"{told['first_token_s']:.2f} s", f"{told['first_token_p95_s']:.2f} s"),
            *(f"{told['tokens_per_s']}", f"{told['tokens_per_s_each']}"),
            *(_share(one.prefix_hits), _share(one.kv_cache_peak)),
        )
    Console(width=None if os.isatty(1) else WIDE).print(table)


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"
