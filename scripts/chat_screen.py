"""What `shopdesk chat` shows of a conversation: the answer as it is written, the question, and the trace."""

import sys
from typing import Any

from rich.console import Console
from rich.status import Status
from rich.text import Text

from scripts.chat_trace import trace_of
from scripts.chat_words import Words
from storage.characters import cleaned


class Screen:
    """The terminal, or the files that stand in its place: answers to one, trace and remarks to the other."""

    def __init__(self, words: Words, *, live: bool, trace: bool) -> None:
        self.words = words
        self.live = live
        self.trace = trace
        self.question: str | None = None
        self.failed = False
        self._out = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
        self._aside = self._out if live else Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)
        self._status: Status | None = None
        self._written: list[str] = []
        self._writer = ""

    def working(self, key: str = "working") -> None:
        """Show that something is done, until there is something else to show."""
        self._settle()
        if self.live:
            self._status = self._out.status(self.words(key))
            self._status.start()

    def remark(self, text: str) -> None:
        """Say something of the program's own."""
        self._break()
        self._aside.print(Text(cleaned(text), style="dim"))

    def take(self, kind: str, data: dict[str, Any]) -> None:
        """Show one step."""
        if self.trace and (line := trace_of(kind, data)) is not None:
            self.remark(f"  {line}")
        if kind == "token" and self.live:
            self._token(data)
        elif kind == "tool_call":
            self._break()
            self._written.clear()
        elif kind == "message" and data["role"] != "customer":
            self._message(data)
        elif kind == "question":
            self.question = data["question_id"]
        elif kind in {"answer", "muted"}:
            self.question = None
        elif kind == "turn_ended":
            self._settle()
            self.failed = self.failed or data["status"] == "failed"

    def _token(self, data: dict[str, Any]) -> None:
        if self._writer != data["agent"]:
            self._break()
            self._head(data["agent"])
            self._written.append("")
        self._writer = data["agent"]
        self._written = self._written or [""]
        self._written[-1] += data["text"]
        self._out.print(Text(cleaned(data["text"])), end="")

    def _message(self, data: dict[str, Any]) -> None:
        """Show a whole answer, unless it is what was written here already."""
        tails = ("".join(self._written[at:]) for at in range(len(self._written)))
        written = data["text"].split() in [tail.split() for tail in tails]
        self._break()
        self._written.clear()
        if written:
            return
        if self.live:
            self._head(self.words("person") if data["role"] == "person" else data.get("agent") or "")
        self._out.print(Text(cleaned(data["text"])))

    def _head(self, name: str) -> None:
        self._settle()
        if name:
            self._out.print(Text(f"{cleaned(name)}: ", style="bold cyan"), end="")

    def _break(self) -> None:
        """End the line that is being written, if one is."""
        self._settle()
        if self._writer:
            self._out.print()
        self._writer = ""

    def _settle(self) -> None:
        if self._status is not None:
            self._status.stop()
        self._status = None
        sys.stdout.flush()
