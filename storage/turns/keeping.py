"""What is kept of turns for those who look into them: for how long, and with whose details masked."""

import re
from dataclasses import dataclass
from typing import Any

from storage.settings import Settings

EMAIL = re.compile(r"[\w.%+'-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")
CARD = re.compile(r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])")
PHONE = re.compile(r"(?<![\w#-])(?:\+\d{1,3}[ -]?)?(?:\(\d{1,4}\)[ -]?|\d{2,4}[ -])\d{3,4}[ -]\d{4}(?![\w-])")
SHAPES = ((EMAIL, "[email]"), (CARD, "[card]"), (PHONE, "[phone]"))
PERSONAL = frozenset(
    {"first_name", "last_name", "name_of_customer", "email", "phone", "address1", "address2", "city", "state", "zip"}
    | {"postcode", "last_four"}
)
"""Fields of the tools that tell who somebody is or where they live, wherever they stand in a result."""

FIELD = re.compile(r'(\\?"(?:' + "|".join(sorted(PERSONAL)) + r')\\?"\s{0,4}:\s{0,4}\\?")[^"\\]{0,200}')
"""Such a field in a result that a model was given as text, also where that text stands in JSON itself."""

MASK = "•••"


@dataclass(frozen=True)
class Keeping:
    """For how many days turns are kept, and whether personal details in them are masked before."""

    days: int
    masked: bool

    def of(self, told: Any) -> Any:  # noqa: ANN401 - JSON of any shape
        """Return JSON as it is kept."""
        return masked(told) if self.masked else told


NOTHING = Keeping(0, masked=False)


def keeping_of(settings: Settings) -> Keeping:
    """Return what the settings say."""
    return Keeping(settings.trace_days, settings.trace_masked)


def masked(told: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return JSON with emails, phone and card numbers, and the fields of the tools that name a person, masked."""
    if isinstance(told, str):
        return _masked(told)
    if isinstance(told, dict):
        return {name: MASK if name in PERSONAL and value else masked(value) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [masked(one) for one in told]
    return told


def _masked(text: str) -> str:
    text = FIELD.sub(rf"\1{MASK}", text)
    for shape, mark in SHAPES:
        text = shape.sub(mark, text)
    return text
