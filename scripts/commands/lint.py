"""`shopdesk lint`: check every tool server and report problems."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from scripts.linting.finding import Finding


def run(
    write: Annotated[
        bool, typer.Option("--write", help="First update the table in docs/tools.md and the schema snapshots.")
    ] = False,
) -> None:
    """Check every tool server, in this repository and in installed packages, and report problems.

    Checks names, descriptions, annotations, flat schemas, each server's files and test, which specialists may use a
    tool, the table in docs/tools.md, the schema snapshots (schemas.json next to server.py), cards (small, a tool's,
    asking nobody for anything), and how many tokens the shop's own tools cost a model. It needs no shop and no network.
    The exit code is 1 if there are problems.

    Examples: `shopdesk lint`, or `shopdesk lint --write` after an intended change to a tool.
    """
    findings, summary = asyncio.run(_looked(write))
    for finding in findings:
        typer.echo(finding)
    if findings:
        typer.echo(f"{len(findings)} problem{'s' if len(findings) > 1 else ''} found.")
        raise typer.Exit(1)
    typer.echo(summary)


async def _looked(write: bool) -> tuple[Sequence[Finding], str]:
    # These import every server, which is slow, and no other subcommand needs them.
    from scripts.linting.budget import SHOPS_OWN, TOKENIZER, Counter
    from scripts.linting.every import findings, write_generated
    from scripts.linting.offered import shelves

    async with shelves() as found:
        if write:
            for name in write_generated(found):
                typer.echo(f"Written: {name}")
        counter = Counter()
        own = counter.spent([shelf for shelf in found if shelf.name in SHOPS_OWN])
        summary = f"{len(found)} servers, no problems. {', '.join(SHOPS_OWN)}: {own}, counted with {TOKENIZER}."
        return findings(found, counter), summary
