"""The figures in a rule, such as days and amounts, by their unit: so two sentences can be held against each other."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_SENTENCE_END = re.compile(r"(?<=[.!?。])\s")
_BLANK = re.compile(r"[\s|*_#>]+")
Figures = Mapping[str, frozenset[float]]
"""Numbers by the class of their unit."""


@dataclass(frozen=True)
class Sentence:
    """A sentence of a policy that names figures."""

    place: str
    policy_id: str
    language: str
    section: str
    text: str
    unlimited: frozenset[str] = frozenset()
    """Units in which it is known to name no figure: any figure of another sentence contradicts it."""

    @property
    def figures(self) -> Figures:
        """Its numbers by unit."""
        return figures_in(self.text, self.language)

    @property
    def about(self) -> str:
        """What it is about: its section and its words, without its figures."""
        return f"{self.section}. {_pattern(self.language).sub(' ', self.text)}"


def sentences(text: str) -> list[str]:
    """Return a text's sentences, without markup."""
    return [one for part in _SENTENCE_END.split(text) if (one := _BLANK.sub(" ", part).strip())]


def figures_in(text: str, language: str) -> Figures:
    """Return the numbers of a text by the class of their unit; a number without a known unit is left out."""
    found: dict[str, set[float]] = {}
    for unit, numbers in _counted(text, language):
        found.setdefault(unit, set()).update(numbers)
    return {unit: frozenset(numbers) for unit, numbers in found.items()}


def _counted(text: str, language: str) -> Iterator[tuple[str, Sequence[float]]]:
    for match in _pattern(language).finditer(text):
        unit = "money" if match["sign"] else _class_of(match["unit"], language)
        numbers = [_number(match[name]) for name in ("first", "last", "amount") if match[name]]
        yield unit, [number * 10_000 for number in numbers] if (match["unit"] or "").startswith("만") else numbers


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _class_of(unit: str, language: str) -> str:
    named = _told()[language]
    return next(name for name, forms in named.items() if any(re.fullmatch(form, unit.casefold()) for form in forms))


@cache
def _told() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "figures.toml").read_text(encoding="utf-8"))


@cache
def _pattern(language: str) -> re.Pattern[str]:
    units = "|".join(form for forms in _told()[language].values() for form in forms)
    between = "|".join(map(re.escape, _told()["between"][language]))
    number = r"\d{1,9}(?:,\d{3})*(?:\.\d{1,2})?"
    counted = rf"(?P<first>{number})(?: ?(?:{between}) ?(?P<last>{number}))? ?(?P<unit>{units})"
    # A Korean unit may be followed by a particle; an English one ends its word. The day of a date is no number of days.
    end = r"(?!\w)" if language == "en" else ""
    shape = rf"(?<![\d.,:/-])(?<!월 )(?:{counted}{end}|(?P<sign>[$₩€£]) ?(?P<amount>{number}))"
    return re.compile(shape, re.IGNORECASE)
