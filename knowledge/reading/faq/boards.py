"""Boards: tables of questions, each with its answer in the row below it or in the cell beside it."""

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from knowledge.reading.formats.tables import Cell, Row, grid_of, heads_of, is_group, sentence

Pair = tuple[str, str]

ASKS = re.compile(r"[?？]\s*$|(?:나요|까요|인가요|는지요|되죠)\s*[.]?$")
_MARK = re.compile(r"(?:[QA]|질문|답변|\W)?\s*\d*[.:)]?", re.IGNORECASE)
_MARKED = (re.compile(r"(?:Q|질문)\s*\d*[.:)]?", re.IGNORECASE), re.compile(r"(?:A|답변)\s*\d*[.:)]?", re.IGNORECASE))
_TITLES = re.compile(r"subject|title|question|제목|질문|내용", re.IGNORECASE)
_ANSWERS = re.compile(
    r"(?:^|[\s_-])(?:answer|ans|faq-?_*a|view|reply|hidden|hide|collapse|cont(?:ent)?s?)", re.IGNORECASE
)
_CLOSED = re.compile(r"display\s*:\s*none")
_PAIR = 2


def questions_in(table: HtmlElement) -> list[Pair]:
    """Return a board's questions with their answers, or nothing where a table has any other rows but its names.

    What else a question's row says, such as its category, stands before the answer.
    """
    grid = grid_of(table)
    heads = heads_of(grid)
    rows = grid[heads:]
    names = [cell.text for cell in grid[heads - 1]] if heads else []
    if rows and all(len(row) == _PAIR and ASKS.search(row[0].text) and row[1].text for row in rows):
        return [(row[0].text, row[1].text) for row in rows]
    asked, answers = rows[::2], rows[1::2]
    alternate = bool(asked) and len(asked) == len(answers) and not any(map(is_group, asked))
    if not alternate or not all(map(_answers, asked, answers)) or not _is_board(table, asked, answers):
        return []
    at = _asked_in(asked, names)
    if not all(at < len(row) and row[at].text for row in asked):
        return []
    return [
        (row[at].text, " ".join([*_besides(row, at, asked, names), _answer(answer)]))
        for row, answer in zip(asked, answers, strict=True)
    ]


def _answers(asked: Row, row: Row) -> bool:
    """Tell whether a row may answer the one above it: it says one thing, where that one has more cells, or a mark."""
    marked = _MARKED[0].fullmatch(asked[0].text) and _MARKED[1].fullmatch(row[0].text)
    fewer = is_group(row) or sum(bool(cell.text) for cell in row) < sum(bool(cell.text) for cell in asked)
    return bool(_answer(row)) and (bool(marked) or fewer)


def _answer(row: Row) -> str:
    """Return the only text in a row, but for the letter before an answer."""
    said = list(dict.fromkeys(cell for cell in row if cell.text and not _MARK.fullmatch(cell.text)))
    return said[0].text if len(said) == 1 else ""


def _is_board(table: HtmlElement, asked: Sequence[Row], answers: Sequence[Row]) -> bool:
    """Tell whether rows of one cell below each other row are answers: asked for, marked, or opened by a click."""
    if all(any(ASKS.search(cell.text) for cell in row) for row in asked):
        return True
    first, second = _MARKED
    if all(first.fullmatch(row[0].text) for row in asked) and all(second.fullmatch(row[0].text) for row in answers):
        return True
    own = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table and len(row)]
    below = own[-2 * len(asked) :]
    return all(map(_clicks, below[::2])) or all(map(_is_opened, below[1::2]))


def _clicks(row: HtmlElement) -> bool:
    return any(
        "onclick" in one.attrib or one.get("href", "").lower().startswith(("#", "javascript:")) for one in row.iter("*")
    )


def _is_opened(row: HtmlElement) -> bool:
    closed = "hidden" in row.attrib or _CLOSED.search(row.get("style", ""))
    return bool(closed or _ANSWERS.search(row.get("class", "")))


def _asked_in(asked: Sequence[Row], names: Sequence[str]) -> int:
    """Return the column of the questions: the one that asks or is named so, else the one that says most."""
    columns = range(min(map(len, asked)))
    asks = (at for at in columns if all(ASKS.search(row[at].text) for row in asked))
    named = (at for at in columns if at < len(names) and _TITLES.search(names[at]))
    longest = max(columns, key=lambda at: sum(len(row[at].text) for row in asked))
    return next(asks, next(named, longest))


def _besides(row: Row, at: int, asked: Sequence[Row], names: Sequence[str]) -> Iterator[str]:
    """Yield what else a question's row says: words that are not the same in every row, as their writer's name is."""
    for number, cell in enumerate(row):
        said = {other[number].text for other in asked if number < len(other)}
        wordy = any(map(str.isalpha, cell.text)) and not _MARK.fullmatch(cell.text)
        if cell is not row[at] and wordy and len(said) > 1 and _is_first(row, number):
            name = names[number] if number < len(names) else ""
            yield sentence(f"{name}: {cell.text}" if name else cell.text)


def _is_first(row: Sequence[Cell], number: int) -> bool:
    return not number or row[number] is not row[number - 1]
