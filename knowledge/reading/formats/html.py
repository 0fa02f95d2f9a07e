"""HTML: a saved page without what surrounds its text, and without what its visitor cannot see."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from knowledge.reading.documents import DocumentRefusedError, Draft, Left
from knowledge.reading.faq.data import pairs_told
from knowledge.reading.faq.pages import Pair, answers_of, is_question, pairs_as_text, pairs_in
from knowledge.reading.formats.blocks import as_text, blocks_of, plain
from knowledge.reading.formats.dates import effective_day
from knowledge.reading.formats.encoding import decode, wrong_bytes
from knowledge.reading.formats.metas import days_told, told_by
from knowledge.reading.formats.streamed import marked_ends, put_in_place
from knowledge.reading.formats.surroundings import remove_surroundings, surrounds
from knowledge.reading.formats.tabs import name_panels
from knowledge.reading.styles.linked import sheets_of
from knowledge.reading.styles.seen import Sheets, remove_unseen

FAQ_CATEGORY = "faq"
_UNTITLED = "FAQ"
MOST_ALTS, LONGEST_ALT = 3, 60


def read_page(data: bytes, path: Path | None = None) -> Draft:
    """Read the main text of a page.

    Args:
        data: the page.
        path: its file, beside which the style sheets may be that were saved with it.

    Raises:
        DocumentRefusedError: it is nested too deep, or no page at all.
    """
    html = decode(data)
    page = _parsed(html)
    told, days = told_by(page), days_told(page)
    in_data, broken = pairs_told(page, _seen)
    is_scripted = next(page.iter("script"), None) is not None
    name_panels(page)
    left = _unseen(page, path, list(answers_of(page)))
    root, around = remove_surroundings(page)
    blocks = blocks_of(root, is_question)
    text = as_text(blocks)
    notes = [*_notes(html, broken), *_pictures(root)]
    untold = _untold(in_data, [], text)
    if not text and not untold and is_scripted:
        raise DocumentRefusedError(
            "a script writes its text, and the file has only the script: save the page in the browser as “Webpage, "
            "complete”, or print it as a PDF"
        )
    if untold and not any(not block.level for block in blocks):
        # A script writes this page: beside its headings there is nothing but what search engines are told.
        text = "\n\n".join(filter(None, (text, pairs_as_text(untold))))
    elif untold:
        notes.append(f"its data for search engines has {len(untold)} answers that its text has not: try --site")
    return Draft(text, _dated(told, days, text), [*left, *around], notes)


def read_faq(data: bytes, path: Path | None = None) -> Draft:
    """Read the questions and answers of a page: each question is the heading of its answer.

    Raises:
        DocumentRefusedError: there is none, or the page is nested too deep, or no page at all.
    """
    html = decode(data)
    page = _parsed(html)
    told, days = {"category": FAQ_CATEGORY} | told_by(page), days_told(page)
    in_data, broken = pairs_told(page, _seen)
    name_panels(page)
    left = _unseen(page, path, list(answers_of(page)))
    whole = plain(page)
    root, around = remove_surroundings(page)
    pairs = pairs_in(root, str(told.get("title") or _UNTITLED))
    pairs += _untold(in_data, pairs, whole if pairs else "")
    if not pairs:
        raise DocumentRefusedError("no question with an answer was found in it: take it in without --site")
    return Draft(pairs_as_text(pairs), _dated(told, days, whole), [*left, *around], _notes(html, broken))


def text_of_page(html: str) -> tuple[str, list[Left]]:
    """Return all text of a part of a page that a visitor sees, and what was left out."""
    page = _parsed(html)
    left = remove_unseen(page, Sheets())
    return as_text(blocks_of(page, _is_summary)), left


def _seen(html: str) -> str:
    page = _parsed(f"<html><body>{html}</body></html>")
    remove_unseen(page, Sheets())
    return plain(page)


def _unseen(page: HtmlElement, path: Path | None, answers: Collection[HtmlElement]) -> list[Left]:
    around = {one for one in page.iter(etree.Element) if surrounds(one)}
    left = remove_unseen(page, sheets_of(page, path), set(answers), around)
    seen = plain(page)
    # What a narrow window shows in place of the same text is nothing that was left out.
    return [one for one in left if one.text not in seen]


def _untold(in_data: Sequence[Pair], pairs: Sequence[Pair], text: str) -> list[Pair]:
    """Return the pairs in a page's data that are neither among its questions nor in its text."""
    asked = {_letters(question) for question, _ in pairs}
    letters = _letters(text)
    return [pair for pair in in_data if _letters(pair[0]) not in asked and _letters(pair[1]) not in letters]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _notes(html: str, broken: int) -> list[str]:
    wrong = wrong_bytes(html)
    notes = [f"{wrong} of its bytes could not be read, and are � in the text"] if wrong else []
    return [*notes, "its data for search engines is not JSON"] if broken else notes


def _pictures(root: HtmlElement) -> list[str]:
    """Return a note on pictures, which may hold words: shops print whole policies as one. Decoration has no `alt`."""
    told = [" ".join(picture.get("alt", "").split()) for picture in root.iter("img") if picture.get("alt") != ""]
    if not told:
        return []
    named = ", ".join(f"“{alt[:LONGEST_ALT]}”" for alt in dict.fromkeys(filter(None, told[:MOST_ALTS])))
    what = "picture shows" if len(told) == 1 else f"{len(told)} pictures show"
    return [f"what its {what} is not read" + (f" (called {named})" if named else "")]


def _is_summary(element: HtmlElement) -> bool:
    return bool(element.tag == "summary")


def _parsed(html: str) -> HtmlElement:
    html = marked_ends(html)
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        page = lxml.html.document_fromstring(html.encode("utf-8", "ignore"), parser=parser)
    except etree.LxmlError as error:
        raise DocumentRefusedError("it has no text") from error
    put_in_place(page)
    # The parser drops what is nested too deep, so a part of the page would be lost without a word.
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise DocumentRefusedError("its elements are nested deeper than 256")
    return page


def _dated(told: dict[str, object], days: Sequence[str], text: str) -> dict[str, object]:
    day = effective_day(text, days, _today())
    return ({"effective_date": day} if day else {}) | told


def _today() -> date:
    return datetime.now(UTC).date()
