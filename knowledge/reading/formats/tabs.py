"""Tabs: a row of labels, and for each a panel that it shows. Without its label, a panel may say something else."""

import re
from collections.abc import Iterator

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from knowledge.reading.formats.blocks import HEADINGS, plain

_TARGETS = ("aria-controls", "data-bs-target", "data-target", "data-tab", "href")
_PANEL = re.compile(r"(?:^|[\s_-])tab(?:s|bed)?[\s_-]?_*(?:pane|panel|content|body|cont)(?:$|[\s_-])", re.IGNORECASE)
_LONGEST_LABEL = 120


def name_panels(page: HtmlElement) -> None:
    """Write each tab's label above its panel, as the heading that it is, and take it from the row of labels."""
    panels = {one.get("id"): one for one in page.iter(etree.Element) if one.get("id") and _is_panel(one)}
    for label in list(page.iter(etree.Element)) if panels else ():
        panel = next((panels.pop(name) for name in _targets(label) if name in panels), None)
        if panel is None or panel in label.iterancestors():
            continue
        text = plain(label)
        if not 0 < len(text) <= _LONGEST_LABEL:
            continue
        if not _begins_with(panel, text):
            heading = lxml.html.Element("h4")
            heading.text, heading.tail, panel.text = text, panel.text, None
            panel.insert(0, heading)
        # Its attributes stay: they say that a click shows the panel.
        for child in list(label):
            label.remove(child)
        label.text = None


def _is_panel(element: HtmlElement) -> bool:
    return element.get("role") == "tabpanel" or bool(_PANEL.search(element.get("class", "")))


def _targets(label: HtmlElement) -> Iterator[str]:
    yield from (told.removeprefix("#") for name in _TARGETS if (told := label.get(name, "")))


def _begins_with(panel: HtmlElement, text: str) -> bool:
    first = next(panel.iterdescendants(*HEADINGS), None)
    return first is not None and plain(first).casefold() == text.casefold() and plain(panel).startswith(plain(first))
