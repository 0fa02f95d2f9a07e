"""Running the page: the database and the desk are opened once, then uvicorn answers."""

import signal

import uvicorn

from storage.db import open_sessions
from storage.migrate import require_shop
from storage.settings import Settings
from storage.settle import settle
from team.desk import open_desk
from ui.app import build_app

# What still streams after this is cut off: a stream of events has no end of its own.
SECONDS_TO_CLOSE = 2


async def serve(settings: Settings) -> None:
    """Serve the page until the process is asked to end."""
    await require_shop(settings.database)
    async with open_sessions(settings.database) as sessions, open_desk(settings, sessions) as desk:
        config = uvicorn.Config(
            build_app(settings, sessions, desk),
            host=settings.host,
            port=settings.ui_port,
            http="h11",
            log_level="warning",
            timeout_graceful_shutdown=SECONDS_TO_CLOSE,
        )
        settle()
        # uvicorn raises a signal once more when it has ended; closing the database must not be interrupted by that.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        await uvicorn.Server(config).serve()
