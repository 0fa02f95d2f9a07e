"""What a program's wrong request looks like in the browser: a page of the shop, since nobody said yes to another."""

import json
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qsl, urlsplit

from starlette.responses import HTMLResponse, Response

PAGE = Path(__file__).parents[1] / "static" / "refused.html"
# What a person can do about an error; about every other, only whoever makes the program.
AGAIN = {"temporarily_unavailable": 503, "server_error": 500}


def shown_here(response: Response) -> Response:
    """Return a page that tells the error which an answer of the authorization endpoint would take somewhere else.

    Anybody can register a program and the address it is sent back to, so that following it before a consent would make
    the shop's own address lead wherever a stranger likes (RFC 9700 §4.11).
    """
    place = response.headers.get("location")
    told: dict[str, str] = json.loads(bytes(response.body)) if place is None else dict(parse_qsl(urlsplit(place).query))
    return refusal(told["error"], told.get("error_description") or "")


def refusal(error: str, description: str) -> Response:
    """Return the page for one error: in words for people, and as OAuth names it for whoever makes the program."""
    words = "refused_again" if error in AGAIN else "refused_request"
    filled = {"words": words, "error": error, "description": description}
    page = Template(PAGE.read_text()).substitute({name: escape(value) for name, value in filled.items()})
    return HTMLResponse(page, status_code=AGAIN.get(error, 400))
