"""What this process's turns came to, counted from their steps; no count names a customer or what they said."""

from collections import Counter
from collections.abc import Mapping
from typing import Any


class Counts:
    """Numbers since the process began, each under its labels."""

    def __init__(self) -> None:
        self.turns: Counter[str] = Counter()
        self.chosen: Counter[str] = Counter()
        self.calls: Counter[tuple[str, str, str]] = Counter()
        self.tickets = 0

    def note(self, kind: str, data: Mapping[str, Any]) -> None:
        """Count one step."""
        match kind:
            case "turn_ended":
                self.turns[data["status"]] += 1
            case "router":
                self.chosen[data["by"]] += 1
                if data["model"] and data["by"] == "model":
                    self._call(data)
            case "model":
                self._call(data)
            case "ticket":
                self.tickets += data["opened"]

    def _call(self, data: Mapping[str, Any]) -> None:
        outcome = "failed" if data.get("error") else "answered"
        self.calls[data["endpoint"], outcome, data.get("in_place_of") or ""] += 1
