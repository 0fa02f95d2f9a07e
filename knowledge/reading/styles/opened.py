"""What a visitor opens: accordions, tabs and panels of any make, whose text is on the page though it opens closed."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator

from lxml import etree
from lxml.html import HtmlElement

from knowledge.reading.styles.cascade import Styles
from knowledge.reading.styles.closed import Style, is_clear, is_shut

_CONTROLS = frozenset({"aria-controls", "aria-owns", "onclick", "for"})
_WORD = re.compile(r"[^\s#'\"(),;]+")
_PANEL = re.compile(
    r"(?:^|[\s_-])(?:accordion|collaps(?:e|ed|ible)|tab-?_*(?:pane|panel|content|body)|toggle-?_*(?:content|body|panel)"
    r"|faq|answer|panel|expand(?:able|ed)?|drawer-?_*content|w-dropdown-list|et_pb_toggle_content|spoiler|read-?more)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_BY_SCRIPT = ("x-show", "x-collapse", "v-show", "ng-show", "data-accordion-content", "data-tab-content", "data-tab")
_FADED_IN = re.compile(
    r"(?:^|[\s_-])(?:wow|aos|animate[d]?|animation|fade(?:-?in|-?up)?|reveal|elementor-invisible|scroll-?trigger|sal"
    r"|lazy(?:load)?|appear|in-?view|gsap|js-\S*)(?:$|[\s_-])",
    re.IGNORECASE,
)
_FADED_BY = ("data-w-id", "data-aos", "data-sal", "data-wow-delay", "data-scroll", "data-reveal", "data-sr-id")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HEADS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "button", "a", "label", "summary", "th"})
_HEAD = re.compile(r"(?:^|[\s_-])(?:head(?:er|ing)?|title|tit|question|q|trigger|toggle|tab|subject)(?:$|[\s_-])", re.I)


class Opened:
    """What a click opens in one page."""

    def __init__(self, page: HtmlElement, styles: Styles, answers: Collection[HtmlElement]) -> None:
        self._styles = styles
        self._answers = set(answers)
        self._named = set(_named_by_controls(page))
        shut = [one for one in page.iter(etree.Element) if is_shut(styles.of(one)) or "hidden" in one.attrib]
        self._pairs = Counter(filter(None, map(_pair, shut)))

    def opens(self, element: HtmlElement, style: Style) -> bool:
        """Tell whether a visitor can open this closed element."""
        return (
            element in self._answers
            or element.get("id") in self._named
            or element.get("role") == "tabpanel"
            or element.get("hidden") == "until-found"
            or any(name in element.attrib for name in _BY_SCRIPT)
            or bool(_PANEL.search(_classes(element)))
            or self._pairs[_pair(element)] > 1
            or self._by_style(element, style, is_shut)
        )

    def fades_in(self, element: HtmlElement, style: Style) -> bool:
        """Tell whether a script fades in this transparent element once it is scrolled to, or a click shows it."""
        classes = _classes(element)
        return (
            element in self._answers
            or any(name in _FADED_BY or name.startswith("data-anim") for name in element.attrib)
            or bool(_FADED_IN.search(classes) or _PANEL.search(classes))
            or self._by_style(element, style, is_clear)
        )

    def _by_style(self, element: HtmlElement, style: Style, unseen: Callable[[Style], bool]) -> bool:
        """Tell whether a style hides an element, and another would show it once it is clicked or has another class."""
        later = (self._styles.once_clicked(element), *self._styles.may_become(element))
        return unseen(style) and not all(map(unseen, later))


def _classes(element: HtmlElement) -> str:
    # Some frameworks write `MuiCollapse-root`.
    return _CAMEL.sub("-", element.get("class", ""))


def _named_by_controls(page: HtmlElement) -> Iterator[str]:
    ids = {one.get("id") for one in page.iter(etree.Element) if one.get("id")}
    for element in page.iter(etree.Element):
        for name, told in element.attrib.items():
            links = name == "href" and told.startswith("#")
            if links or name in _CONTROLS or (name.startswith("data-") and element.get("id") != told):
                yield from ids.intersection(_WORD.findall(told))


def _pair(element: HtmlElement) -> tuple[str, ...]:
    """Return what an element and the head before it look like; several alike are an accordion."""
    head = element.getprevious()
    if head is None or not isinstance(head.tag, str):
        return ()
    if head.tag not in _HEADS and not _HEAD.search(head.get("class", "")):
        return ()
    return str(element.tag), element.get("class", ""), str(head.tag), head.get("class", "")
