"""The arguments of a call, in whatever way they were sent, as the object they mean."""

import ast
import contextlib
import json
import warnings
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
"""The JSON schema of a tool's arguments."""

Offered = Mapping[str, Schema]
"""The tools a model may call, by name."""

ENCODINGS = 3
"""JSON inside a JSON string inside a JSON string: more has not been seen."""

LITERAL_CHARS = 8_000
"""The longest text that is read as Python; its reader takes long for a longer one."""


class NoObjectError(ValueError):
    """The arguments are no JSON object, or one that can be read in two ways."""


def arguments_of(given: object) -> dict[str, Any]:
    """Return the object: of an object itself, of a JSON string what it holds, of nothing at all an empty one.

    Raises:
        NoObjectError: they mean no object.
    """
    for _ in range(ENCODINGS):
        if not isinstance(given, str):
            break
        given = read_text(given)
    if given is None or given == []:
        return {}
    if not isinstance(given, dict) or not all(isinstance(name, str) for name in given):
        raise NoObjectError
    return given


def read_text(text: str) -> object:
    """Return the value of a text that is JSON, or Python's way of writing the same; nothing for an empty one.

    Raises:
        NoObjectError: it is neither.
    """
    text = text.strip()
    if text in NOTHING:
        return None
    try:
        return DECODER.decode(text)
    except NoObjectError:
        raise
    except (ValueError, RecursionError):
        return read_literal(text)


def read_literal(text: str) -> object:
    """Return the value of a Python literal that JSON could hold as well.

    Raises:
        NoObjectError: it is none.
    """
    if len(text) > LITERAL_CHARS:
        raise NoObjectError
    with unwarned():
        try:
            return as_json(ast.literal_eval(text))
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError) as error:
            raise NoObjectError from error


def as_json(value: object) -> object:
    """Return a Python value as JSON would give it back.

    Raises:
        TypeError: JSON has no such value.
        ValueError: it is a number that JSON does not have.
    """
    read: object = json.loads(json.dumps(value, allow_nan=False))
    return read


def typed(text: str, wanted: Schema) -> object:
    """Return the value of an argument that was written as plain text, by the type its tool declares."""
    kinds = kinds_of(wanted)
    if text == "null" and "null" in kinds:
        return None
    if not kinds or "string" in kinds:
        return text
    try:
        return read_text(text)
    except NoObjectError:
        # The tool says what it takes, and the model reads that.
        return WORDS.get(text.lower(), text)


def kinds_of(wanted: Schema) -> set[str]:
    """Name the JSON types that a schema allows."""
    own = wanted.get("type", [])
    among = [kinds_of(one) for key in ("anyOf", "oneOf") for one in wanted.get(key, [])]
    return {*([own] if isinstance(own, str) else own)}.union(*among)


@contextlib.contextmanager
def unwarned() -> Any:  # noqa: ANN401 - of contextlib
    """Around the reading of Python that a model wrote: how it escapes a letter is nothing to warn of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse an object that says two things under one name."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NoObjectError
    return found


def _no_number(name: str) -> object:
    raise NoObjectError(name)


NOTHING = frozenset({"", "null", "None", "undefined"})
WORDS = {"true": True, "false": False}
DECODER = json.JSONDecoder(strict=False, object_pairs_hook=_once, parse_constant=_no_number)
"""Line breaks may stand in a string as they are: what is meant is plain."""
