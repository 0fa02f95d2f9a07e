"""Reads a file of products, CSV or JSON Lines, as rows of texts with the line each starts on."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.moving.catalogues.maps import folded
from storage.settings import CannotStartError

LONGEST_CELL = 1_000_000
KOREAN = "cp949"
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
JSON_LINES = {".jsonl", ".ndjson"}


class ProductsFileError(CannotStartError):
    """The file cannot be read as products; nothing was written."""

    def __init__(self, path: Path, problem: str, line: int | None = None) -> None:
        place = str(path) if line is None else f"{path} line {line:,}"
        super().__init__(f"{place}: {problem}. Nothing was imported, and the shop is as it was.")


@dataclass(frozen=True)
class Line:
    """One row: its cells by folded column name, trimmed and composed (NFC)."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """The file's columns and rows, and its encoding where that is not UTF-8."""

    header: list[str]
    lines: list[Line]
    encoding: str | None


def read_table(path: Path) -> Table:
    """Return what is in the file; empty rows and empty cells at the end of a row are left out.

    Raises:
        ProductsFileError: the file is missing, in another encoding, or neither CSV nor JSON Lines.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ProductsFileError(path, f"it cannot be read: {error.strerror}") from error
    if content.startswith(b"PK"):
        raise ProductsFileError(path, "this is a workbook; save it as CSV (UTF-8)")
    text, encoding = _decode(path, content)
    header, rows = _read_json(path, text) if path.suffix.lower() in JSON_LINES else _read_csv(path, text)
    return Table(header, rows, encoding)


def _decode(path: Path, content: bytes) -> tuple[str, str | None]:
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    # What Korean shop systems and spreadsheets save; other encodings would decode as it too, to other letters.
    try:
        text = content.decode(KOREAN)
    except UnicodeDecodeError:
        text = ""
    first = text.split("\n", 1)[0]
    if any(unicodedata.name(letter, "").startswith("HANGUL SYLLABLE") for letter in first):
        return text, KOREAN
    raise ProductsFileError(path, "the text is not UTF-8; save the file as UTF-8", line)


def _read_csv(path: Path, text: str) -> tuple[list[str], list[Line]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=_delimiter(text))
    lines: list[Line] = []
    try:
        header = _trimmed(next(reader, []))
        names = _names(path, header)
        begins = reader.line_num + 1
        for row in reader:
            cells = _trimmed(row)
            if len(cells) > len(names):
                raise ProductsFileError(
                    path, f"the row has {len(cells)} cells, and there are {len(names)} columns", begins
                )
            if cells:
                row_of = dict(zip(names, cells + [""] * (len(names) - len(cells)), strict=True))
                _require_storable(path, row_of, begins)
                lines.append(Line(begins, row_of))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise ProductsFileError(path, f"this is not CSV: {error}; a quote may be missing", reader.line_num) from error
    return header, lines


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _names(path: Path, header: list[str]) -> list[str]:
    names = [folded(name) for name in header]
    if not header:
        raise ProductsFileError(path, "it is empty; the first line names the columns", 1)
    twice = [name for name, plain in zip(header, names, strict=True) if plain and names.count(plain) > 1]
    if twice:
        raise ProductsFileError(path, f"the column {twice[0]} is there twice", 1)
    return names


def _trimmed(row: list[str]) -> list[str]:
    cells = [unicodedata.normalize("NFC", cell).strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _read_json(path: Path, text: str) -> tuple[list[str], list[Line]]:
    header: dict[str, None] = {}
    lines: list[Line] = []
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
        for flat in _flat(path, value, number):
            header |= dict.fromkeys(flat)
            cells = {folded(name): _cell(each) for name, each in flat.items()}
            _require_storable(path, cells, number)
            lines.append(Line(number, cells))
    return list(header), lines


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
