"""A screen as a browser gets it: its own HTML, filled with what all screens have alike."""

from functools import cache
from pathlib import Path
from string import Template

from starlette.responses import HTMLResponse, Response

from storage.cards.building import SHARED

FOLDER = Path(__file__).parent
ALIKE = FOLDER / "alike"
STATIC = FOLDER.parent / "static"
DEPTH = 3
"""How deep what screens have alike may name other such things."""

# A browser asks each time whether a page changed, so that an upgraded shop never runs an old one.
ASK_AGAIN = {"Cache-Control": "no-cache"}


@cache
def html_of(name: str) -> str:
    """Return the HTML of a screen, such as `desk`, with `$head` and whatever else lies in `alike/` filled in.

    What lies there may name others of it, and by `${screen}` the screen. `$chat_css` links a style sheet, `$script`
    runs the script that is called like the screen, or `app.js`. What a screen itself has filled, such as `$error`,
    stays as it is.
    """
    alike = {path.stem: path.read_text().strip() for path in ALIKE.glob("*.html")} | _files(name)
    html = (FOLDER / f"{name}.html").read_text()
    for _ in range(DEPTH):
        html = Template(html).safe_substitute(alike, screen=name)
    return html


def _files(name: str) -> dict[str, str]:
    """Return the elements by which a screen names the files that it needs."""
    sheets = [path.relative_to(folder) for folder in (STATIC, SHARED) for path in folder.rglob("*.css")]
    script = next((path.relative_to(STATIC) for path in STATIC.rglob(f"{name}.js")), Path("app.js"))
    links = {f"{path.stem}_css": f'<link rel="stylesheet" href="/static/{path.as_posix()}">' for path in sheets}
    return {**links, "script": f'<script type="module" src="/static/{script.as_posix()}"></script>'}


def screen(name: str, status: int = 200, **headers: str) -> Response:
    """Return a screen, which asks for what it shows as its reader."""
    return HTMLResponse(html_of(name), status_code=status, headers=ASK_AGAIN | headers)
