"""What one request to a model was, and what came of it: for those who look into a turn afterwards."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

TEXTS = ("content", "reasoning_content", "reasoning")


@dataclass
class Exchange:
    """One request and its reply. `first_ms` is the time to the first word or call; None where there was none.

    `sent` is the body of the request; `reply` has the text, the thoughts, the calls, the finish reason, the usage and
    the log-probabilities, as far as the server told them.
    """

    url: str = ""
    sent: Mapping[str, Any] = field(default_factory=dict)
    reply: dict[str, Any] = field(default_factory=dict)
    first_ms: float | None = None
    _sent_at: float = 0.0
    _texts: dict[str, list[str]] = field(default_factory=dict)

    def send(self, url: str, sent: Mapping[str, Any]) -> None:
        """A request is sent now; of several in a row, the last counts."""
        self.url, self.sent, self.reply, self.first_ms = url, sent, {}, None
        self._sent_at, self._texts = time.monotonic(), {}

    def hear(self, piece: Mapping[str, Any]) -> None:
        """Take a reply, or a piece of one."""
        choices = piece.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
        said = choice.get("message") or choice.get("delta")
        if isinstance(said, dict):
            self._hear_words(said)
        self._keep("finish_reason", choice.get("finish_reason"))
        self._keep("logprobs", choice.get("logprobs"))
        for name in ("usage", "id", "model", "system_fingerprint"):
            self._keep(name, piece.get(name))

    def end(self, calls: list[dict[str, Any]]) -> None:
        """A streamed reply has ended, with these calls."""
        if calls:
            self.reply["tool_calls"] = calls

    def as_record(self) -> dict[str, Any]:
        """Return what is kept of it."""
        texts = {name: "".join(pieces) for name, pieces in self._texts.items()}
        return {"url": self.url, "request": self.sent, "reply": {**texts, **self.reply}, "first_ms": self.first_ms}

    def _hear_words(self, said: Mapping[str, Any]) -> None:
        found = {name: said[name] for name in TEXTS if isinstance(said.get(name), str) and said[name]}
        calls = said.get("tool_calls") or said.get("function_call")
        if (found or calls) and self.first_ms is None:
            self.first_ms = round((time.monotonic() - self._sent_at) * 1000, 1)
        for name, text in found.items():
            self._texts.setdefault(name, []).append(text)
        self._keep("tool_calls", calls)

    def _keep(self, name: str, value: object) -> None:
        if value:
            self.reply[name] = value


_open: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


@contextmanager
def recording() -> Iterator[Exchange]:
    """Yield an object that takes the next request made in this context, and its reply."""
    exchange = Exchange()
    token = _open.set(exchange)
    try:
        yield exchange
    finally:
        _open.reset(token)


def recorded() -> Exchange | None:
    """Return what takes the requests of this context, if anything."""
    return _open.get()
