"""The languages of the shop: a file for each, `en.toml` beside `ko.toml`, which says how it is called and told."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

NOTHING = r"(?!)"
"""A pattern that finds nothing."""

ENGLISH = "en"
"""What is said where a language is not the shop's."""


@dataclass(frozen=True)
class Language:
    """One language.

    `name` is its English name, `own_name` what its speakers call it. `letters` are those of its script; in a text of
    its own they are at least the part `least` of all letters. A text that has what `shown_by` finds may be its own.
    `common` finds the words that stand in nearly every sentence of it, `ends` how only its own sentences end.
    """

    code: str
    name: str
    own_name: str
    letters: re.Pattern[str]
    shown_by: re.Pattern[str]
    least: float
    common: re.Pattern[str]
    ends: re.Pattern[str]

    @classmethod
    def read(cls, path: Path) -> "Language":
        """Read a language from its file."""
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        found |= {name: re.compile(found.get(name, NOTHING)) for name in ("shown_by", "common", "ends")}
        return cls(path.stem, letters=re.compile(f"[{found.pop('letters')}]"), **found)


def _read() -> Mapping[str, Language]:
    read = [Language.read(path) for path in Path(__file__).parent.glob("*.toml")]
    return {one.code: one for one in sorted(read, key=lambda one: (one.code != ENGLISH, one.code))}


LANGUAGES = _read()
"""By code, English first."""

if TYPE_CHECKING:
    LanguageCode = str
else:
    # A schema names each of them.
    LanguageCode = Literal[tuple(LANGUAGES)]


def spoken(language: str) -> str:
    """Return the code of a language as a browser or a terminal names it, such as `ko-KR`; English if it is not ours."""
    code = re.split(r"[-_.]", language.lower())[0]
    return code if code in LANGUAGES else ENGLISH
