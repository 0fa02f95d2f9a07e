"""What of a step its reader sees: what models thought is for the shop's own people."""

from typing import Any

from storage.owners import Staff
from ui.logins.person import Person

THOUGHT = "thought"


def seen_by(person: Person, data: dict[str, Any]) -> dict[str, Any]:
    """Return a step's data as this person may read it."""
    if isinstance(person.whose, Staff):
        return data
    return {name: value for name, value in data.items() if name != THOUGHT}
