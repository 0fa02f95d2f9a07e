"""Parses a call's arguments, in whatever form they were sent, into the object they mean."""

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
"""JSON inside a JSON string inside a JSON string: deeper nesting has not been seen."""

LITERAL_CHARS = 8_000
"""The longest text that is parsed as Python; the parser is slow for longer ones."""


class NoObjectError(ValueError):
    """The arguments are not a JSON object, or are ambiguous."""


def arguments_of(given: object) -> dict[str, Any]:
    """Return the object: an object as it is, a JSON string decoded, an empty one for no arguments.

    Raises:
        NoObjectError: this is not an object.
    """
    for _ in range(ENCODINGS):
        if not isinstance(given, str):
            break
        given = read_text(given)
    if isinstance(given, list) and len(given) == 1:
        [given] = given
    if given is None or given == []:
        return {}
    if not isinstance(given, dict) or not all(isinstance(name, str) for name in given):
        raise NoObjectError
    return given


def read_text(text: str) -> object:
    """Return the value of a text that is JSON or the same written in Python; None for an empty text.

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
    """Return the value of a Python literal that JSON could also express.

    Raises:
        NoObjectError: it is not one.
    """
    if len(text) > LITERAL_CHARS:
        raise NoObjectError
    with unwarned():
        try:
            return as_json(ast.literal_eval(text))
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError) as error:
            raise NoObjectError from error


def as_json(value: object) -> object:
    """Return a Python value as it would come back from JSON.

    Raises:
        TypeError: JSON has no such type.
        ValueError: JSON has no such number.
    """
    read: object = json.loads(json.dumps(value, allow_nan=False))
    return read


def typed(text: str, wanted: Schema) -> object:
    """Convert an argument written as plain text to the type its tool declares."""
    kinds = kinds_of(wanted)
    if text == "null" and "null" in kinds:
        return None
    if not kinds or "string" in kinds:
        return text
    try:
        return read_text(text)
    except NoObjectError:
        # The tool's error says what it accepts, and the model reads that.
        return WORDS.get(text.lower(), text)


def kinds_of(wanted: Schema) -> set[str]:
    """Name the JSON types that a schema allows."""
    own = wanted.get("type", [])
    among = [kinds_of(one) for key in ("anyOf", "oneOf") for one in wanted.get(key, [])]
    return {*([own] if isinstance(own, str) else own)}.union(*among)


@contextlib.contextmanager
def unwarned() -> Any:  # noqa: ANN401 - of contextlib
    """Suppress warnings while parsing Python that a model wrote: an odd escape is not worth one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse an object in which a key occurs twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NoObjectError
    return found


def _no_number(name: str) -> object:
    raise NoObjectError(name)


NOTHING = frozenset({"", "null", "None", "undefined"})
WORDS = {"true": True, "false": False}
DECODER = json.JSONDecoder(strict=False, object_pairs_hook=_once, parse_constant=_no_number)
"""Raw line breaks are allowed in strings: the meaning is clear."""
