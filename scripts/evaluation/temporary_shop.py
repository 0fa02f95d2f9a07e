"""A shop that exists for one conversation: the demo shop and its handbook in its own folder, with tools."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from storage.db import Sessions, open_sessions
from storage.endpoints import FILE
from storage.settings import REPOSITORY, Settings
from team.desk.desk import Desk, open_desk


async def make_shop(settings: Settings, home: Path) -> Settings:
    """Create the demo shop in a folder, using the models of the shop these settings belong to."""
    # Alembic, the demo data and the indexes are slow to import.
    from knowledge.taking_in.ingest import ingest_handbook
    from storage.migrate import migrate
    from storage.moving.demo import seed_demo

    models = settings.shopdesk_home / FILE
    shutil.copy(models if models.exists() else REPOSITORY / "team" / FILE, home / FILE)
    made = settings.model_copy(update={"shopdesk_home": home, "database_url": "", "chroma_url": ""})
    await migrate(made.database)
    async with open_sessions(made.database) as sessions:
        await seed_demo(sessions)
        await ingest_handbook(made, sessions)
    return made


@asynccontextmanager
async def open_copy(made: Settings, home: Path) -> AsyncIterator[tuple[Desk, Sessions]]:
    """Open a copy of a shop in another folder, with its tools served and a desk in front of them."""
    # The tool servers are slow to import.
    from mcp_servers.registry import server_names
    from mcp_servers.runtime.serving.serve import build_app

    shutil.copytree(made.shopdesk_home, home)
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = made.model_copy(update={"shopdesk_home": home, "public_mcp_url": address})
    async with (
        open_sessions(settings.database) as sessions,
        _served(build_app(server_names(), settings, sessions), listener),
        open_desk(settings, sessions) as desk,
    ):
        yield desk, sessions


@asynccontextmanager
async def _served(app: Starlette, listener: socket.socket) -> AsyncIterator[None]:
    # Its socket is already listening, so early connections wait.
    server = uvicorn.Server(uvicorn.Config(app, http="h11", log_level="warning", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
        listener.close()
