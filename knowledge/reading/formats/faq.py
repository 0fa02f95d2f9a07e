"""Questions and answers of a shop's FAQ page, however the page is made.

A question is found by what holds it; its answer is all the text until the next question or heading. So `<details>`,
definition lists, headings, and the accordions of any theme are read in one way.
"""

import json
import re
from collections.abc import Iterator, Sequence

import lxml.html
from lxml.html import HtmlElement

from knowledge.reading.formats.blocks import HEADINGS, Block, as_text, blocks_of, plain
from knowledge.reading.formats.hidden import remove_hidden

Pair = tuple[str, str]

LONGEST_QUESTION = 300

_HOLDERS = frozenset({"summary", "dt", "button", *HEADINGS})
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:question|ques|faq-?_*q|q|accordion-?_*(?:button|header|heading|title|trigger|toggle|head))(?:$|[\s_-])",
    re.IGNORECASE,
)
_MARKED_QUESTION = re.compile(r"^(?:Q\s*+\d*+\s*+[.:)\]]|\[?질문\]?\s*+\d*+\s*+[.:]?)\s*+", re.IGNORECASE)
_MARKED_ANSWER = re.compile(r"^(?:A\s*+\d*+\s*+[.:)\]]|\[?답변\]?\s*+[.:]?)\s*+", re.IGNORECASE)
_ASKS = re.compile(r"[?？]\s*$|(?:나요|까요|인가요|는지요|되죠)\s*[.]?$")


def is_question(element: HtmlElement) -> bool:
    """Tell whether an element is a question whose answer follows."""
    holds = element.tag in _HOLDERS or element.get("role") == "button" or "aria-expanded" in element.attrib
    named = bool(_NAMED.search(element.get("class", ""))) or element.get("itemprop") == "name"
    bold = element.tag in {"p", "div"} and _is_bold(element)
    marked = element.tag in {"p", "div", "li", "td", "span", "a", "strong"} and not len(element)
    if not (holds or named or bold or marked):
        return False
    text = plain(element)
    if not 0 < len(text) <= LONGEST_QUESTION or _holds_another(element):
        return False
    sure = named or element.tag in {"summary", "dt"} or "aria-controls" in element.attrib
    asked = bool(_MARKED_QUESTION.match(text)) or (bool(_ASKS.search(text)) and not marked)
    return sure or asked


def answers_of(page: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements that come right after a question: a click on it opens them."""
    for element in page.iter("*"):
        if isinstance(element.tag, str) and is_question(element):
            after: HtmlElement | None = element
            while after is not None and after.getnext() is None and after.tag != "body":
                after = after.getparent()
            if after is not None and after.getnext() is not None:
                yield after.getnext()


def pairs_in(page: HtmlElement) -> list[Pair]:
    """Return the questions of a page with their answers, in its order."""
    root = _common_root([one for one in page.iter("*") if isinstance(one.tag, str) and is_question(one)])
    if root is None:
        return []
    pairs, question, answer = list[Pair](), "", list[str]()
    for block in [*blocks_of(root, is_question), Block("", 1)]:
        if not block.level:
            answer.append(_MARKED_ANSWER.sub("", block.text))
            continue
        if question and any(answer):
            pairs.append((question, "\n\n".join(filter(None, answer))))
        question, answer = _MARKED_QUESTION.sub("", block.text) if block.marked else "", []
    return pairs


def pairs_told(page: HtmlElement) -> list[Pair]:
    """Return the questions and answers that a page tells search engines (schema.org FAQPage)."""
    pairs = list[Pair]()
    for script in page.iter("script"):
        if script.get("type") == "application/ld+json":
            pairs += [pair for thing in _things(script.text or "") for pair in _told_by(thing)]
    return pairs


def pairs_as_text(pairs: Sequence[Pair]) -> str:
    """Return questions and answers as the text of a draft."""
    return as_text([block for question, answer in pairs for block in (Block(question, 2), Block(answer))])


def _is_bold(element: HtmlElement) -> bool:
    bold = [child for child in element if child.tag in {"b", "strong"}]
    return len(bold) == 1 and plain(bold[0]) == plain(element)


def _holds_another(element: HtmlElement) -> bool:
    return any(element.find(f".//{tag}") is not None for tag in ("p", "ul", "ol", "table", "dl", "details"))


def _common_root(questions: Sequence[HtmlElement]) -> HtmlElement | None:
    if not questions:
        return None
    shared = [questions[0].getparent(), *questions[0].iterancestors()]
    for question in questions[1:]:
        above = set(question.iterancestors())
        shared = [one for one in shared if one in above]
    roots = [one for one in shared if one is not None]
    # A lone question's own box may end before its answer begins.
    alone = len(questions) == 1
    return next((one for one in roots if not alone or len(plain(one)) > len(plain(questions[0]))), None)


def _things(data: str) -> Iterator[dict[str, object]]:
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return
    graph = told.get("@graph", [told]) if isinstance(told, dict) else told
    yield from (thing for thing in graph if isinstance(thing, dict)) if isinstance(graph, list) else ()


def _told_by(thing: dict[str, object]) -> Iterator[Pair]:
    kinds, asked = thing.get("@type"), thing.get("mainEntity")
    if kinds == "FAQPage" or (isinstance(kinds, list) and "FAQPage" in kinds):
        for each in asked if isinstance(asked, list) else [asked]:
            if isinstance(each, dict) and isinstance(each.get("acceptedAnswer"), dict):
                question, answer = _seen(each.get("name")), _seen(each["acceptedAnswer"].get("text"))
                if question and answer:
                    yield question, answer


def _seen(html: object) -> str:
    if not isinstance(html, str) or not html.strip():
        return ""
    part = lxml.html.document_fromstring(f"<html><body>{html}</body></html>")
    remove_hidden(part)
    return plain(part)
