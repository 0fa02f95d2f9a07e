"""A tool server and its specialist in a package of their own, for tests that install it."""

SERVER = '''"""Gift wrapping."""

from pydantic import BaseModel

from mcp_servers.runtime.server import ToolServer


class Wrappings(BaseModel):
    """The papers there are."""

    papers: list[str]


async def list_wrappings() -> Wrappings:
    """List the papers in which a parcel can be wrapped."""
    return Wrappings(papers=["red", "gold"])


def build_server(_settings, _sessions):
    """Return the server."""
    return ToolServer("gifts", title="Gifts", instructions="Gift wrapping.", reads=[list_wrappings])
'''
AGENT = """---
name: GiftWrapper
description: gift wrapping and papers · 포장, 포장지
role: tickets
tools: [gifts.*]
---
You tell customers in which papers a parcel can be wrapped.
"""
FILES = {
    "shop_gifts/__init__.py": "",
    "shop_gifts/server.py": SERVER,
    "shop_gifts/agents/__init__.py": "",
    "shop_gifts/agents/gift_wrapper.md": AGENT,
}
ENTRY_POINTS = "[shopdesk.servers]\ngifts = shop_gifts.server\n\n[shopdesk.agents]\ngifts = shop_gifts.agents\n"
