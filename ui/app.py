"""The page and its HTTP API, as one app."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from storage.db import Sessions
from storage.errors import ShopError
from storage.process.bodies import PromptBodies
from storage.process.discovery import catalog_route
from storage.settings import Settings
from team.desk.desk import Desk
from ui import conversations, health, images, metrics, policies, seen
from ui import stream as events
from ui.assistant import figures, query, service, tasks
from ui.assistant.server import Assistant
from ui.cards import routes as cards
from ui.chats import listing, thumbs
from ui.desk import beside, chats, door, drafts, gaps, queue, tickets
from ui.errors import STATUS, fail, refuse, refuse_http
from ui.guards import Guards, StrictHeaders, allowed_hosts
from ui.inside import pages, replays, team, traces
from ui.logins import auth, registering, tokens, visits
from ui.oauth import connecting, programs
from ui.oauth.routes import oauth_routes
from ui.openai_api import completions, models, responses
from ui.openai_api.door import Door
from ui.parts import Parts
from ui.rest import chat, confirm, friendly, openapi, ready, tools
from ui.screens.screen import screen
from ui.words import page as page_words

STATIC = Path(__file__).parent / "static"
CARDS: list[str | tuple[str, str]] = [("storage.cards", "static")]
"""What draws cards, which other programs show too."""


async def page(_: Request) -> Response:
    """Return the page itself."""
    return screen("index")


def build_app(settings: Settings, sessions: Sessions, desk: Desk) -> Starlette:
    """Build the app over an open database and desk. It connects to nothing itself."""
    of_logins = (auth, registering, tokens, visits, programs, connecting)
    of_chats = (conversations, listing, thumbs, events, seen, images, cards, policies)
    of_programs = (completions, responses, models)
    assistant = (service, tasks, query, figures)
    for_staff = (door, queue, tickets, chats, beside, drafts, gaps, pages, traces, replays, team)
    groups = (*of_logins, *of_chats, *of_programs, *for_staff, *assistant, health, metrics, page_words)
    rest = (openapi, ready, tools, confirm, chat, friendly)
    handlers = {**dict.fromkeys([ShopError, *STATUS], refuse), HTTPException: refuse_http}
    tools_of_staff = Assistant() if settings.assistant_mcp else None
    app = Starlette(
        routes=[
            Route("/", page),
            *([] if tools_of_staff is None else [tools_of_staff.route]),
            *(route for group in (*rest, *groups) for route in group.ROUTES),
            *oauth_routes(settings, sessions),
            catalog_route(settings),
            Mount("/static", StaticFiles(directory=STATIC, packages=CARDS)),
        ],
        middleware=[
            Middleware(StrictHeaders),
            Middleware(Door),
            # The guards refuse as handlers do, so the same place has to make answers of it.
            Middleware(ExceptionMiddleware, handlers=handlers),
            Middleware(
                TrustedHostMiddleware,
                allowed_hosts=allowed_hosts(settings.host, settings.public_ui_url),
                www_redirect=False,
            ),
            Middleware(PromptBodies, wait_s=settings.request_wait_s),
            Middleware(Guards),
        ],
        exception_handlers={**handlers, Exception: fail},
        lifespan=None if tools_of_staff is None else tools_of_staff.running,
    )
    app.state.parts = Parts(settings, sessions, desk)
    return app
