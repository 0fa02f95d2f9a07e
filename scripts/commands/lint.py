"""`shopdesk lint`: check every tool server, and say what is wrong."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from scripts.linting.finding import Finding


def run(
    write: Annotated[
        bool, typer.Option("--write", help="First write the table in docs/tools.md and the snapshots of the schemas.")
    ] = False,
) -> None:
    """Check every tool server, this repository's and those of installed packages, and say what is wrong.

    Looks at names, descriptions, annotations, flat schemas, the files and the test beside a server, who in the team may
    use a tool, the table in docs/tools.md, the snapshot of the schemas (schemas.json beside server.py), and the tokens
    that the shop's own tools cost a model. It needs no shop and no network. Exit code 1: problems were found.

    Examples: `shopdesk lint`, and after a change of a tool that is meant `shopdesk lint --write`.
    """
    findings, summary = asyncio.run(_looked(write))
    for finding in findings:
        typer.echo(finding)
    if findings:
        typer.echo(f"{len(findings)} problem{'s' if len(findings) > 1 else ''} found.")
        raise typer.Exit(1)
    typer.echo(summary)


async def _looked(write: bool) -> tuple[Sequence[Finding], str]:
    # These import every server, which no other subcommand should wait for.
    from scripts.linting.budget import SHOPS_OWN, TOKENIZER, Counter
    from scripts.linting.every import findings, write_generated
    from scripts.linting.offered import shelves

    async with shelves() as found:
        if write:
            for name in write_generated(found):
                typer.echo(f"Written: {name}")
        counter = Counter()
        own = counter.spent([shelf for shelf in found if shelf.name in SHOPS_OWN])
        summary = f"{len(found)} servers in order. {', '.join(SHOPS_OWN)}: {own}, counted with {TOKENIZER}."
        return findings(found, counter), summary
