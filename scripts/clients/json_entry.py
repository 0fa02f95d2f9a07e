"""Setting one entry in a hand-edited JSON file: order, whitespace and comments are preserved."""

import json
import re
from collections.abc import Iterator
from typing import Any

COMMENT = re.compile(r'"(?:\\.|[^"\\])*"|//[^\r\n]*|/\*.*?\*/', re.DOTALL)
LAST_COMMA = re.compile(r'"(?:\\.|[^"\\])*"|,(?=\s*[}\]])', re.DOTALL)
INDENTED = re.compile(r'^([ \t]+)"', re.MULTILINE)
Entry = dict[str, Any]


class NotAnObjectError(ValueError):
    """The file or its section is JSON, but not an object."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not an object")


def find_entry(text: str, section: str, name: str, *, comments: bool) -> Entry | None:
    """Return a section's entry with this name.

    Args:
        text: the file's text; an empty file has no sections.
        section: the name of an object in it.
        name: the entry's name in the section.
        comments: whether comments and a comma after the last member are allowed, as in VS Code's files.

    Raises:
        ValueError: the file is not JSON, or it or its section is not an object.
    """
    entries = _object(_object(_loaded(text, comments=comments), "the file").get(section, {}), section)
    return _object(entries[name], name) if name in entries else None


def with_entry(text: str, section: str, name: str, entry: Entry, *, comments: bool) -> str:
    """Return the text with this entry in its section, replacing one with the same name.

    Raises:
        ValueError: as `find_entry`.
    """
    present = find_entry(text, section, name, comments=comments)
    if not text.strip():
        return json.dumps({section: {name: entry}}, indent=2, ensure_ascii=False) + "\n"
    blanked = _blanked(text) if comments else text
    sections = {key: span for key, *span in _members(blanked, blanked.index("{"))}
    if section not in sections:
        return _inserted(text, blanked, blanked.index("{"), 1, section, {name: entry})
    start = sections[section][0]
    if present is None:
        return _inserted(text, blanked, start, 2, name, entry)
    begin, end = {key: span for key, *span in _members(blanked, start)}[name]
    return text[:begin] + _written(text, entry, 2) + text[end:]


def _loaded(text: str, *, comments: bool) -> Any:  # noqa: ANN401 - a file may hold any JSON
    return json.loads(_blanked(text) if comments else text) if text.strip() else {}


def _object(value: Any, what: str) -> Entry:  # noqa: ANN401 - any JSON, which is what is checked
    if not isinstance(value, dict):
        raise NotAnObjectError(what)
    return value


def _blanked(text: str) -> str:
    """Replace comments and trailing commas with spaces, so that every position stays the same."""

    def blank(found: re.Match[str]) -> str:
        return found[0] if found[0].startswith('"') else re.sub(r"[^\r\n]", " ", found[0])

    return LAST_COMMA.sub(blank, COMMENT.sub(blank, text))


def _members(text: str, brace: int) -> Iterator[tuple[str, int, int]]:
    """Yield each member of the object that opens at `brace`: its key, and where its value starts and ends."""
    decoder = json.JSONDecoder()
    at = _past_blanks(text, brace + 1)
    while text[at] == '"':
        key, at = decoder.raw_decode(text, at)
        start = _past_blanks(text, text.index(":", at) + 1)
        _, end = decoder.raw_decode(text, start)
        yield key, start, end
        at = _past_blanks(text, end)
        if text[at] == ",":
            at = _past_blanks(text, at + 1)


def _past_blanks(text: str, at: int) -> int:
    while text[at].isspace():
        at += 1
    return at


def _inserted(text: str, blanked: str, brace: int, depth: int, name: str, value: Entry) -> str:
    """Insert a member first in the object that opens at `brace`, away from other members' comments."""
    before, after = text[: brace + 1], text[brace + 1 :]
    line = _newline(text) + _indent(text) * depth
    member = f"{line}{json.dumps(name)}: {_written(text, value, depth)}"
    breaks = after.lstrip(" \t").startswith(("\r", "\n"))
    if next(_members(blanked, brace), None) is None:
        return before + member + ("" if breaks else _newline(text) + _indent(text) * (depth - 1)) + after
    return f"{before}{member}," + (after if breaks else line + after.lstrip(" \t"))


def _written(text: str, value: Entry, depth: int) -> str:
    lines = json.dumps(value, indent=_indent(text), ensure_ascii=False)
    return lines.replace("\n", _newline(text) + _indent(text) * depth)


def _indent(text: str) -> str:
    found = INDENTED.search(text)
    return found[1] if found else "  "


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
