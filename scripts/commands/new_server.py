"""`shopdesk new-server`: create a working tool server and everything that belongs to it."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from scripts.scaffold.plan import Plan

NEXT = """After the next start, {plan.specialist} answers questions about it. Next steps:
  1. Run scripts/start, then ask on the page: "What about the {plan.plain} of order #W…?"
  2. Make it yours: {server}/rules.py (what is allowed), {server}/server.py (what the model sees), {agent}.
  3. Run scripts/test {tests}, then `shopdesk lint`; `shopdesk lint --write` accepts a changed tool.
See mcp_servers/README.md for more. `shopdesk new-server {plan.name} --remove` deletes everything."""


def run(
    name: Annotated[str, typer.Argument(help="Its name in lower case, such as gift_cards.")],
    korean: Annotated[str, typer.Option(help="What Korean customers call it (default: its English name).")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be written.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Delete this server and all its files.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False,
) -> None:
    """Create a tool server: its folder, its tests, its specialist, its rows in docs/tools.md.

    It has a read and a write that asks first, on the shop's real orders and tickets. There is nothing else to edit: the
    registry, the HTTP app, tokens, the team, the page and the linter find it.

    Examples: `shopdesk new-server warranty --korean 보증`, `shopdesk new-server gift_wrapping --dry-run`,
    `shopdesk new-server warranty --remove`.
    """
    # These import every server, which no other subcommand should wait for.
    from scripts.scaffold.plan import Plan
    from scripts.scaffold.refusals import require_checkout, require_free, require_removable

    plan = Plan(name, korean.strip() or name.replace("_", " "))
    require_checkout()
    if remove:
        _remove(require_removable(plan), name, yes=yes)
        return
    require_free(plan)
    _made(plan, dry_run=dry_run)


def _made(plan: "Plan", *, dry_run: bool) -> None:
    from scripts.linting.finding import shown
    from scripts.linting.tools_page import PAGE
    from scripts.scaffold.placing import placed

    asyncio.run(_nothing_taken(plan))
    if not dry_run:
        # Ctrl-C leaves `asyncio.run` as an exception, so `placed` undoes what was written.
        with placed(plan, restored=[PAGE]):
            asyncio.run(_generated(plan))
    verb = "Would write" if dry_run else "Written"
    for path in [*plan.contents(), plan.folder / "schemas.json"]:
        typer.echo(f"{verb}: {shown(path)}")
    typer.echo(f"{verb}: docs/tools.md (its rows in the table of tools)")
    if not dry_run:
        names = {"server": shown(plan.folder), "agent": shown(plan.agent), "tests": shown(plan.tests)}
        typer.echo(NEXT.format(plan=plan, **names))


async def _nothing_taken(plan: "Plan") -> None:
    from scripts.linting.offered import shelves
    from scripts.scaffold.refusals import require_free_tools

    async with shelves() as found:
        require_free_tools(plan, found)


async def _generated(plan: "Plan") -> None:
    from scripts.linting.every import write_snapshot, write_table
    from scripts.linting.offered import shelves
    from scripts.scaffold.refusals import whole

    async with shelves() as found:
        write_snapshot(whole(next(shelf for shelf in found if shelf.name == plan.name)))
        write_table(found)


def _remove(present: list[Path], name: str, *, yes: bool) -> None:
    from scripts.linting.finding import shown
    from scripts.scaffold.placing import removed

    for place in present:
        typer.echo(f"Will delete: {shown(place)}")
    if not yes:
        typer.confirm(f"Delete the server {name} and everything you wrote there?", abort=True)
    removed(present)
    asyncio.run(_table_written())
    typer.echo("Deleted, along with its rows in docs/tools.md.")


async def _table_written() -> None:
    from scripts.linting.every import write_table
    from scripts.linting.offered import shelves

    async with shelves() as found:
        write_table(found)
