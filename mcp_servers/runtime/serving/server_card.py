"""The MCP Server Card of all tools together: who they are, and where a client connects to them, before it does."""

from importlib.metadata import version
from typing import Any

from mcp_types.version import SUPPORTED_PROTOCOL_VERSIONS
from starlette.routing import Route

from storage.process.discovery import CARD, CARD_TYPE, public_route, reversed_name
from storage.settings import Settings

SCHEMA = "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json"
DESCRIPTION = "An online shop's orders, products, tickets, policies and pictures; no write without a yes."
"""At most 100 characters, as in server.json."""


def server_card(settings: Settings) -> dict[str, Any]:
    """Return the card. It lists no tools: those are for a client that has connected, as its caller may see them."""
    return {
        "$schema": SCHEMA,
        "name": reversed_name(settings),
        "version": version("shopdesk"),
        "title": "Shopdesk",
        "description": DESCRIPTION,
        "websiteUrl": settings.public_ui_url,
        "icons": [{"src": f"{settings.public_ui_url}/static/icon.png", "mimeType": "image/png"}],
        "remotes": [
            {
                "type": "streamable-http",
                "url": f"{settings.public_mcp_url}/mcp",
                "supportedProtocolVersions": list(SUPPORTED_PROTOCOL_VERSIONS),
            }
        ],
    }


def card_route(settings: Settings) -> Route:
    """Return the card's route, where the extension reserves it: at the tools' own address, and `/server-card`."""
    return public_route(CARD, server_card(settings), CARD_TYPE)
