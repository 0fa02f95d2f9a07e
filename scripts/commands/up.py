"""`shopdesk up`: set up the shop if there is none, start every process, and say where everything is."""

import asyncio
import contextlib
import logging
import shutil
import signal

from rich.console import Console
from rich.status import Status

from scripts.running.box import print_box
from scripts.running.one_at_a_time import alone
from scripts.running.processes import Part, Started, require_free, running, watch
from scripts.running.stand_in import stand_in_parts, who_answers
from storage.db import Sessions, open_sessions
from storage.endpoints import FILE
from storage.private import make_folder
from storage.settings import REPOSITORY, Settings, load_settings
from storage.shop.shop import find_shop


def run() -> None:
    """Start the shop: page, team, tool servers, and a stand-in for the models if there are none.

    The first run creates the demo shop in SHOPDESK_HOME; later runs keep its data. Ctrl-C stops everything. A process
    that dies is restarted.

    Examples: `shopdesk up`, `UI_PORT=3001 shopdesk up`, `MODEL1_BASE_URL=http://gpu:8081/v1 shopdesk up`.
    """
    # A library used by the indexes enables every logger; each health check would print a line.
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    asyncio.run(_until_asked(load_settings(), Console()))


async def _until_asked(settings: Settings, console: Console) -> None:
    work = asyncio.ensure_future(_up(settings, console))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await work
        return
    console.print("\nStopped; the shop's data is kept.")


async def _up(settings: Settings, console: Console) -> None:
    with alone(settings):
        await _started(settings, console)


async def _started(settings: Settings, console: Console) -> None:
    logs = settings.shopdesk_home / "logs"
    make_folder(logs)
    if not (settings.shopdesk_home / FILE).exists():
        shutil.copy(REPOSITORY / "team" / FILE, settings.shopdesk_home / FILE)
    parts, models = parts_of(settings), await who_answers(settings)
    for part in parts:
        require_free(part, settings.host)
    async with contextlib.AsyncExitStack() as stack:
        status = stack.enter_context(console.status("Checking the shop's data …"))
        async with open_sessions(settings.database) as sessions:
            await prepare(settings, sessions, status)
        console.print("[green]✓[/] data and handbook")
        if models:
            console.print(f"[green]✓[/] {models}", soft_wrap=True, highlight=False)
        started: list[Started] = []
        for part in parts:
            status.update(f"Starting the {part.name} …")
            started.append(await stack.enter_async_context(running(part, logs)))
            console.print(f"[green]✓[/] {part.name}")
        status.stop()
        async with open_sessions(settings.database) as sessions:
            await print_box(settings, sessions, console)
        await watch(started, console.print)


async def prepare(settings: Settings, sessions: Sessions, status: Status) -> None:
    """Migrate the database, fill it with the demo shop if it is empty, and ingest the handbook."""
    # Alembic, the demo data and the indexes are slow to import, and no other part of `up` needs them.
    from knowledge.taking_in.ingest import ingest_handbook
    from storage.migrate import migrate
    from storage.moving.demo import seed_demo

    await migrate(settings.database)
    async with sessions() as session:
        shop = await find_shop(session)
    if shop is None:
        status.update("Creating the demo shop …")
        await seed_demo(sessions)
    status.update("Indexing the handbook …")
    report = await ingest_handbook(
        settings,
        sessions,
        lambda things, done, total: status.update(f"Indexing the handbook: {done} of {total or '…'} {things} …"),
    )
    if report.mended:
        status.console.print(report.mended, soft_wrap=True, highlight=False, markup=False)


def parts_of(settings: Settings) -> list[Part]:
    """Return the processes to run, in starting order: each needs the ones before it."""
    tools = Part(
        "tool servers",
        ("-m", "scripts", "mcp", "--http", str(settings.mcp_port)),
        (settings.mcp_port,),
        f"http://{settings.host}:{settings.mcp_port}/health",
        "choose another with MCP_PORT",
    )
    page = Part(
        "page",
        ("-m", "ui"),
        (settings.ui_port,),
        f"http://{settings.host}:{settings.ui_port}/health",
        "choose another with UI_PORT",
    )
    return [*stand_in_parts(settings), tools, page]
