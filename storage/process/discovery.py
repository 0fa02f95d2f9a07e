"""How others find the shop's tools: the AI Catalog of a site, which names the MCP Server Card of the shop (SEP-2127).

The wire format is the one of github.com/modelcontextprotocol/experimental-ext-server-card.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from storage.settings import Settings

CATALOG = "/.well-known/ai-catalog.json"
CATALOG_TYPE = "application/ai-catalog+json"
CARD = "/mcp/server-card"
CARD_TYPE = "application/mcp-server-card+json"
NAME = "shopdesk"
FRESH_S = 3600
OPEN_TO_PAGES = Middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_methods=["GET"],
    allow_headers=["Content-Type", "If-None-Match"],
    expose_headers=["ETag"],
)
"""What stands there is public, so a program in any site's page may read it."""


def catalog_route(settings: Settings) -> Route:
    """Return the route of the catalog: on the page's site it leads to the tools' card, which may be on another one."""
    host = urlsplit(settings.public_mcp_url).hostname or ""
    entry = {
        "identifier": f"urn:air:{host}:mcp:{NAME}",
        "type": CARD_TYPE,
        "url": f"{settings.public_mcp_url}{CARD}",
    }
    return public_route(CATALOG, {"specVersion": "1.0", "entries": [entry]}, CATALOG_TYPE)


def public_route(path: str, document: Mapping[str, Any], media_type: str) -> Route:
    """Return a route with a document that anybody may read, keep for an hour, and ask for again by its tag."""
    body = json.dumps(document, ensure_ascii=False, indent=2).encode()
    headers = {
        "Cache-Control": f"public, max-age={FRESH_S}",
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
    }

    async def read(request: Request) -> Response:
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=media_type, headers=headers)

    return Route(path, read, methods=["GET", "OPTIONS"], middleware=[OPEN_TO_PAGES])


def reversed_name(settings: Settings) -> str:
    """Return the tools' name as a card has it, the site's labels from right to left: 'example.shop/shopdesk'."""
    host = urlsplit(settings.public_mcp_url).hostname or ""
    # An address has no labels to turn around, and an IPv6 one has colons, which no name has.
    is_address = ":" in host or host.replace(".", "").isdigit()
    return f"{'localhost' if is_address else '.'.join(reversed(host.split('.')))}/{NAME}"
