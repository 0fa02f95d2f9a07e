"""Names in an answer that nobody said: of a company, or of whom the answer addresses."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

_LISTS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
_ENGLISH = "|".join(re.escape(one) for one in _LISTS["companies"] if one.isascii())
_KOREAN = "|".join(re.escape(one) for one in _LISTS["companies"] if not one.isascii())
COMPANY = re.compile(rf"(?<![\w@./-])(?:{_ENGLISH})(?![a-z\d@/]|\.\w)|{_KOREAN}")
"""As they are written: a target and hermes are words."""

ANYBODY = frozenset(_LISTS["anybody"])
TITLE = r"(?:Mr|Mrs|Ms|Miss|Dr)\.? "
TO_ENGLISH = re.compile(
    rf"\A\W*(?:(?:Dear|Hi|Hello|Hey),? (?:{TITLE})?|{TITLE})([A-Z][a-z]+)(?: [A-Z][a-z]+)?(?=[,.!:—–-])"
)
TO_KOREAN = re.compile(r"\A\W*(?:안녕하세요,? ?)?([가-힣]{2,4}) ?(?:고객|회원)?님(?=[,!.~])")


def untold_names(text: str, told: str) -> list[str]:
    """Return the names in a text that do not occur in `told`, which is everything said so far, in upper case."""
    return [one for one in _names(text) if one.upper() not in told]


def _names(text: str) -> Iterator[str]:
    yield from (found[0] for found in COMPANY.finditer(text))
    for addressed in (TO_ENGLISH, TO_KOREAN):
        if (found := addressed.match(text)) is not None and found[1].lower() not in ANYBODY:
            yield found[1]
