"""Questions and answers of a shop's FAQ page, however the page is made.

A question is found by what holds it; its answer is all the text until the next question or heading. So `<details>`,
definition lists, headings, and the accordions of any theme are read in one way.
"""

import re
from collections.abc import Iterator, Sequence

import lxml.html
from lxml.html import HtmlElement

from knowledge.reading.faq.boards import ASKS, questions_in
from knowledge.reading.formats.blocks import HEADINGS, Block, as_text, blocks_of, plain

Pair = tuple[str, str]

LONGEST_QUESTION = 300

_HOLDERS = frozenset({"summary", "dt", "button", "label", *HEADINGS})
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:question|ques|faq-?_*q|q|accordion-?_*(?:button|header|heading|title|trigger|toggle|head))(?:$|[\s_-])",
    re.IGNORECASE,
)
_TRIGGER = re.compile(
    r"(?:^|[\s_-])(?:accordion|collapsible|trigger|toggle[rd]?|expand(?:er)?|opener)(?:$|[\s_-])", re.I
)
_MARKED_QUESTION = re.compile(
    r"^(?:Q\s*+\d*+\s*+(?:[.:)\]]|(?=[가-힣]))|\[?질문\]?\s*+\d*+\s*+[.:]?)\s*+", re.IGNORECASE
)
_MARKED_ANSWER = re.compile(r"^(?:A\s*+\d*+\s*+[.:)\]]|\[?답변\]?\s*+[.:]?)\s*+", re.IGNORECASE)


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
    asked = bool(_MARKED_QUESTION.match(text)) or (bool(ASKS.search(text)) and not marked)
    return sure or asked


def is_trigger(element: HtmlElement) -> bool:
    """Tell whether a click on an element opens what follows it, as far as the page says so."""
    return (
        element.tag == "summary"
        or "aria-expanded" in element.attrib
        or "onclick" in element.attrib
        or element.get("role") == "tab"
        or (element.tag == "label" and "for" in element.attrib)
        or (element.tag == "a" and element.get("href", "").lower().startswith(("javascript:", "#")))
        or bool(_TRIGGER.search(element.get("class", "")))
    )


def answers_of(page: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements that come right after a question or a trigger: a click on it opens them."""
    for element in page.iter("*"):
        if isinstance(element.tag, str) and (is_question(element) or is_trigger(element)):
            after: HtmlElement | None = element
            while after is not None and after.getnext() is None and after.tag != "body":
                after = after.getparent()
            row = next(element.iterancestors("tr"), None)
            yield from (one.getnext() for one in (after, row) if one is not None and one.getnext() is not None)


def pairs_in(root: HtmlElement, title: str) -> list[Pair]:
    """Return the questions of a page's main part with their answers, in its order, and what else it says.

    What stands under another heading, or under none, is kept under that heading, or the page's title.
    """
    blocks = _blocks(root, title)
    if not any(block.marked for block in blocks):
        return []
    pairs = list[Pair]()
    heading, answer, is_pair = title, list[str](), False
    for block in [*blocks, Block("", 1)]:
        if not block.level:
            answer.append(_MARKED_ANSWER.sub("", block.text) if is_pair else block.text)
            continue
        if any(answer):
            pairs.append((heading, "\n\n".join(filter(None, answer))))
        is_pair = block.marked
        heading, answer = (_MARKED_QUESTION.sub("", block.text) or title) if block.marked else block.text or title, []
    return pairs


def _blocks(root: HtmlElement, title: str) -> list[Block]:
    questions = [one for one in root.iter("*") if isinstance(one.tag, str) and is_question(one)]
    inner = _common_root(questions)
    # What follows the questions outside their common box is no part of the last answer.
    for box in [inner, *(table for table in root.iter("table") if questions_in(table))]:
        in_table = box is None or next(box.iterancestors("table"), None) is not None
        if box is not None and not in_table and box in set(root.iterdescendants()):
            ends = lxml.html.Element("h6")
            ends.text, ends.tail, box.tail = title, box.tail, None
            box.addnext(ends)
    return blocks_of(root, is_question)


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
