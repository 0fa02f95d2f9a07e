"""Running the page: the database and the desk are opened once, then uvicorn answers."""

import signal

from storage.db import open_sessions
from storage.migrate import require_shop
from storage.process.serving import server_of
from storage.process.settle import settle
from storage.settings import Settings
from team.desk.desk import open_desk
from ui.app import build_app
from ui.limits import Limits


async def serve(settings: Settings) -> None:
    """Serve the page until the process is asked to end."""
    await require_shop(settings.database)
    async with open_sessions(settings.database) as sessions, open_desk(settings, sessions) as desk:
        app = build_app(settings, sessions, desk)
        limits: Limits = app.state.parts.limits
        server = server_of(app, settings, settings.ui_port, limits.count)
        settle()
        # uvicorn raises a signal once more when it has ended; closing the database must not be interrupted by that.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        await server.serve()
