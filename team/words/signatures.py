"""A reply's signature, which is not part of its content: "- Olivia", "Best, Tom", "김민아 드림"."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MOST_NAMES = 3
"""Words in a name, such as "Mary Ann Smith"."""

KOREAN_NAME = 3
"""Syllables in a name, family name first."""


@dataclass(frozen=True)
class Names:
    """The parts of signatures."""

    closings: frozenset[str]
    dashes: frozenset[str]
    korean: frozenset[str]
    known: frozenset[str]
    words: frozenset[str]
    families: frozenset[str]
    given_first: frozenset[str]
    given_second: frozenset[str]
    no_given: frozenset[str]


@cache
def _names() -> Names:
    found = tomllib.loads(Path(__file__).with_name("signatures.toml").read_text(encoding="utf-8"))
    lists = {name: found[name] for name in ("closings", "dashes", "korean", "no_given")}
    lists |= {name: found[name].lower().split() for name in ("known", "words")}
    lists |= {name: list(found[name]) for name in ("families", "given_first", "given_second")}
    return Names(**{name: frozenset(values) for name, values in lists.items()})


def without_signature(text: str) -> str:
    """Return a short reply without the name it is signed with, or unchanged if it is not signed."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return text
    before, last = lines[:-1], lines[-1]
    if before and _is_signature(last, own_line=_is_closing(before[-1])):
        return "\n".join(before)
    return "\n".join([*before, _without_name(last)])


def _is_signature(line: str, *, own_line: bool) -> bool:
    """Whether a line is only a name; an unknown one must follow a dash or a closing (`own_line`)."""
    words = line.split()
    dashed, words = _without_dash(words)
    closed = [*words[:1]] if words and words[0].endswith(",") and _is_closing(words[0]) else []
    words = words[len(closed) :]
    if _is_korean_name(words, dashed=dashed):
        return True
    return _is_name(words) and (dashed or own_line or bool(closed) or _is_known(words))


def _without_name(line: str) -> str:
    """Remove the name from a line that says something before it: "yes, thanks - Olivia", "네, 김민아 드림"."""
    words = line.split()
    for count in range(min(MOST_NAMES + 1, len(words) - 1), 0, -1):
        rest, end = words[:-count], words[-count:]
        dashed, name = _without_dash(end)
        ended = dashed or rest[-1][-1] in ",.!~" or rest[-1] in _names().dashes or _is_closing(rest[-1])
        if ended and ((_is_name(name) and _is_known(name)) or _is_korean_name(name, dashed=dashed)):
            return " ".join(rest)
    return line


def _without_dash(words: list[str]) -> tuple[bool, list[str]]:
    dashes = _names().dashes
    if words and words[0] in dashes:
        return True, words[1:]
    if words and len(words[0]) > 1 and words[0][0] in dashes:
        return True, [words[0][1:], *words[1:]]
    return False, words


def _is_closing(line: str) -> bool:
    """Whether a line ends with a closing and a comma, as in "Yes please. Thanks,"."""
    words = line.lower().rstrip(" ,.!").split()
    return any(" ".join(words[-count:]).lstrip("-~ ") in _names().closings for count in (1, 2, 3, 4) if words)


def _is_name(words: list[str]) -> bool:
    """Whether these words may be a name: capitalized, and none of them meaningful in a shop."""
    bare = [word.strip(".,") for word in words]
    return 0 < len(bare) <= MOST_NAMES and all(
        word[:1].isupper() and word.replace("-", "").isalpha() and word.lower() not in _names().words for word in bare
    )


def _is_known(words: list[str]) -> bool:
    return words[0].strip(".,").lower() in _names().known


def _is_korean_name(words: list[str], *, dashed: bool) -> bool:
    """Whether these are a Korean name with the word that marks a signature, or a Korean name after a dash."""
    names, words = _names(), [word.strip(".,") for word in words]
    signed = len(words) > 1 and words[-1] in names.korean
    name = "".join(words[:-1] if signed else words)
    if not (signed or dashed) or not name:
        return False
    whole = len(name) == KOREAN_NAME and name[0] in names.families
    given = name[1:] if whole else name
    if len(given) != KOREAN_NAME - 1 or given in names.no_given or not (whole or signed):
        return False
    return given[0] in names.given_first and given[1] in names.given_second
