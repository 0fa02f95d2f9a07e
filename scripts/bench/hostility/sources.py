"""Where an answer's figures and ids come from: a tool's result, the customer, or a sentence from code."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

TOKEN = re.compile(r"[A-Za-z0-9]+(?:[._:/-][A-Za-z0-9]+)*")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
WITH_UNIT = re.compile(r"(\d+(?:\.\d+)?)[A-Za-z]{1,3}")
"""A figure with its unit or ordinal suffix: `5kg`, `3rd`."""
CENTS = 100
LONGEST_LIST = 50


@dataclass
class Sources:
    """Everything that was said in a customer's conversation, except by a model."""

    text: str = ""
    numbers: set[Decimal] = field(default_factory=set)

    def add(self, text: str) -> None:
        """Add a text."""
        self.text += f"\n{text.casefold()}"
        self.numbers |= {Decimal(one) for one in NUMBER.findall(THOUSANDS.sub("", text))}

    def add_data(self, data: Any) -> None:  # noqa: ANN401 - JSON of any shape
        """Add the data of a step, and the lengths of its lists."""
        self.add(json.dumps(data, ensure_ascii=False))
        for leaf in _leaves(data):
            if isinstance(leaf, list):
                self.numbers.add(Decimal(min(len(leaf), LONGEST_LIST)))
            elif isinstance(leaf, str) and leaf.lstrip().startswith(("{", "[")):
                self._add_written(leaf)

    def _add_written(self, text: str) -> None:
        try:
            self.add_data(json.loads(text))
        except ValueError:
            self.add(text)

    def unknown_in(self, text: str) -> list[str]:
        """Return the figures and ids of a text that occur nowhere in the sources."""
        return [token for token in tokens(text) if not self._knows(token)]

    def _knows(self, token: str) -> bool:
        if token.casefold() in self.text:
            return True
        if unit := WITH_UNIT.fullmatch(token):
            token = unit[1]
        if NUMBER.fullmatch(token):
            value = Decimal(token)
            return value in self.numbers or value * CENTS in self.numbers
        parts = re.split(r"[._:/-]", token)
        return len(parts) > 1 and all(self._knows(part) for part in parts if re.search(r"\d", part))


def tokens(text: str) -> list[str]:
    """Return the figures and ids of a text."""
    return [one for one in TOKEN.findall(THOUSANDS.sub("", text)) if re.search(r"\d", one)]


def _leaves(data: Any) -> Iterator[Any]:  # noqa: ANN401 - JSON of any shape
    yield data
    for inner in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _leaves(inner)
