"""Building a card: one HTML file that asks nobody for anything, with the scripts, styles and words it names in it.

A card's own file is a few lines. It may name what lies in `static/`, which the page shows too, and in `frame/`, which
speaks with the program around a card; each module becomes a function, so that its names are its own.
"""

import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

from storage.words.catalogue import Catalogue
from storage.words.languages import LANGUAGES
from storage.words.patterns import Text, patterns_in

FOLDER = Path(__file__).parent
SHARED = FOLDER / "static"
PLACES = (FOLDER / "frame", SHARED)
WORDS = Catalogue(FOLDER)
LARGEST = 30_000
"""Bytes of a card, with all that is in it."""

POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">"
)
"""For a program that shows cards without a policy of its own: nothing is asked of anybody."""

HEAD = re.compile(r"<meta charset=\"utf-8\">", re.IGNORECASE)
STYLE = re.compile(r"<link rel=\"stylesheet\" href=\"([\w.-]+)\">")
SCRIPT = re.compile(r"<script type=\"module\">([^<]*(?:<(?!/script>)[^<]*)*)</script>")
IMPORT = re.compile(r"^import \{([^{}]*)\} from \"\./([\w-]+)\.js\";$", re.MULTILINE)
EXPORT = re.compile(r"^export (?:async )?(?:function|const|class) (\w+)", re.MULTILINE)
NOT_READ = re.compile(r"^[ \t]*(?://.*)?\n|^[ \t]+", re.MULTILINE)
REMARK = re.compile(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/\s*")
NAMED = re.compile(r"[\"`]([a-z_]+)[\"`]|`([a-z_]+_)\$\{")
ASKS = re.compile(
    r"\bfetch\(|\bXMLHttpRequest\b|\bWebSocket\b|\bEventSource\b|\bsendBeacon\b|\bimport\(|@import\b|"
    r"\burl\((?![\"']?(?:data:|#))|https?://(?!www\.w3\.org/)"
)
LEADS = {"src", "srcset", "href", "data", "action", "formaction", "poster", "ping"}


class CardError(Exception):
    """A card's file cannot be shown. The text says why, and `mend` what to do."""

    mend: str


class NotAPageError(CardError):
    """It has no head to put anything into."""

    mend = 'Write <meta charset="utf-8"> into its head, as in mcp_servers/orders/cards'

    def __init__(self) -> None:
        super().__init__("the card does not begin like a page")


class NoSuchPartError(CardError):
    """It names a script or a style that there is none of."""

    mend = "Name one of storage/cards/static or storage/cards/frame, or write it into the card"

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no {name} for cards")


class AsksOutsideError(CardError):
    """It would ask somebody for something, which no program lets it."""

    mend = "A card is drawn from its tool's result alone: write what it needs into it, pictures as data"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} asks for something outside the card")


class CardTooLargeError(CardError):
    """With all that it names it is larger than a card may be."""

    mend = "Leave something out, or draw it in fewer words"

    def __init__(self, size: int) -> None:
        super().__init__(f"the card has {size:,} bytes with all that it names, over {LARGEST:,}")


def built(path: Path) -> str:
    """Return a card's whole HTML.

    Args:
        path: its own file, in a folder `cards` beside a server's `server.py`. It may say messages of the server's own
            catalogue too, by names that no message of ours has.

    Raises:
        CardError: it names what is not there, asks somebody for something, or is too large.
    """
    html = path.read_text(encoding="utf-8")
    if not HEAD.search(html):
        raise NotAPageError
    own = Catalogue(path.parent.parent)
    whole = STYLE.sub(lambda found: f"<style>{_style(found[1])}</style>", html)
    whole = SCRIPT.sub(lambda found: _script(found[1], own), whole)
    whole = HEAD.sub(lambda found: f"{found[0]}\n{POLICY}", whole, count=1)
    if (size := len(whole.encode())) > LARGEST:
        raise CardTooLargeError(size)
    _require_alone(whole)
    return whole


def _require_alone(html: str) -> None:
    links = _Links()
    links.feed(html)
    if links.found:
        raise AsksOutsideError(links.found[0])
    if asks := ASKS.search(html):
        raise AsksOutsideError(asks[0])


class _Links(HTMLParser):
    """Finds the attributes of a page that lead somewhere else."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag's."""
        for name, value in attrs:
            if name in LEADS and value and not value.startswith(("data:", "#")):
                self.found.append(f'<{tag} {name}="{value}">')


def _place_of(name: str) -> Path:
    for place in PLACES:
        if (place / name).is_file():
            return place / name
    raise NoSuchPartError(name)


def _style(name: str) -> str:
    return NOT_READ.sub("", REMARK.sub("", _place_of(name).read_text(encoding="utf-8")))


def _script(own: str, words_beside: Catalogue) -> str:
    modules: dict[str, str] = {}
    code = _filled(own, modules)
    everything = "".join([*modules.values(), code])
    told = {language: _words(everything, language, words_beside) for language in LANGUAGES}
    data = json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" id="words">{data}</script>\n<script type="module">\n{everything}</script>'


def _filled(code: str, modules: dict[str, str]) -> str:
    """Return a script whose imports are names of modules, which are put among `modules` in the order they need."""
    for _, name in IMPORT.findall(code):
        if name not in modules:
            source = _place_of(f"{name}.js").read_text(encoding="utf-8")
            body, given = NOT_READ.sub("", _filled(source, modules)), ", ".join(EXPORT.findall(source))
            modules[name] = f"const {_variable(name)} = (() => {{\n{body}return {{ {given} }};\n}})();\n"
    named = IMPORT.sub(lambda found: f"const {{{found[1].replace(' as ', ': ')}}} = {_variable(found[2])};", code)
    return re.sub(r"^export ", "", named, flags=re.MULTILINE)


def _variable(module: str) -> str:
    return f"${module.replace('-', '_')}"


def _words(code: str, language: str, beside: Catalogue) -> Mapping[str, object]:
    """Return a language's words that a script says, as the page is told its own."""
    found = NAMED.findall(code)
    whole, begun = {name for name, _ in found}, tuple({begins for _, begins in found if begins})

    def said(message: str) -> bool:
        return message in whole or message.startswith(begun)

    own: dict[str, Text] = patterns_in(beside, language, said) if language in beside.languages else {}
    # Ours stand last: the modules count on them.
    return {"language": language, "messages": own | patterns_in(WORDS, language, said)}
