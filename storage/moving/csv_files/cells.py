"""The kinds of cells in a CSV file: how each is read and written, and what to say about an invalid one."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from typing import Any

from storage.shop.spelling import stored_email
from storage.words.languages import LANGUAGES

# The largest integer that every JSON parser preserves exactly; the database's columns hold more.
LARGEST = 2**53 - 1
CURRENCY_LETTERS = 3
DIGITS_SHOWN = 4


class Required(Enum):
    """The sentinel for a column whose cells may not be empty."""

    REQUIRED = "required"


REQUIRED = Required.REQUIRED


@dataclass(frozen=True)
class Kind:
    """One kind of cell. `read` raises ValueError for anything invalid."""

    expects: str
    read: Callable[[str], Any]
    write: Callable[[Any], str]


@dataclass(frozen=True)
class Column:
    """A column of a file; an empty cell means the default, and a column with a default may be left out."""

    name: str
    kind: Kind
    default: Any = REQUIRED


def _as_it_is(value: str) -> str:
    return value


def _text(cell: str) -> str:
    # PostgreSQL cannot store this character in text.
    if "\0" in cell:
        raise ValueError("a NUL character")
    return cell


def _email(cell: str) -> str:
    return stored_email(_text(cell))


def _four(cell: str) -> str:
    if len(cell) != DIGITS_SHOWN:
        raise ValueError("not four")
    return _text(cell)


def _currency(cell: str) -> str:
    cell = cell.strip()
    if len(cell) != CURRENCY_LETTERS or not (cell.isascii() and cell.isalpha() and cell.isupper()):
        raise ValueError("no ISO 4217 code")
    return cell


def _language(cell: str) -> str:
    if cell not in LANGUAGES:
        raise ValueError("no language of the shop")
    return cell


def _whole(cell: str) -> int:
    cell = cell.strip()
    if not cell.isascii() or not cell.isdecimal() or int(cell) > LARGEST:
        raise ValueError("no whole number")
    return int(cell)


def _signed(cell: str) -> int:
    cell = cell.strip()
    return -_whole(cell[1:]) if cell.startswith("-") else _whole(cell)


def _from_one(cell: str) -> int:
    if (number := _whole(cell)) == 0:
        raise ValueError("counts from one")
    return number


def _boolean(cell: str) -> bool:
    # Spreadsheets write TRUE on saving.
    if (said := cell.strip().lower()) not in {"true", "false"}:
        raise ValueError("neither")
    return said == "true"


def _moment(cell: str) -> datetime:
    moment = datetime.fromisoformat(cell.strip())
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("no such year in UTC") from error


def _write_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _day(cell: str) -> date:
    return date.fromisoformat(cell.strip())


def _json(cell: str) -> object:
    try:
        return json.loads(cell, object_pairs_hook=_object)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)


def _storable(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")  # noqa: TRY004 - read functions only raise ValueError
    value.encode()  # a lone surrogate, which JSON can escape, is a ValueError here
    return _text(value)


def _names(cell: str) -> dict[str, str]:
    names = _options(cell)
    if not set(names) <= set(LANGUAGES):
        raise ValueError("no language of the shop")
    return names


def _options(cell: str) -> dict[str, str]:
    value = _json(cell)
    if not isinstance(value, dict):
        raise ValueError("no object")  # noqa: TRY004 - read functions only raise ValueError
    return {_storable(name): _storable(choice) for name, choice in value.items()}


def _ids(cell: str) -> list[str]:
    value = _json(cell)
    if not isinstance(value, list):
        raise ValueError("no list")  # noqa: TRY004 - read functions only raise ValueError
    return [_storable(each) for each in value]


def _write_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _write_boolean(value: bool) -> str:
    return "true" if value else "false"


def choice_of(choices: type[StrEnum]) -> Kind:
    """Return the kind of cell that contains one of an enum's values."""
    return Kind("one of " + ", ".join(choices), choices, str)


TEXT = Kind("text without NUL characters", _text, _as_it_is)
EMAIL = Kind("an email", _email, _as_it_is)
FOUR = Kind("the last four digits", _four, _as_it_is)
LANGUAGE = Kind("one of " + ", ".join(LANGUAGES), _language, _as_it_is)
NAMES = Kind('a JSON object of names by language, such as {"en": "Lamp"}', _names, _write_json)
CURRENCY = Kind("a currency's code, such as USD", _currency, _as_it_is)
AMOUNT = Kind("a whole number of minor units, such as 4990 for 49.90", _whole, str)
DIFFERENCE = Kind("a whole number of minor units, such as -500 for -5.00", _signed, str)
NUMBER = Kind("a whole number from 1", _from_one, str)
BOOLEAN = Kind("true or false", _boolean, _write_boolean)
MOMENT = Kind("a moment with its time zone, such as 2026-03-02T09:30:00Z", _moment, _write_moment)
DAY = Kind("a date, such as 2026-03-02", _day, date.isoformat)
OPTIONS = Kind('a JSON object of texts, such as {"color": "black"}', _options, _write_json)
IDS = Kind('a JSON list of ids, such as ["1001", "1002"]', _ids, _write_json)
