"""Which declarations win on each element of a page: as it opens, and once its visitor has clicked whatever opens."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, cast

from cssselect import SelectorError, parse
from cssselect.parser import Class, CombinedSelector, Selector, Tree
from cssselect.xpath import HTMLTranslator, XPathExpr
from lxml import etree
from lxml.html import HtmlElement

from knowledge.reading.styles.sheets import MOST_RULES, Declared, Rule, declared_in

Rank = tuple[bool, bool, tuple[int, int, int], int]
"""What decides between two declarations: importance, the element's own, how specific, which is later."""
Ranked = dict[str, tuple[Rank, str]]

_BY_CLICK = re.compile(r":(?:checked|target|hover|focus|active|open|popover-open)\b|\[open|aria-expanded|aria-hidden")
_STATE = re.compile(
    r"(?:^|[_-])(?:is|open(?:ed)?|active|shown?|in|on|expand(?:ed)?|select(?:ed)?|current|visible|reveal(?:ed)?|toggled"
    r"|animated?|animate|loaded|ready)(?:$|[_-])",
    re.IGNORECASE,
)
"""A class that a script gives to what is open."""
_NOWHERE = (0, 0, 0)


class _Clicked(HTMLTranslator):
    """Selectors once a visitor has ticked, pointed at and opened everything that can be."""

    def xpath_checked_pseudo(self, xpath: XPathExpr) -> XPathExpr:
        return xpath.add_condition("name(.) = 'option' or (name(.) = 'input' and (@type='checkbox' or @type='radio'))")

    def xpath_target_pseudo(self, xpath: XPathExpr) -> XPathExpr:
        return xpath.add_condition("@id and concat('#', @id) = //@href")

    def xpath_hover_pseudo(self, xpath: XPathExpr) -> XPathExpr:
        return xpath

    xpath_focus_pseudo = xpath_focus_within_pseudo = xpath_focus_visible_pseudo = xpath_hover_pseudo
    xpath_active_pseudo = xpath_open_pseudo = xpath_popover_open_pseudo = xpath_hover_pseudo


@dataclass
class Styles:
    """The declarations that win on each element as the page opens, and those that a click or a script would add."""

    first: dict[HtmlElement, Ranked] = field(default_factory=lambda: defaultdict(dict))
    clicked: dict[HtmlElement, Ranked] = field(default_factory=lambda: defaultdict(dict))
    later: dict[HtmlElement, list[Declared]] = field(default_factory=lambda: defaultdict(list))

    def of(self, element: HtmlElement) -> Mapping[str, str]:
        """Return what holds on an element as the page opens."""
        return {name: text for name, (_, text) in self.first.get(element, {}).items()}

    def once_clicked(self, element: HtmlElement) -> Mapping[str, str]:
        """Return what holds on an element once everything is ticked, pointed at and opened."""
        ranked = dict(self.first.get(element, {}))
        for name, won in self.clicked.get(element, {}).items():
            ranked[name] = max(won, ranked.get(name, won))
        return {name: text for name, (_, text) in ranked.items()}

    def may_become(self, element: HtmlElement) -> Iterator[Mapping[str, str]]:
        """Yield what an element would be if it, or what it is in, got a class that scripts give to what is opened."""
        style = self.of(element)
        for declared in self.later.get(element, ()):
            yield {**style, **{name: value.text for name, value in declared.items()}}


def styles_of(page: HtmlElement, rules: Iterable[Rule]) -> Styles:
    """Match rules with the elements of a page."""
    styles, known = Styles(), _names_in(page)
    at_first, clicked = HTMLTranslator(), _Clicked()
    for order, rule in enumerate(islice(rules, MOST_RULES)):
        for selector in _parsed(rule.selectors):
            rank, asked = (selector.specificity(), order), _classes_of(selector.parsed_tree)
            found = _selected(page, selector, at_first) if asked <= known else []
            _declare(styles.first, found, rule.declared, rank)
            if _BY_CLICK.search(rule.selectors):
                _declare(styles.clicked, _selected(page, selector, clicked), rule.declared, rank)
            passing = {name for name in asked if name not in known or _STATE.search(name)}
            if passing and passing != asked:
                relaxed = Selector(_without(selector.parsed_tree, passing))
                for element in {*_selected(page, relaxed, clicked)}.difference(found):
                    styles.later[element].append(rule.declared)
    for element in page.iter(etree.Element):
        inline = element.get("style")
        if inline:
            _declare(styles.first, [element], declared_in(inline), (_NOWHERE, 0), own=True)
    return styles


def _names_in(page: HtmlElement) -> set[str]:
    names = set[str]()
    for element in page.iter(etree.Element):
        names.update(element.get("class", "").split())
    return names


def _parsed(selectors: str) -> Iterator[Selector]:
    try:
        # What styles a part of an element, such as `::before`, holds no text of the page.
        yield from (selector for selector in parse(selectors) if not selector.pseudo_element)
    except (SelectorError, RecursionError):
        return


def _classes_of(tree: Tree) -> set[str]:
    """Return the classes that a selector asks of an element and of what it is in."""
    if isinstance(tree, CombinedSelector):
        return _classes_of(tree.selector) | _classes_of(tree.subselector)
    own = {tree.class_name} if isinstance(tree, Class) else set()
    inner = getattr(tree, "selector", None)
    return own if inner is None else own | _classes_of(inner)


def _without(tree: Tree, names: Collection[str]) -> Tree:
    """Return a selector that does not ask for these classes."""
    if isinstance(tree, CombinedSelector):
        return CombinedSelector(_without(tree.selector, names), tree.combinator, _without(tree.subselector, names))
    if isinstance(tree, Class) and tree.class_name in names:
        return _without(tree.selector, names)
    inner = getattr(tree, "selector", None)
    if inner is None:
        return tree
    made: Any = copy(tree)
    made.selector = _without(inner, names)
    return cast(Tree, made)


def _selected(page: HtmlElement, selector: Selector, translator: HTMLTranslator) -> list[HtmlElement]:
    try:
        return list(etree.XPath(translator.selector_to_xpath(selector))(page))
    except (SelectorError, etree.XPathError):
        # What cssselect does not know says nothing of the page as it opens.
        return []


def _declare(
    styles: dict[HtmlElement, Ranked],
    elements: Iterable[HtmlElement],
    declared: Declared,
    rank: tuple[tuple[int, int, int], int],
    *,
    own: bool = False,
) -> None:
    for element in elements:
        ranked = styles[element]
        for name, value in declared.items():
            won = ((value.important, own, *rank), value.text)
            if name not in ranked or won[0] >= ranked[name][0]:
                ranked[name] = won
