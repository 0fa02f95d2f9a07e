"""A picture for clients to show beside a server and its tools: one character, drawn as a tiny SVG."""

import base64

from mcp.types import Icon

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><text y="20" font-size="20">{}</text></svg>'


def icons_of(character: str) -> list[Icon]:
    """Return the icons that show this character; none for an empty text."""
    if not character:
        return []
    drawn = base64.b64encode(SVG.format(character).encode()).decode()
    return [Icon(src=f"data:image/svg+xml;base64,{drawn}", mime_type="image/svg+xml", sizes=["any"])]
