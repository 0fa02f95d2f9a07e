"""The last output of `shopdesk up`: where everything is, how to log in, and what to paste into an MCP client."""

import json

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from mcp_servers.registry import server_names
from mcp_servers.runtime.serving.build import scopes_of
from scripts.clients.known import NAME, entry_of
from storage.db import Sessions
from storage.moving.demo import PASSWORD, STAFF_EMAIL
from storage.people.accounts import list_demo_accounts
from storage.settings import Settings
from storage.shop.shop import Origin, find_shop
from storage.tokens import Caller, audience_of, mint

TOKEN_HOURS = 12


async def print_box(settings: Settings, sessions: Sessions, console: Console) -> None:
    """Print the box, then the lines to paste."""
    lines = Text()
    lines.append("Page          ").append(settings.public_ui_url, style="bold cyan").append("\n")
    for label, value in await _logins(sessions):
        lines.append(f"{label:<14}{value}\n")
    lines.append("Tools (MCP)   ").append(f"{settings.public_mcp_url}/mcp", style="bold cyan")
    lines.append(f"\n              with the token below: staff, for {TOKEN_HOURS} hours\n")
    lines.append(f"Data          {settings.shopdesk_home}\n").append("Ctrl-C stops it; your data is kept.", style="dim")
    console.print(Panel(lines, title="Shopdesk is running", border_style="green", expand=False))
    # The console must not wrap lines that people paste.
    console.print("Claude Desktop, in claude_desktop_config.json:", style="bold")
    console.print(claude_desktop(settings), soft_wrap=True, highlight=False, markup=False)
    console.print("Claude Code, and anything that takes a bearer token:", style="bold")
    console.print(claude_code(settings), soft_wrap=True, highlight=False, markup=False)


async def _logins(sessions: Sessions) -> list[tuple[str, str]]:
    async with sessions() as session:
        shop = await find_shop(session)
        if shop is None or shop.origin is not Origin.DEMO:
            return [("Log in with", "your shop's accounts (to create them: `shopdesk user add --help`)")]
        accounts = await list_demo_accounts(session, limit=2)
    named = [("Log in as", f"{account.email}   ({account.name})") for account in accounts]
    return [*named, ("Staff", STAFF_EMAIL), ("Password", PASSWORD)]


def claude_desktop(settings: Settings) -> str:
    """Return the entry for Claude Desktop's configuration: this shop's tools over stdio."""
    return json.dumps({"mcpServers": {NAME: entry_of(settings, [])}})


def claude_code(settings: Settings) -> str:
    """Return the command that adds this shop's tools to Claude Code over HTTP."""
    servers = server_names()
    staff = Caller("staff", staff=True, scopes=scopes_of(servers))
    audience = audience_of(settings.public_mcp_url, servers)
    token = mint(settings.secret, staff, audience=audience, expires_s=TOKEN_HOURS * 3600)
    url = f"{settings.public_mcp_url}/mcp"
    return f'claude mcp add --transport http shopdesk {url} --header "Authorization: Bearer {token}"'
