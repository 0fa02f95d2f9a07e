"""Whether a customer asks for a person, by the words in `person.toml`: no model decides that."""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

PARTICLES = "(?:님|분)?(?:이?랑|하고|과|와|에게|한테|으?로|을|를|께)?"
"""What may stand between a person and what is asked of them in Korean."""

BETWEEN = "(?: ?(?:좀|직접|바로|전화|지금))* ?"
MARKS = re.compile(r"[\s.,!?~…]+")


def asks_for_person(text: str) -> bool:
    """Whether a message asks for a person to answer, in either language, and not only speaks of one."""
    said = _plain(text)
    return any(wish.search(said) and not no_wish.search(said) for wish, no_wish in _patterns())


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return MARKS.sub(" ", folded).strip()


@cache
def _patterns() -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    """For each language what is such a wish, and what makes it none."""
    words = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    english, korean = words["en"], words["ko"]
    said = [
        rf"\b{_any(english['asks'])} {_any(english['persons'])}\b",
        rf"\b{_any(english['talks'])} {_any(english['anybody'])}\b",
        rf"\A{_any(english['alone'])}\Z",
    ]
    in_korean = [
        rf"{_any(korean['persons'])}{PARTICLES}{BETWEEN}{_any(korean['asks'])}",
        rf"\A{_any(korean['alone'])}\Z",
    ]
    return [
        (re.compile("|".join(said)), re.compile(rf"\b{_any(english['not'])}")),
        (re.compile("|".join(in_korean)), re.compile(_any(korean["not"]))),
    ]


def _any(phrases: Sequence[str]) -> str:
    longest_first = sorted(phrases, key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, longest_first))})"
