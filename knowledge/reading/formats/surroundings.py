"""What stands around a page's own text on every page of a site."""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from knowledge.reading.formats.blocks import HEADINGS, plain

_TAGS = ("nav", "aside", "footer")
_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog"})
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|gnb|lnb|menu|breadcrumbs?|sidebar|footer|cookies?|consent|gdpr|share|sharing"
    r"|social|sns|related|recommended|newsletter|subscribe|pagination|skip-?link|skip-?to|toolbar|popup|modal)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_MAIN = (".//main", ".//*[@role='main']", ".//article")
_MOSTLY_LINKS, _FEW_LINKS = 0.6, 3


def remove_surroundings(page: HtmlElement) -> HtmlElement:
    """Take navigation, footers and the like out of a page, and return where its own text is."""
    root = _main(page)
    for element in list(_surroundings(root)):
        if element.getparent() is not None:
            element.drop_tree()
    return root


def _main(page: HtmlElement) -> HtmlElement:
    for path in _MAIN:
        found = page.findall(path)
        # Several articles are a list of teasers, of which none is the page.
        if len(found) == 1 and plain(found[0]):
            return found[0]
    body = page.find("body")
    return page if body is None else body


def _surroundings(root: HtmlElement) -> Iterator[HtmlElement]:
    for element in root.iterdescendants(etree.Element):
        named = f"{element.get('class', '')} {element.get('id', '')}"
        if (
            element.tag in _TAGS
            or element.get("role") in _ROLES
            or (element.tag == "header" and _is_of_the_site(element))
            or (_NAMES.search(named) and _may_go(element, root))
            or (element.tag in {"ul", "ol", "div", "p"} and _is_links(element))
        ):
            yield element


def _may_go(element: HtmlElement, root: HtmlElement) -> bool:
    # Some sites name the whole page after a part of it, such as `<div class="page menu-open">`.
    return len(plain(element)) * 2 < len(plain(root))


def _is_of_the_site(header: HtmlElement) -> bool:
    return next(header.iterancestors("main", "article", "section"), None) is None and not header.findall(".//h1")


def _is_links(element: HtmlElement) -> bool:
    links = element.findall(".//a")
    if len(links) < _FEW_LINKS or any(element.findall(f".//{tag}") for tag in HEADINGS):
        return False
    linked = sum(len(plain(link)) for link in links)
    return linked > _MOSTLY_LINKS * len(plain(element))
