"""What a customer may want, as listed in `data/intents.toml`."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from team.standin.data.tables import tables

TALK = ("small_talk", "unknown")
QUESTION = "policy_question"


@dataclass(frozen=True)
class Intent:
    """One thing a customer may want, and how a specialist handles it."""

    name: str
    specialist: str
    tool: str = ""
    look_up: str = ""
    statuses: tuple[str, ...] = ()
    several: str = ""
    items: bool = False
    variant: bool = False
    then: str = ""
    instead: tuple[str, ...] = ()

    @property
    def owner(self) -> str:
        """The specialist who does this work in the team; the learnt weights know fewer specialists."""
        return split().get(self.name, self.specialist)


@cache
def split() -> dict[str, str]:
    """Return who does an intent's work, where that is not the specialist it was learnt with."""
    return {intent: owner for owner, told in tables("split").items() for intent in told["intents"]}


@cache
def intents() -> dict[str, Intent]:
    """Return every intent in the data, by name."""
    return {name: Intent(name, **_told(entry)) for name, entry in tables("intents").items()}


def _told(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
