"""What `shopdesk chat` itself says; the trace translates the reasons for steps, not their names."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage import reasons
from storage.words.catalogue import Catalogue, CatalogueError
from storage.words.languages import spoken

WORDS = Catalogue(Path(__file__).parent)


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    language: str

    def __call__(self, message: str, **facts: str) -> str:
        """Return the text of the message with this id."""
        return WORDS.say(message, self.language, **facts)

    def of_refusal(self, code: str, text: str) -> str:
        """Return the text for a refusal; if its code has no translation here, the shop's own text."""
        return self(f"refused_{code}") if f"refused_{code}" in WORDS else text

    def of_reason(self, data: Mapping[str, Any], field: str) -> str:
        """Return why a step went as it did; if the reason's code or facts are unknown here, the text it came with."""
        try:
            return reasons.told(data[f"{field}_code"], data[f"{field}_facts"], self.language)
        except (CatalogueError, LookupError, TypeError):
            return str(data[field])


def language_of_terminal() -> str:
    """Return the terminal's language if it is one of ours, otherwise English."""
    set_to = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return spoken(set_to)
