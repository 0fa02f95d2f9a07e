"""A program's invalid request is shown on the shop's own page, since the user has not approved going anywhere else."""

import json
from html import escape
from string import Template
from urllib.parse import parse_qsl, urlsplit

from starlette.responses import HTMLResponse, Response

from ui.screens.screen import html_of

# What a user can do about an error; all others are for the program's developer.
AGAIN = {"temporarily_unavailable": 503, "server_error": 500}


def shown_here(response: Response) -> Response:
    """Return a page with the error that the authorization endpoint's response would redirect elsewhere.

    Anybody can register a program and its redirect address, so redirecting before consent would turn the shop into an
    open redirector (RFC 9700 §4.11).
    """
    place = response.headers.get("location")
    told: dict[str, str] = json.loads(bytes(response.body)) if place is None else dict(parse_qsl(urlsplit(place).query))
    return refusal(told["error"], told.get("error_description") or "")


def refusal(error: str, description: str) -> Response:
    """Return the page for one error: in words for users, and with OAuth's code for the program's developer."""
    words = "refused_again" if error in AGAIN else "refused_request"
    filled = {"words": words, "error": error, "description": description}
    page = Template(html_of("refused")).substitute({name: escape(value) for name, value in filled.items()})
    return HTMLResponse(page, status_code=AGAIN.get(error, 400))
