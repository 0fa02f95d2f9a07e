"""Parses one or more calls at a position in a text, in each form that the dialects use."""

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
    """An offered tool, and an object of arguments."""

    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Found:
    """The calls found, where they end in the text, and whether they have marks that occur in no prose."""

    calls: list[Call]
    end: int
    marked: bool = False


def offered_name(written: str, offered: Offered) -> str | None:
    """Return the offered tool that a name as written means, such as `functions.get_order:0`; None if there is none."""
    bare = NAMESPACE.sub("", written)
    return written if written in offered else bare if bare in offered else None


def calls_of(value: object, offered: Offered) -> list[Call]:
    """Return the calls in a JSON value; none if it is or contains anything else."""
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
        # The key is the tool's name, the value its arguments.
        [(name, arguments)] = value.items()
        return made(name, arguments, offered) if isinstance(arguments, dict) else None
    if len(names) != 1 or len(given) > 1:
        return None
    beside = {key: one for key, one in value.items() if key not in {*names, *given, *OTHER_KEYS}}
    if beside and (given or not _takes(value[names[0]], [*names, *beside], offered)):
        return None
    return made(value[names[0]], beside or (value[given[0]] if given else None), offered)


def _takes(name: str, keys: list[str], offered: Offered) -> bool:
    """Whether all keys but the first are parameters of the tool: small models write arguments next to its name."""
    tool = offered_name(name, offered)
    wanted = {} if tool is None else offered[tool].get("properties", {})
    return [key for key in keys if key not in wanted] == keys[:1]


def made(name: str, arguments: object, offered: Offered) -> Call | None:
    """Return the call for a name and arguments as written; None if they are not a valid call."""
    tool = offered_name(name, offered)
    if tool is None:
        return None
    try:
        given = arguments_of(arguments)
    except NoObjectError:
        return None
    # A model that repeats its list of tools is not calling them.
    schema = "properties" in given and "properties" not in offered[tool].get("properties", {})
    return None if schema else Call(tool, given)


def read_json(text: str, at: int, offered: Offered) -> Found | None:
    """Parse a JSON object or list that names the tool to call."""
    if not text.startswith(("{", "["), at):
        return None
    try:
        value, end = decoded(text, at)
    except (ValueError, RecursionError):
        return None
    calls = calls_of(value, offered)
    return Found(calls, end) if calls else None


def decoded(text: str, at: int) -> tuple[object, int]:
    """Return the JSON value that starts here, and where it ends; a mark ends a value whose last braces are missing.

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
    """Parse a name followed by JSON."""
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
    """Parse a name followed by tagged arguments."""
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
    """Return the arguments and where they end; None if one is unterminated or occurs twice."""
    given: dict[str, Any] = {}
    while (key := dialect.key.match(text, past_space(text, at))) is not None:
        ends = dialect.ends.search(text, key.end())
        if ends is None or key["key"] in given:
            return None
        # If a tag stands on its own line, that line break is not part of the value.
        value = text[key.end() : ends.start()].removeprefix("\n").removesuffix("\n")
        given[key["key"]] = typed(value, wanted.get(key["key"], {}))
        at = ends.end()
    at = past_space(text, at)
    # A call that is not closed may have been cut off before its last argument.
    return (given, at) if MARK.match(text, at) or FENCE.match(text, at) else None


def past(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Return the position after the pattern's match here, if any, and after the white space that follows."""
    found = pattern.match(text, at)
    return past_space(text, at if found is None else found.end())


def past_space(text: str, at: int) -> int:
    """Return the position of the next character that is not white space."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at
