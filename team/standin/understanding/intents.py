"""The things a customer may want, as `data/intents.toml` has them."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from team.standin.data.tables import tables

TALK = ("small_talk", "unknown")
QUESTION = "policy_question"


@dataclass(frozen=True)
class Intent:
    """One thing a customer may want, and how a specialist goes about it."""

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
        """The specialist whose work it is in the team; what is learnt knows fewer of them."""
        return split().get(self.name, self.specialist)


@cache
def split() -> dict[str, str]:
    """Whose work an intent is, where that is not the specialist it was learnt with."""
    return {intent: owner for owner, told in tables("split").items() for intent in told["intents"]}


@cache
def intents() -> dict[str, Intent]:
    """Every intent of the data, by name."""
    return {name: Intent(name, **_told(entry)) for name, entry in tables("intents").items()}


def _told(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
