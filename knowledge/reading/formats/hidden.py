"""What a visitor of a page cannot see: it is no policy, and may be orders meant for a model.

What a visitor opens by a click stays: an answer in `<details>`, or a panel that some visible control names.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import tinycss2
from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement
from tinycss2.color3 import parse_color

Declared = dict[str, str]

_NEVER_SHOWN = """
script style noscript template iframe frame object embed applet svg math canvas audio video map input select option
datalist textarea progress meter dialog
"""
NEVER_SHOWN = frozenset(_NEVER_SHOWN.split())

_FOR_READERS_ALOUD = re.compile(r"(?:^|[\s_-])(?:sr-only|visually-hidden|visuallyhidden|screen-reader\S*)(?:$|\s)")
_MOST_RULES = 2_000
_FAR_OUT = -400
_TINY = 2.0
_CLEAR, _SAME = 0.1, 0.06
"""Of colours, on a scale of 0 to 1: until where one is clear, and how near two are alike."""


def remove_hidden(page: HtmlElement, *, opened: Iterable[HtmlElement] = ()) -> None:
    """Take out of a page what its visitor cannot see.

    Args:
        page: the whole page, with its style sheets still in it.
        opened: elements that a click opens, though the page does not say so.
    """
    styles = _styles(page)
    openable = {*_controlled(page), *opened}
    unseen = [one for one in page.iter(etree.Element) if _is_hidden(one, styles, openable)]
    for element in unseen:
        _drop(element)
    etree.strip_tags(page, etree.Comment, etree.ProcessingInstruction)
    etree.strip_elements(page, *NEVER_SHOWN, with_tail=False)


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None and element.tag not in {"html", "body", "head"}:
        element.drop_tree()


def _styles(page: HtmlElement) -> Mapping[HtmlElement, Declared]:
    styles: defaultdict[HtmlElement, Declared] = defaultdict(dict)
    sheets = "\n".join(style.text or "" for style in page.iter("style"))
    for count, (selector, declared) in enumerate(_rules(sheets)):
        if count == _MOST_RULES:
            break
        for element in _selected(page, selector):
            styles[element] |= declared
    for element in page.iter(etree.Element):
        inline = element.get("style")
        if inline:
            styles[element] |= _declarations(tinycss2.parse_blocks_contents(inline))
    return styles


def _rules(sheet: str) -> Iterator[tuple[str, Declared]]:
    for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            declared = _declarations(tinycss2.parse_blocks_contents(rule.content))
            if declared:
                yield tinycss2.serialize(rule.prelude), declared
        elif _is_for_screens(rule):
            yield from _rules(tinycss2.serialize(rule.content))


def _is_for_screens(rule: tinycss2.ast.Node) -> bool:
    if rule.type != "at-rule" or rule.lower_at_keyword != "media" or not rule.content:
        return False
    return "print" not in tinycss2.serialize(rule.prelude).lower()


_PROPERTIES = """
display visibility opacity font-size color background background-color position left top right text-indent clip
clip-path width height max-height max-width overflow transform content-visibility
"""
_MATTERS = frozenset(_PROPERTIES.split())


def _declarations(nodes: Iterable[tinycss2.ast.Node]) -> Declared:
    return {
        node.lower_name: tinycss2.serialize(node.value).strip().lower()
        for node in nodes
        if node.type == "declaration" and node.lower_name in _MATTERS
    }


def _selected(page: HtmlElement, selector: str) -> list[HtmlElement]:
    try:
        return list(CSSSelector(selector, translator="html")(page))
    except (SelectorError, etree.XPathError):
        # What cssselect does not know, such as `:hover`, says nothing of the page as it opens.
        return []


def _controlled(page: HtmlElement) -> Iterator[HtmlElement]:
    names = ("aria-controls", "data-target", "data-bs-target")
    controls = (control.get(name) for control in page.iter(etree.Element) for name in names)
    ids = {each.lstrip("#") for told in controls if told for each in told.split()}
    return (element for element in page.iter(etree.Element) if element.get("id") in ids)


def _is_hidden(element: HtmlElement, styles: Mapping[HtmlElement, Declared], openable: set[HtmlElement]) -> bool:
    style = styles.get(element, {})
    if element not in openable and (_is_closed(style) or _is_marked(element)):
        return True
    return bool(_FOR_READERS_ALOUD.search(element.get("class", ""))) or (
        bool(style) and (_is_out_of_sight(style) or _is_unreadable(element, style, styles))
    )


def _is_marked(element: HtmlElement) -> bool:
    return "hidden" in element.attrib or element.get("aria-hidden") == "true"


def _is_closed(style: Declared) -> bool:
    flat = any(_length(style.get(side, "")) in {0.0, 1.0} for side in ("height", "max-height", "width", "max-width"))
    return (
        style.get("display") == "none"
        or style.get("visibility") in {"hidden", "collapse"}
        or style.get("content-visibility") == "hidden"
        or (flat and style.get("overflow", "") in {"hidden", "clip"})
    )


def _is_out_of_sight(style: Declared) -> bool:
    placed = style.get("position") in {"absolute", "fixed", "relative"}
    sides = ("left", "top", "right") if placed else ()
    far = any((_length(style.get(side, "")) or 0) <= _FAR_OUT for side in (*sides, "text-indent"))
    clipped = re.search(r"rect\((?:[01](?:px)?[\s,]*){4}\)|inset\((?:50|100)%", _joined(style, "clip", "clip-path"))
    return far or bool(clipped) or "scale(0)" in style.get("transform", "")


def _is_unreadable(element: HtmlElement, style: Declared, styles: Mapping[HtmlElement, Declared]) -> bool:
    size, opacity = _length(style.get("font-size", "")), _length(style.get("opacity", ""))
    if (size is not None and size < _TINY) or (opacity is not None and opacity < _CLEAR):
        return True
    ink = _colour(style.get("color", ""))
    if ink is None:
        return False
    ground = next(
        (found for one in (element, *element.iterancestors()) if (found := _ground(styles.get(one, {})))),
        (1.0, 1.0, 1.0, 1.0),
    )
    return ink[3] < _CLEAR or all(abs(a - b) < _SAME for a, b in zip(ink[:3], ground[:3], strict=True))


def _ground(style: Declared) -> tuple[float, ...] | None:
    told = _joined(style, "background", "background-color")
    if "url(" in told or "gradient" in told:
        return (-1.0, -1.0, -1.0, 1.0)
    return next((colour for word in told.split() if (colour := _colour(word)) and colour[3] > _CLEAR), None)


def _colour(told: str) -> tuple[float, ...] | None:
    colour = parse_color(told.removesuffix("!important").strip()) if told else None
    return None if colour is None or colour == "currentColor" else tuple(colour)


def _length(told: str) -> float | None:
    found = re.match(r"-?\d*\.?\d+", told)
    if found is None:
        return None
    number = float(found.group())
    # An em or a rem is about 16 pixels: enough to tell tiny from readable, and far out from near.
    return number * 16 if re.match(r"-?[\d.]+\s*r?em", told) else number * 0.16 if told.endswith("%") else number


def _joined(style: Declared, *names: str) -> str:
    return " ".join(style.get(name, "") for name in names)
