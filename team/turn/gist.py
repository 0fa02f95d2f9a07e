"""The gist of a turn, counted from its steps as they happen: what its row among the traces says."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import now
from storage.turns.keeping import Keeping
from storage.turns.traces import ENDPOINT, HOUR_S, MODEL, SPECIALIST, TOOL, Trace, TracePart

# On the tables, not the classes, as in `storage/chats/events.py`.
ADD = insert(cast(Table, Trace.__table__))
ADD_PARTS = insert(cast(Table, TracePart.__table__))

SHOWN = 300
"""Characters of a message and its answer that the list of turns holds and searches."""


@dataclass
class Used:
    """How often something was used, how often that failed, and how long it took, in milliseconds."""

    calls: int = 0
    errors: int = 0
    ms: float = 0.0


@dataclass
class Gist:
    """What is counted of one turn."""

    began: float = field(default_factory=time.monotonic)
    parts: dict[tuple[str, str], Used] = field(default_factory=dict)
    specialist: str = ""
    by: str = ""
    cached_tokens: int = 0
    replaced: bool = False
    first_word_ms: float | None = None

    def hear(self, kind: str, data: Mapping[str, Any]) -> None:
        """Count one step."""
        match kind:
            case "router":
                self.specialist, self.by = self.specialist or data["choice"], self.by or data["by"]
                self.replaced = self.replaced or data["by"] == "fallback"
                self._use(SPECIALIST, data["choice"])
                self._ask(data)
            case "model":
                self._ask(data)
            case "handoff":
                self._use(SPECIALIST, data["to"])
            case "tool_result":
                self._use(TOOL, data["tool"], failed=data["is_error"], ms=data.get("ms", 0.0))

    def read(self, text: str) -> None:
        """The customer reads the first words now, if these are the first."""
        if text and self.first_word_ms is None:
            self.first_word_ms = round((time.monotonic() - self.began) * 1000, 1)

    def _ask(self, data: Mapping[str, Any]) -> None:
        if not data.get("model"):
            return
        failed, ms = bool(data.get("error")), data.get("ms", 0.0)
        self._use(MODEL, data["model"], failed=failed, ms=ms)
        self._use(ENDPOINT, data["endpoint"], failed=failed, ms=ms)
        self.replaced = self.replaced or bool(data.get("in_place_of"))
        self.cached_tokens += data.get("cached_tokens", 0)

    def _use(self, kind: str, name: str, *, failed: bool = False, ms: float = 0.0) -> None:
        used = self.parts.setdefault((kind, name), Used())
        used.calls, used.errors, used.ms = used.calls + 1, used.errors + failed, used.ms + ms

    def count(self, kind: str, what: str) -> int:
        """Return a sum over all parts of one kind, such as the errors of its tools."""
        return sum(getattr(used, what) for (part, _), used in self.parts.items() if part == kind)


async def add_trace(
    session: AsyncSession, gist: Gist, keeping: Keeping, told: Mapping[str, Any], asked: str, answered: str
) -> None:
    """Store the row of a turn that has ended, and of what it used; nothing where none are kept.

    Args:
        session: the transaction that stores the turn's end.
        gist: what was counted.
        keeping: whether turns are kept, and masked.
        told: the columns that only the caller knows, `ms` among them.
        asked: what the customer wrote.
        answered: what they were told.
    """
    if not keeping.days:
        return
    at = now() - timedelta(milliseconds=told["ms"])
    row = {
        "at": at,
        "hour": int(at.timestamp()) // HOUR_S,
        "asked": keeping.of(asked)[:SHOWN],
        "answered": keeping.of(answered)[:SHOWN],
        "specialist": gist.specialist,
        "by": gist.by,
        "first_word_ms": gist.first_word_ms,
        "failed_calls": gist.count(MODEL, "errors"),
        "cached_tokens": gist.cached_tokens,
        "tool_calls": gist.count(TOOL, "calls"),
        "tool_errors": gist.count(TOOL, "errors"),
        "replaced": gist.replaced,
        **told,
    }
    await session.execute(ADD, row)
    parts = [
        {"trace_id": told["id"], "kind": kind, "name": name, **vars(used)} for (kind, name), used in gist.parts.items()
    ]
    if parts:
        await session.execute(ADD_PARTS, parts)
