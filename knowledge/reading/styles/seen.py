"""What of a page its visitor sees, judged on each piece of text with all that it inherits.

An element can be hidden with all that is in it, or only its own text can: a list whose font size is zero may hold items
that set theirs. What a visitor opens by a click stays.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree
from lxml.html import HtmlElement

from knowledge.reading.documents import Left
from knowledge.reading.styles.cascade import Styles, styles_of
from knowledge.reading.styles.closed import FAR_OUT, Style, is_clear, why_away, why_closed
from knowledge.reading.styles.opened import Opened
from knowledge.reading.styles.sheets import rules_of
from knowledge.reading.styles.values import CLEAR, WHITE, Colour, alike, colour, font_size, length, over, with_variables

_NEVER_SHOWN = """
script style noscript template frame object embed applet svg math canvas audio video map input select option datalist
textarea progress meter iframe
"""
NEVER_SHOWN = frozenset(_NEVER_SHOWN.split())
STRUCK_OUT = "struck out"
_STRUCK = frozenset({"s", "del", "strike"})
_INLINE = frozenset({"span", "a", "small", "font", "em", "b", "strong", "i"})
_TINY = 2.0
_PICTURED = re.compile("wingdings|webdings|symbol")
"""Fonts whose letters are pictures: word processors mark the items of lists with them."""
_BLACK: Colour = (0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Sheets:
    """The style sheets a page links to that were saved with it, and how many were not."""

    texts: Sequence[str] = ()
    missing: int = 0


@dataclass(frozen=True)
class Look:
    """How text would look at a place in a page; colours that cannot be told are None."""

    shown: bool = True
    size: float = 16.0
    ink: Colour | None = _BLACK
    ground: Colour | None = WHITE
    indent: float = 0.0
    struck: bool = False
    quiet: bool = False
    known: Mapping[str, str] = field(default_factory=dict)


def remove_unseen(
    page: HtmlElement,
    sheets: Sheets,
    answers: Collection[HtmlElement] = (),
    around: Collection[HtmlElement] = (),
) -> list[Left]:
    """Take out of a page what its visitor cannot see, and return it.

    Args:
        page: the whole page, with its own style sheets still in it.
        sheets: those it links to.
        answers: elements that a click opens, though the page does not say so.
        around: elements whose hidden text, such as a closed menu, is not worth a word.
    """
    own = [style.text or "" for style in page.iter("style")]
    styles = styles_of(page, rules_of([*sheets.texts, *own]))
    looking = _Looking(styles, Opened(page, styles, answers), around, missing=sheets.missing)
    looking.at(page, Look())
    for element in looking.gone:
        if element.getparent() is not None and element.tag not in {"html", "body", "head"}:
            element.drop_tree()
    etree.strip_tags(page, etree.Comment, etree.ProcessingInstruction)
    etree.strip_elements(page, *NEVER_SHOWN, with_tail=False)
    return looking.left


class _Looking:
    def __init__(self, styles: Styles, opened: Opened, around: Collection[HtmlElement], *, missing: int) -> None:
        self.left = list[Left]()
        self.gone = list[HtmlElement]()
        self._styles = styles
        self._opened = opened
        self._around = around
        self._missing = missing

    def at(self, element: HtmlElement, above: Look) -> None:
        """Look at an element and all that is in it."""
        if not isinstance(element.tag, str) or element.tag in {*NEVER_SHOWN, "head"}:
            self._drawn(element)
            return
        style, known = self._style(element, above.known)
        why = self._why_gone(element, style)
        if why:
            quiet = above.quiet or element in self._around
            self._leave("" if quiet else f"hidden ({why})", " ".join(element.itertext()), lost=why == "aria-hidden")
            self.gone.append(element)
            return
        if style.get("visibility") in {"hidden", "collapse"} and self._shows_later(element, style):
            style = {**style, "visibility": "visible"}
        look = _look(element, style, replace(above, known=known, quiet=above.quiet or element in self._around))
        if style.get("vertical-align") == "super" and element.tag in _INLINE:
            element.tag = "sup"
        if _is_bullet(element, style):
            element.text = "- "
        self._own_text(element, look)
        for child in element:
            self.at(child, look)

    def _style(self, element: HtmlElement, known: Mapping[str, str]) -> tuple[dict[str, str], Mapping[str, str]]:
        told = self._styles.of(element)
        own = {name: text for name, text in told.items() if name.startswith("--")}
        known = {**known, **own} if own else known
        plain = {name: with_variables(text, known) for name, text in told.items() if not name.startswith("--")}
        return {
            name: text.removesuffix("!important").strip() for name, text in plain.items() if text is not None
        }, known

    def _why_gone(self, element: HtmlElement, style: Style) -> str:
        if element.tag in {"html", "body"}:
            return ""
        away = why_away(element, style)
        if away:
            return away
        closed = why_closed(element, style)
        if closed and not self._opened.opens(element, style):
            return closed
        return "transparent" if is_clear(style) and not self._opened.fades_in(element, style) else ""

    def _shows_later(self, element: HtmlElement, style: Style) -> bool:
        return self._opened.opens(element, style) or self._opened.fades_in(element, style)

    def _own_text(self, element: HtmlElement, look: Look) -> None:
        why, doubtful = self._why_unseen(look)
        if not why:
            return
        self._leave(
            "" if look.quiet else why,
            " ".join([element.text or "", *(child.tail or "" for child in element)]),
            lost=doubtful,
        )
        element.text = " " if element.text else None
        for child in element:
            child.tail = " " if child.tail else None

    def _why_unseen(self, look: Look) -> tuple[str, bool]:
        hidden = {
            "visibility": not look.shown,
            "font size": look.size < _TINY,
            "text-indent": look.indent <= FAR_OUT,
            "transparent": look.ink is not None and look.ink[3] < CLEAR,
        }
        why = next((name for name, holds in hidden.items() if holds), "")
        if why:
            return f"hidden ({why})", False
        if look.ink is not None and look.ground is not None and alike(look.ink, look.ground):
            if self._missing:
                return (
                    "the colour of its ground, unless a style sheet that was not saved with the page colours it",
                    True,
                )
            return "hidden (the colour of its ground)", False
        return (STRUCK_OUT, False) if look.struck else ("", False)

    def _drawn(self, element: HtmlElement) -> None:
        if element.tag == "svg":
            self._leave(
                "text in a drawing", " ".join(one.text or "" for one in element.iter("text", "tspan")), lost=True
            )
        elif element.tag == "iframe" and element.get("src", "").startswith(("http", "/", ".")):
            self._leave("a page within the page", element.get("title") or element.get("src", ""), lost=False)

    def _leave(self, why: str, text: str, *, lost: bool) -> None:
        text = " ".join(text.split())
        if why and any(map(str.isalnum, text)):
            self.left.append(Left(why=why, text=text, lost=lost))


def _is_bullet(element: HtmlElement, style: Style) -> bool:
    """Tell whether an element's own text is the mark of a list's item, as word processors write it."""
    mark, fonts = (element.text or "").strip(), style.get("font-family", "")
    is_hollow = mark == "o" and "courier" in fonts and len(element) == 1 and not element[0].text_content().strip()
    return len(mark) == 1 and (is_hollow or bool(_PICTURED.search(fonts)))


def _look(element: HtmlElement, style: Style, above: Look) -> Look:
    size = font_size(style["font-size"], above.size) if "font-size" in style else above.size
    visibility = style.get("visibility")
    struck = above.struck or element.tag in _STRUCK or "line-through" in style.get("text-decoration", "")
    indent = length(style.get("text-indent", ""), size)
    return Look(
        shown=above.shown if visibility in {None, "inherit"} else visibility not in {"hidden", "collapse"},
        size=size,
        ink=_ink(style, above),
        ground=_ground(style, above.ground),
        indent=above.indent if indent is None else indent,
        struck=struck,
        quiet=above.quiet,
        known=above.known,
    )


def _ink(style: Style, above: Look) -> Colour | None:
    if "text" in style.get("background-clip", ""):
        return None
    told = style.get("-webkit-text-fill-color") or style.get("color", "")
    return (colour(told) or above.ink) if told else above.ink


def _ground(style: Style, above: Colour | None) -> Colour | None:
    image = style.get("background-image", "")
    if "url(" in image or "gradient" in image:
        return None
    own = colour(style.get("background-color", ""))
    if own is None or own[3] < CLEAR:
        return above
    if above is None:
        return None if own[3] < 1 else own
    return over(own, above)
