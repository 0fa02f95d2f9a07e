"""`scripts/many`: start the shop as it runs on several machines, all of them this one, until Ctrl-C."""

import argparse
import asyncio
import contextlib
import logging
import shutil
import signal
import sys
from collections.abc import Sequence

from rich.console import Console

from scripts.commands.up import prepare
from scripts.machines.database import database, require_database
from scripts.machines.parts import (
    HAPROXY,
    MACHINES,
    Replicas,
    chroma,
    free_port,
    gateway,
    home_of,
    model_parts,
    shop_parts,
)
from scripts.running.box import print_box
from scripts.running.one_at_a_time import alone
from scripts.running.processes import Part, Started, require_free, running, watch
from storage.db import open_sessions
from storage.endpoints import FILE
from storage.private import make_folder
from storage.settings import REPOSITORY, CannotStartError, Settings, load_settings

ABOUT = """Start the shop as it runs on several machines, all of them this one.

PostgreSQL and a Chroma server keep its state. Two replicas of the page and two of the tool servers stand behind HAProxy
(docs/scaling/haproxy.cfg), and vLLM's router in front of two stand-ins for each model slice. Each replica has a folder
of its own, as on a machine of its own. One that is killed is started again; Ctrl-C stops everything, and the data is
kept.

What runs already is used: DATABASE_URL, CHROMA_URL, and MODEL1_BASE_URL with MODEL2_BASE_URL. UI_PORT and MCP_PORT are
where HAProxy listens. docs/scaling.md says what grows how.

examples:
  scripts/many
  UI_PORT=3001 MCP_PORT=8101 scripts/many
  DATABASE_URL=postgresql+asyncpg://shop:secret@db/shop CHROMA_URL=http://chroma:8000 scripts/many
"""


class NoHaproxyError(CannotStartError):
    """HAProxy is not installed."""

    def __init__(self) -> None:
        super().__init__("HAProxy cannot be found. Install it (Debian, Ubuntu: apt-get install haproxy).")


def main() -> int:
    """Start everything and end it on Ctrl-C; what its user can put right is said in one line, with exit code 2."""
    parser = argparse.ArgumentParser("scripts/many", description=ABOUT, formatter_class=argparse.RawTextHelpFormatter)
    parser.parse_args()
    # A library used by the indexes enables every logger; each health check would print a line.
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    try:
        asyncio.run(_until_asked(load_settings(), Console()))
    except CannotStartError as error:
        sys.stderr.write(f"scripts/many: {error}\n")
        return 2
    return 0


async def _until_asked(settings: Settings, console: Console) -> None:
    work = asyncio.ensure_future(_many(settings, console))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await work
        return
    console.print("\nStopped; the shop's data is kept.")


async def _many(settings: Settings, console: Console) -> None:
    if shutil.which(HAPROXY) is None:
        raise NoHaproxyError
    require_database(settings)
    _make_folders(settings)
    tools, pages = Replicas.of("tool servers"), Replicas.of("page")
    require_free(gateway(settings, tools, pages), settings.host)
    with alone(settings):
        async with database(settings) as url, contextlib.AsyncExitStack() as stack:
            console.print("[green]✓[/] PostgreSQL")
            settings = settings.model_copy(update={"database_url": url})
            started: list[Started] = []
            if not settings.chroma_url:
                port = free_port()
                started += await _start(settings, console, stack, [chroma(settings, port)])
                settings = settings.model_copy(update={"chroma_url": f"http://127.0.0.1:{port}"})
            await _prepare(settings, console)
            parts = [*model_parts(settings), *shop_parts(settings, tools, pages)]
            started += await _start(settings, console, stack, parts)
            async with open_sessions(settings.database) as sessions:
                await print_box(settings, sessions, console)
            console.print("Kill a replica with kill -9: what it was doing goes on in the other one.", style="bold")
            await watch(started, console.print)


def _make_folders(settings: Settings) -> None:
    """Make each machine's folder; what is changed in the shop's models.toml reaches all of them."""
    make_folder(settings.shopdesk_home / "logs")
    models = settings.shopdesk_home / FILE
    if not models.exists():
        shutil.copy(REPOSITORY / "team" / FILE, models)
    for machine in MACHINES:
        home = home_of(settings, machine)
        make_folder(home)
        (home / FILE).unlink(missing_ok=True)
        (home / FILE).symlink_to(models)


async def _start(
    settings: Settings, console: Console, stack: contextlib.AsyncExitStack, parts: Sequence[Part]
) -> list[Started]:
    """Start these one after the other, and say so."""
    started = []
    for part in parts:
        require_free(part, settings.host)
        with console.status(f"Starting the {part.name} …"):
            started.append(await stack.enter_async_context(running(part, settings.shopdesk_home / "logs")))
        process = f"process {started[-1].process.pid}"
        console.print(f"[green]✓[/] {part.name:<18} {_where(part)}, {process}", highlight=False, soft_wrap=True)
    return started


def _where(part: Part) -> str:
    return " ".join(f"http://127.0.0.1:{port}" for port in part.ports)


async def _prepare(settings: Settings, console: Console) -> None:
    """Create the shop where there is none, and each machine's half of the handbook's index."""
    async with open_sessions(settings.database) as sessions:
        for machine in MACHINES:
            with console.status("Checking the shop's data …") as status:
                there = settings.model_copy(update={"shopdesk_home": home_of(settings, machine)})
                await prepare(there, sessions, status)
    console.print("[green]✓[/] data, and each machine's handbook")


if __name__ == "__main__":
    sys.exit(main())
