"""Whether a customer asks for a person, judged by the words in `person.toml`, never by a model."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

PARTICLES = "(?:님|분)?(?:이?랑|하고|과|와|에게|한테|으?로|을|를|께)?"
"""Korean particles that may stand between the person and the verb."""

BETWEEN = "(?: ?(?:좀|직접|바로|전화|지금))* ?"
MARKS = re.compile(r"[\s.,!?~…]+")


def asks_for_person(text: str) -> bool:
    """Whether a message in either language asks for a person to answer, rather than just mentioning one."""
    said = _plain(text)
    return any(wish.search(said) and not no_wish.search(said) for wish, no_wish in _patterns())


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return MARKS.sub(" ", folded).strip()


@cache
def _patterns() -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    """Return, for each language, the pattern of such a request and the pattern that rules it out."""
    return [
        (re.compile(_english()), re.compile(rf"\b{_any('en', 'not')}")),
        (re.compile(_korean()), re.compile(_any("ko", "not"))),
    ]


def _english() -> str:
    asks = rf"\b{_any('en', 'asks')} {_any('en', 'persons')}\b"
    talks = rf"\b{_any('en', 'talks')} {_any('en', 'anybody')}\b"
    return rf"{asks}|{talks}|\A{_any('en', 'alone')}\Z"


def _korean() -> str:
    asks = f"{_any('ko', 'persons')}{PARTICLES}{BETWEEN}{_any('ko', 'asks')}"
    return rf"{asks}|\A{_any('ko', 'alone')}\Z"


def _any(language: str, kind: str) -> str:
    """Return a pattern for any of the phrases, longest first."""
    phrases = sorted(_words()[language][kind], key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, phrases))})"


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
