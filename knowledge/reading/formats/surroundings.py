"""What stands around a page's own text on every page of a site."""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from knowledge.reading.documents import Left
from knowledge.reading.formats.blocks import HEADINGS, plain

SURROUNDS = "menus, footers and the like"
OUTSIDE = "outside the page's main part"

_TAGS = ("nav", "aside", "footer")
_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog"})
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|gnb|lnb|menu|breadcrumbs?|sidebar|footer|cookies?|consent|gdpr|share|sharing"
    r"|social|sns|related|recommended|newsletter|subscribe|pagination|skip-?link|skip-?to|skip-?nav(?:igation)?|votes?|helpful|toolbar|popup|modal)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_ASKED_OF_ALL = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|newsletter|subscribe|popup|modal|votes?|helpful)(?:$|[\s_-])", re.I
)
_MAIN = (".//main", ".//*[@role='main']", ".//article")
_MOSTLY_LINKS, _FEW_LINKS = 0.6, 3
_SHORTEST_PROSE = 20


def surrounds(element: HtmlElement) -> bool:
    """Tell whether an element looks like a part that every page of a site has."""
    if element.tag in {"html", "body"}:
        return False
    return element.tag in _TAGS or element.get("role") in _ROLES or bool(_NAMES.search(_named(element)))


def remove_surroundings(page: HtmlElement) -> tuple[HtmlElement, list[Left]]:
    """Take navigation, footers and the like out of a page, and return where its own text is, and what was taken."""
    root, left = _main(page), list[Left]()
    body = page.find("body")
    for element in list(_surroundings(page if body is None else body, root)):
        if element.getparent() is not None:
            left.append(Left(why=SURROUNDS, text=plain(element)))
            element.drop_tree()
    left += _outside(page if body is None else body, root)
    return root, [one for one in left if any(map(str.isalnum, one.text))]


def _outside(body: HtmlElement, root: HtmlElement) -> Iterator[Left]:
    """Yield what a page says outside its main part, which it may say of itself all the same."""
    above = {root, *root.iterancestors()}
    for element in body.iterdescendants(etree.Element):
        if element.getparent() in above and element not in above and root is not body:
            text = plain(element)
            if element.getparent() is not root:
                yield Left(why=OUTSIDE, text=text, lost=_is_prose(text))


def _main(page: HtmlElement) -> HtmlElement:
    for path in _MAIN:
        found = page.findall(path)
        # Several articles are a list of teasers, of which none is the page.
        if len(found) == 1 and plain(found[0]):
            return found[0]
    body = page.find("body")
    return page if body is None else body


def _surroundings(body: HtmlElement, root: HtmlElement) -> Iterator[HtmlElement]:
    around = set(root.iterancestors())
    for element in body.iterdescendants(etree.Element):
        if element is root or element in around:
            continue
        if (
            (element.tag in _TAGS and not _belongs(element, root))
            or element.get("role") in _ROLES
            or (element.tag == "header" and _is_of_the_site(element))
            or (_NAMES.search(_named(element)) and _may_go(element, root))
            or (element.tag in {"ul", "ol", "div", "p"} and _is_links(element))
        ):
            yield element


def _named(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _belongs(element: HtmlElement, root: HtmlElement) -> bool:
    """Tell whether an aside, or the foot of a part, says something of the page itself: a note, not links."""
    inside = root in element.iterancestors() and (element.tag != "nav" or not element.findall(".//a"))
    return inside and _is_prose(_unlinked(element)) and not _NAMES.search(element.get("class", ""))


def _may_go(element: HtmlElement, root: HtmlElement) -> bool:
    # Some sites name the whole page after a part of it, such as `<div class="page menu-open">`.
    if root in element.iterancestors() and len(plain(element)) * 2 >= len(plain(root)):
        return False
    # What it says beyond links is the page's own, unless every page of the site says it.
    return bool(_ASKED_OF_ALL.search(_named(element))) or not _is_prose(_unlinked(element))


def _unlinked(element: HtmlElement) -> str:
    text = plain(element)
    for link in element.iter("a", "button", "form"):
        text = text.replace(plain(link), " ", 1)
    return text


def _is_prose(text: str) -> bool:
    says = any(letter in ".!?。" or letter.isdecimal() for letter in text)
    return len(text) >= _SHORTEST_PROSE and len(text.split()) > _FEW_LINKS and says


def _is_of_the_site(header: HtmlElement) -> bool:
    return next(header.iterancestors("main", "article", "section"), None) is None and not header.findall(".//h1")


def _is_links(element: HtmlElement) -> bool:
    links = element.findall(".//a")
    if len(links) < _FEW_LINKS or any(element.findall(f".//{tag}") for tag in HEADINGS):
        return False
    linked = sum(len(plain(link)) for link in links)
    return linked > _MOSTLY_LINKS * len(plain(element))
