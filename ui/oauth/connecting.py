"""How to connect a program: for each MCP client, the line to paste and where."""

import tomllib
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.words.languages import LANGUAGES
from ui.logins.login import account_of
from ui.parts import parts_of

FILE = Path(__file__).with_name("connecting.toml")


@cache
def clients_at(url: str) -> list[dict[str, Any]]:
    """Return each client's name, its line with this address of the tools, and in each language where that goes."""
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))["clients"]
    return [
        {
            "name": each["name"],
            "where": {language: each["where"][language] for language in LANGUAGES},
            "line": Template(each["line"]).substitute(URL=url),
        }
        for each in found
    ]


async def list_clients(request: Request) -> Response:
    """List the MCP clients and their lines, to a logged-in user."""
    await account_of(request)
    settings = parts_of(request).settings
    return JSONResponse(clients_at(f"{settings.public_mcp_url}/mcp"))


ROUTES = [Route("/api/connect", list_clients)]
