"""Reads and validates a tau-bench file before anything in the shop is touched."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from storage.moving.tau2.references import find_problems
from storage.moving.tau2.schema import Database
from storage.moving.tau2.spellings import as_spelled
from storage.settings import CannotStartError

Loc = tuple[int | str, ...]


class Tau2FileError(CannotStartError):
    """The file is not a tau-bench retail database, or a value in it is invalid."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path} was not imported, and the shop is as it was. {problem}")


class _RepeatedKey(dict[str, Any]):
    """A JSON object that has the same key twice; the key is kept, so that its location can be reported."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


def read_tau2(path: Path) -> Database:
    """Return the file's content, with amounts in minor units.

    Raises:
        Tau2FileError: it cannot be read, is not JSON, or a value is wrong; the message has the path of the first
            problem.
    """
    content = _parse(path)
    try:
        database = as_spelled(Database.model_validate(content))
    except ValidationError as error:
        found = error.errors(include_url=False)
        first = f"{_place(found[0]['loc'])}: {found[0]['msg'].removeprefix('Value error, ')}"
        raise Tau2FileError(path, _tell(first, len(found))) from error
    problems = list(find_problems(database))
    if problems:
        raise Tau2FileError(path, _tell(problems[0], len(problems)))
    return database


def _parse(path: Path) -> object:
    repeated: list[str] = []

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)
        if len(built) == len(pairs):
            return built
        keys = [key for key, _ in pairs]
        repeated.append(next(key for key in keys if keys.count(key) > 1))
        return _RepeatedKey(repeated[-1])

    try:
        content = json.loads(path.read_bytes(), parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=build)
    except OSError as error:
        raise Tau2FileError(path, f"It cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise Tau2FileError(path, f"It is not JSON: {error}.") from error
    if repeated:
        place, key = next(_find_repeated(content, ()))
        raise Tau2FileError(path, f"{_place((*place, key))}: this key is there twice.")
    return content


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not a number")


def _find_repeated(value: object, place: Loc) -> Iterator[tuple[Loc, str]]:
    if isinstance(value, _RepeatedKey):
        yield place, value.key
    parts: list[tuple[int | str, object]] = []
    if isinstance(value, dict):
        parts = list(value.items())
    elif isinstance(value, list):
        parts = list(enumerate(value))
    for key, part in parts:
        yield from _find_repeated(part, (*place, key))


def _place(loc: Loc) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc if part != "[key]")
    return text.removeprefix(".") or "the file"


def _tell(first: str, count: int) -> str:
    text = " ".join(first.split())
    return f"{text}." if count == 1 else f"{text} (the first of {count:,} problems)."
