"""Reads a file of products or orders, CSV, JSON Lines or parquet, as rows of texts with the line each starts on."""

import csv
import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from storage.moving.catalogues.files import ProductsFileError, read_text
from storage.moving.catalogues.parquet import read_parquet
from storage.shop.spelling import folded_label

LONGEST_CELL = 1_000_000
MOST_COLUMNS = 1_000
MOST_ROWS = 1_000_000
DELIMITERS = ",;\t"
SEPARATOR = re.compile(r'"?sep=([,;\t]?)"?', re.IGNORECASE)
TEXT_MARK = re.compile(r"=\"([^\"]*)\"|'([0-9]+)")
PARQUET = ".parquet"
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
JSON_LINES = {".jsonl", ".ndjson"}
LOOKED_THROUGH = 20
"""Rows among which the names of the columns are looked for."""
IsHeader = Callable[[list[str]], bool]
Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Line:
    """One row: its cells by folded column name, trimmed and composed (NFC)."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """The file's columns and rows, its encoding where that is not UTF-8, and what stands above the columns' names."""

    header: list[str]
    lines: list[Line]
    encoding: str | None
    above: list[str]


def read_table(path: Path, is_header: IsHeader = lambda _: False) -> Table:
    """Return what is in the file; empty rows and empty cells at the end of a row are left out.

    Args:
        path: the file.
        is_header: tells whether a row has the names of columns that are looked for.

    Raises:
        ProductsFileError: the file is missing, too large, in another encoding, or no CSV, JSON Lines or parquet.
    """
    if path.suffix.lower() == PARQUET:
        return _of_objects(path, read_parquet(path), None)
    text, encoding = read_text(path)
    if path.suffix.lower() in JSON_LINES:
        return _of_objects(path, _objects(path, text), encoding)
    if text.lstrip()[:1] in {"{", "["}:
        raise ProductsFileError(path, "this is JSON; write one object per line and call the file .jsonl")
    return _read_csv(path, text, encoding, is_header)


def _read_csv(path: Path, text: str, encoding: str | None, is_header: IsHeader) -> Table:
    csv.field_size_limit(LONGEST_CELL)
    above, header, rows = _header(_numbered(path, text, _delimiter(text, is_header)), is_header)
    names = _names(path, header)
    lines: list[Line] = []
    for begins, cells in rows:
        if len(cells) > len(names):
            raise ProductsFileError(
                path, f"the row has {len(cells):,} cells, and there are {len(names)} columns", begins
            )
        row_of = dict(zip(names, cells + [""] * (len(names) - len(cells)), strict=True))
        _require_storable(path, row_of, begins)
        _append(path, lines, Line(begins, row_of))
    return Table(header, lines, encoding, above)


def _numbered(path: Path, text: str, delimiter: str) -> Iterator[Row]:
    """Yield each row that has anything in it, with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    begins = 1
    try:
        for row in reader:
            if cells := _trimmed(row):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise ProductsFileError(path, f"this is not CSV: {_told(error)}", reader.line_num) from error


def _append(path: Path, lines: list[Line], line: Line) -> None:
    if len(lines) == MOST_ROWS:
        raise ProductsFileError(path, f"it has more than {MOST_ROWS:,} rows; divide it", line.number)
    lines.append(line)


def _told(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"a cell has more than {LONGEST_CELL:,} characters; a quote may be missing"
    return f"{error}; a quote may be missing"


def _header(rows: Iterator[Row], is_header: IsHeader) -> tuple[list[str], list[str], Iterator[Row]]:
    """Return what stands above the names of the columns, such as a title or how to use the file, those, and the rest.

    The names are the first row with those that somebody looks for, or else the first with more than one cell.
    """
    first = list(islice(rows, LOOKED_THROUGH))
    found = next((at for at, (_, cells) in enumerate(first) if is_header(cells)), None)
    if found is None:
        found = next((at for at, (_, cells) in enumerate(first) if len(cells) > 1), None)
    if found is None:
        return [], [cell for _, cells in first for cell in cells if not SEPARATOR.match(cell)], iter(())
    above = [cell for _, cells in first[:found] for cell in cells if cell and not SEPARATOR.match(cell)]
    return above, first[found][1], chain(first[found + 1 :], rows)


def _delimiter(text: str, is_header: IsHeader) -> str:
    usual = _most_frequent(text)
    return next((each for each in (usual, *DELIMITERS) if _has_header(text, each, is_header)), usual)


def _has_header(text: str, delimiter: str, is_header: IsHeader) -> bool:
    rows = islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), LOOKED_THROUGH)
    try:
        return any(is_header(_trimmed(row)) for row in rows)
    except csv.Error:
        return False


