"""`shopdesk ingest`: take policies into the handbook."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from knowledge.documents import HANDBOOK
from knowledge.ingest import Report, ingest
from storage.db import open_sessions
from storage.migrate import require_shop
from storage.settings import Settings, load_settings

NAMES_SHOWN = 10


def run(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Markdown files and folders; the built-in handbook when none is named.")
    ] = None,
) -> None:
    """Take policies into the handbook: only what changed, and what is gone from a folder leaves.

    Examples: `shopdesk ingest`, `shopdesk ingest our-policies/`, `shopdesk ingest returns.md returns.ko.md`.
    Each file begins with front matter: id, title, language, effective_date, and category and replaced_date if any.
    """
    console = Console(stderr=True)
    report = asyncio.run(_ingest(load_settings(), paths or [HANDBOOK], console))
    for line in lines_of(report):
        typer.echo(line)
    if report.refused:
        raise typer.Exit(1)


async def _ingest(settings: Settings, paths: list[Path], console: Console) -> Report:
    await require_shop(settings.database)
    columns = (TextColumn("Passages"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("passages", total=None)
        async with open_sessions(settings.database) as sessions:
            return await ingest(
                settings, sessions, paths, lambda done, total: bar.update(task, completed=done, total=total)
            )


def lines_of(report: Report) -> list[str]:
    """Return the report as lines to print."""
    counts = (
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed, "
        f"{report.unchanged} unchanged, {len(report.refused)} refused; {report.indexed} passages indexed"
    )
    named = (("added", report.added), ("changed", report.changed), ("removed", report.removed))
    lines = [f"{what}: {_listed(keys)}" for what, keys in named if keys]
    return [*lines, *(f"refused: {reason}" for reason in report.refused), counts]


def _listed(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - NAMES_SHOWN} more" if len(keys) > NAMES_SHOWN else ""
    return ", ".join(keys[:NAMES_SHOWN]) + more
