"""Run the page: `python -m ui`. The database and the desk are opened once, then uvicorn answers."""

import asyncio
import contextlib
import signal
import sys

from storage.db import open_sessions
from storage.migrate import require_shop
from storage.process.logs import log_lines
from storage.process.serving import server_of
from storage.process.settle import settle
from storage.settings import CannotStartError, Settings, load_settings
from storage.traces.tracing import tracing
from team.desk.desk import open_desk
from ui.app import build_app


async def serve(settings: Settings) -> None:
    """Serve the page until the process is asked to end."""
    await require_shop(settings.database)
    async with open_sessions(settings.database) as sessions, open_desk(settings, sessions) as desk:
        app = build_app(settings, sessions, desk)
        server = server_of(app, settings, settings.ui_port, desk.steps.metrics.refuse)
        settle()
        # uvicorn raises a signal once more when it has ended; closing the database must not be interrupted by that.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        await server.serve()


if __name__ == "__main__":
    try:
        settings = load_settings()
        log_lines(settings.log_level)
        # Ctrl-C is how a page is ended; uvicorn has closed everything by the time it gets here.
        with contextlib.suppress(KeyboardInterrupt), tracing(settings, "shopdesk-page"):
            asyncio.run(serve(settings))
    except CannotStartError as error:
        sys.stderr.write(f"shopdesk: {error}\n")
        sys.exit(2)