def _most_frequent(text: str) -> str:
    # In the first row that has any: above it there may be a title, or what Excel writes and reads, "sep=;".
    for line in io.StringIO(text):
        if found := SEPARATOR.fullmatch(line.strip(" \r\n")):
            return found[1] or DELIMITERS[0]
        if most := max(line.count(each) for each in DELIMITERS):
            return next(each for each in DELIMITERS if line.count(each) == most)
    return DELIMITERS[0]


def _names(path: Path, header: list[str]) -> list[str]:
    if len(header) > MOST_COLUMNS:
        raise ProductsFileError(path, f"it has {len(header):,} columns; {MOST_COLUMNS:,} are the most", 1)
    names = [folded_label(name) for name in header]
    if not header:
        raise ProductsFileError(path, "it is empty; the first line names the columns", 1)
    counts = Counter(names)
    twice = [name for name, plain in zip(header, names, strict=True) if plain and counts[plain] > 1]
    if twice:
        raise ProductsFileError(path, f"the column {twice[0]} is there twice", 1)
    return names


def _trimmed(row: list[str]) -> list[str]:
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return [as_text(unicodedata.normalize("NFC", cell).strip()) for cell in row[:end]]


def as_text(cell: str) -> str:
    """Return a cell without what tells a spreadsheet that it is text: `="0012"` and `'0012` are 0012."""
    found = TEXT_MARK.fullmatch(cell)
    return cell if found is None else (found[1] or found[2] or "")


def _objects(path: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            # Amounts stay as they are written: 0.1 is no sum of halves.
            value = json.loads(line, parse_float=str, parse_int=str)
        except (ValueError, RecursionError) as error:
            raise ProductsFileError(path, f"this is not JSON: {error}", number) from error
        if not isinstance(value, dict):
            raise ProductsFileError(path, "one JSON object per line is expected", number)
        yield number, value


def _of_objects(path: Path, objects: Iterator[tuple[int, dict[str, Any]]], encoding: str | None) -> Table:
    header: dict[str, None] = {}
    lines: list[Line] = []
    for number, value in objects:
        for flat in _flat(path, value, number):
            header |= dict.fromkeys(flat)
            if len(header) > MOST_COLUMNS:
                raise ProductsFileError(path, f"it has more than {MOST_COLUMNS:,} columns", number)
            cells = {folded_label(name): _cell(each) for name, each in flat.items()}
            _require_storable(path, cells, number)
            _append(path, lines, Line(number, cells))
    return Table(list(header), lines, encoding, [])


def _flat(path: Path, value: dict[str, Any], number: int) -> Iterator[dict[str, Any]]:
    """Yield one row per variant: a product may have them in a list."""
    variants = value.pop("variants", None)
    if variants is None:
        yield value
        return
    if not isinstance(variants, list) or not all(isinstance(each, dict) for each in variants):
        raise ProductsFileError(path, "variants is not a list of JSON objects", number)
    for variant in variants:
        yield value | variant


def _require_storable(path: Path, cells: dict[str, str], number: int) -> None:
    """Refuse what no database stores: NUL characters, and halves of a character, which JSON can escape."""
    for name, cell in cells.items():
        if UNSTORABLE.search(cell):
            raise ProductsFileError(path, f"there is a character in {name} that cannot be stored", number)


def _cell(value: Any) -> str:  # noqa: ANN401 - any JSON
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return unicodedata.normalize("NFC", text).strip()
