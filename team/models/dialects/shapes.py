"""One call, or several, read at a place of a text, in each of the shapes that dialects have."""

import contextlib
import re
from dataclasses import dataclass
from typing import Any

from team.models.dialects.arguments import DECODER, NoObjectError, Offered, arguments_of, typed
from team.models.dialects.table import (
    ARGUMENT_KEYS,
    FENCE,
    MARK,
    NAME_KEYS,
    NAMED,
    OTHER_KEYS,
    TAGGED,
    WRAPPING_KEYS,
    Tagged,
)

NAMESPACE = re.compile(r"\A(?:functions?|tools?|default_api|api)[./:]|(?::\d{1,3}|\.call)\Z")


@dataclass(frozen=True)
class Call:
    """A tool that was offered, and an object of arguments."""

    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Found:
    """Calls, the place where their writing ends, and whether it has marks that stand in no sentence."""

    calls: list[Call]
    end: int
    marked: bool = False


def offered_name(written: str, offered: Offered) -> str | None:
    """Return the offered tool that a written name means, such as `functions.get_order:0`; None for none."""
    bare = NAMESPACE.sub("", written)
    return written if written in offered else bare if bare in offered else None


def calls_of(value: object, offered: Offered) -> list[Call]:
    """Return the calls that a JSON value is; none where it is, or holds, anything else."""
    if isinstance(value, list):
        each = [calls_of(one, offered) for one in value]
        return [call for calls in each for call in calls] if all(each) else []
    if not isinstance(value, dict):
        return []
    for key in WRAPPING_KEYS:
        if isinstance(value.get(key), dict | list) and set(value) <= {key, *OTHER_KEYS}:
            return calls_of(value[key], offered)
    call = _call(value, offered)
    return [] if call is None else [call]


def _call(value: dict[str, Any], offered: Offered) -> Call | None:
    names = [key for key in NAME_KEYS if isinstance(value.get(key), str)]
    given = [key for key in ARGUMENT_KEYS if key in value]
    if len(value) == 1 and not names:
        # The tool's name is the key, and the arguments are its value.
        [(name, arguments)] = value.items()
        return made(name, arguments, offered) if isinstance(arguments, dict) else None
    if len(names) != 1 or len(given) > 1 or not set(value) <= {*names, *given, *OTHER_KEYS}:
        return None
    return made(value[names[0]], value[given[0]] if given else None, offered)


def made(name: str, arguments: object, offered: Offered) -> Call | None:
    """Return the call of a name and arguments as they were written; None where they make none."""
    tool = offered_name(name, offered)
    if tool is None:
        return None
    try:
        given = arguments_of(arguments)
    except NoObjectError:
        return None
    # A model that repeats the list of its tools calls none of them.
    schema = "properties" in given and "properties" not in offered[tool].get("properties", {})
    return None if schema else Call(tool, given)


def read_json(text: str, at: int, offered: Offered) -> Found | None:
    """Read a JSON object or list that says which tool is called."""
    if not text.startswith(("{", "["), at):
        return None
    try:
        value, end = decoded(text, at)
    except (ValueError, RecursionError):
        return None
    calls = calls_of(value, offered)
    return Found(calls, end) if calls else None


def decoded(text: str, at: int) -> tuple[object, int]:
    """Return the JSON value that begins here, and where it ends; a mark ends one whose last braces are missing.

    Raises:
        ValueError: there is none.
        RecursionError: it is nested too deeply.
    """
    try:
        return DECODER.raw_decode(text, at)
    except NoObjectError:
        raise
    except ValueError:
        if (mark := MARK.search(text, at)) is None:
            raise
        begun = text[at : mark.start()].rstrip()
        for braces in ("}", "}}"):
            with contextlib.suppress(ValueError):
                return DECODER.decode(begun + braces), mark.start()
        raise


def read_named(text: str, at: int, offered: Offered) -> Found | None:
    """Read a name with JSON after it."""
    for dialect in NAMED:
        if (head := dialect.head.match(text, at)) is None:
            continue
        begin = past(FENCE, text, head.end())
        try:
            value, end = decoded(text, begin)
        except (ValueError, RecursionError):
            continue
        if (call := made(head["name"], value, offered)) is not None:
            return Found([call], end, dialect.marked)
    return None


def read_tagged(text: str, at: int, offered: Offered) -> Found | None:
    """Read a name with tagged arguments after it."""
    for dialect in TAGGED:
        if (head := dialect.head.match(text, at)) is None:
            continue
        if (tool := offered_name(head["name"], offered)) is None:
            continue
        found = _tagged(dialect, text, head.end(), offered[tool].get("properties", {}))
        if found is not None:
            return Found([Call(tool, found[0])], found[1], marked=True)
    return None


def _tagged(dialect: Tagged, text: str, at: int, wanted: dict[str, Any]) -> tuple[dict[str, Any], int] | None:
    """Return the arguments and where they end; None where one has no end, or is given twice."""
    given: dict[str, Any] = {}
    while (key := dialect.key.match(text, past_space(text, at))) is not None:
        ends = dialect.ends.search(text, key.end())
        if ends is None or key["key"] in given:
            return None
        # Where a tag stands on a line of its own, that line's break is no part of the value.
        value = text[key.end() : ends.start()].removeprefix("\n").removesuffix("\n")
        given[key["key"]] = typed(value, wanted.get(key["key"], {}))
        at = ends.end()
    at = past_space(text, at)
    # One that is not closed may have been cut off before its last argument.
    return (given, at) if MARK.match(text, at) or FENCE.match(text, at) else None


def past(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Return the place behind what the pattern finds here, if anything, and behind the white space after it."""
    found = pattern.match(text, at)
    return past_space(text, at if found is None else found.end())


def past_space(text: str, at: int) -> int:
    """Return the place of the next letter or sign."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at
