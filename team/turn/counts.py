"""Counts this process's turns from their steps; no metric names a customer or what they said."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from storage.process.metrics import PageMetrics
from storage.reasons import Code

Data = Mapping[str, Any]


class Counts:
    """Counts steps as they are published."""

    def __init__(self, metrics: PageMetrics) -> None:
        self.metrics = metrics
        # When each turn started, by conversation, until the customer has read its first words.
        self._unread: dict[str, float] = {}
        self._counted: dict[str, Callable[[str, Data], None]] = {
            "turn_started": self._began,
            "token": self._read,
            "message": self._read,
            "turn_ended": self._ended,
            "router": self._chosen,
            "model": lambda _, data: self._called(data, role=data["role"]),
            "answer": self._answered,
            "identity": lambda _, data: metrics.identifications.labels(data["status"]).inc(),
            "ticket": lambda _, data: metrics.tickets.inc(data["opened"]),
        }

    def count(self, conversation_id: str, kind: str, data: Data) -> None:
        """Count one step, if its kind is counted."""
        if kind in self._counted:
            self._counted[kind](conversation_id, data)

    def _began(self, conversation_id: str, _: Data) -> None:
        self._unread[conversation_id] = time.monotonic()

    def _read(self, conversation_id: str, data: Data) -> None:
        """Count the first words, streamed or whole; a withdrawal has no text."""
        if not data.get("text") or data.get("role", "assistant") != "assistant":
            return
        began = self._unread.pop(conversation_id, None)
        if began is not None:
            self.metrics.first_word_seconds.observe(time.monotonic() - began)

    def _ended(self, conversation_id: str, data: Data) -> None:
        self._unread.pop(conversation_id, None)
        self.metrics.turns.labels(data["status"]).inc()
        if "ms" in data:
            self.metrics.turn_seconds.labels(data["status"]).observe(data["ms"] / 1000)

    def _chosen(self, _: str, data: Data) -> None:
        self.metrics.router.labels(data["by"]).inc()
        self.metrics.unsure.inc(data.get("reason_code") == Code.UNSURE)
        if data["by"] == "model" or data.get("reason_code") == Code.NOBODY_NAMED:
            self._called(data, role="router")

    def _called(self, data: Data, role: str) -> None:
        metrics, asked = self.metrics, (data["endpoint"], role)
        outcome = "failed" if data.get("error") else "answered"
        metrics.model_calls.labels(*asked, outcome, data.get("in_place_of") or "").inc()
        metrics.model_seconds.labels(*asked).observe(data["ms"] / 1000)
        for kind in ("prompt", "completion", "cached"):
            metrics.model_tokens.labels(*asked, kind).inc(data.get(f"{kind}_tokens", 0))

    def _answered(self, _: str, data: Data) -> None:
        self.metrics.answers.labels("yes" if data["yes"] else "no", data["by"]).inc()
