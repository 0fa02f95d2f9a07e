"""A screen as a browser gets it: its own HTML, filled with what all screens have alike."""

from functools import cache
from pathlib import Path
from string import Template

from starlette.responses import HTMLResponse, Response

FOLDER = Path(__file__).parent
ALIKE = FOLDER / "alike"
# A browser asks each time whether a page changed, so that an upgraded shop never runs an old one.
ASK_AGAIN = {"Cache-Control": "no-cache"}


@cache
def html_of(name: str) -> str:
    """Return the HTML of a screen, such as `desk`, with `$head` and whatever else lies in `alike/` filled in.

    What a screen itself has filled, such as `$error`, stays as it is.
    """
    alike = {path.stem: path.read_text().strip() for path in ALIKE.glob("*.html")}
    return Template((FOLDER / f"{name}.html").read_text()).safe_substitute(alike)


def screen(name: str, status: int = 200, **headers: str) -> Response:
    """Return a screen, which asks for what it shows as its reader."""
    return HTMLResponse(html_of(name), status_code=status, headers=ASK_AGAIN | headers)
