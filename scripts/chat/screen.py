"""What `shopdesk chat` shows of a conversation: the words as they come, then the answer, the question, the trace."""

import sys
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.status import Status
from rich.text import Text

from scripts.chat.trace import trace_of
from scripts.chat.words import Words
from storage.characters import cleaned
from team.turn.parts import single_message

WITHDRAWING = frozenset(("tool_call", "handoff"))
"""Steps after which what was written is no part of the answer, or comes once more with it."""


class Screen:
    """The terminal, or the files that stand in its place: answers to one, trace and remarks to the other.

    Words that come while an answer is written stand on a terminal until the answer does: what is not part of it goes.
    Files get one message of each turn.
    """

    def __init__(self, words: Words, *, live: bool, trace: bool) -> None:
        self.words = words
        self.live = live
        self.trace = trace
        self.question: str | None = None
        self.failed = False
        self._out = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
        self._aside = self._out if live else Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)
        self._status: Status | None = None
        self._words: Live | None = None
        self._written = ""
        self._turn: list[tuple[str, dict[str, Any]]] = []

    def working(self, key: str = "working") -> None:
        """Show that something is done, until there is something else to show."""
        self._clear()
        if self.live:
            self._status = self._out.status(self.words(key))
            self._status.start()

    def remark(self, text: str) -> None:
        """Say something of the program's own."""
        self._clear()
        self._aside.print(Text(cleaned(text), style="dim"))

    def take(self, kind: str, data: dict[str, Any]) -> None:
        """Show one step."""
        if self.trace and (line := trace_of(kind, data, self.words)) is not None:
            self.remark(f"  {line}")
        if kind == "token" and self.live:
            self._token(data)
        elif kind in WITHDRAWING or data.get("error"):
            self._withdraw()
        elif kind == "message" and data["role"] != "customer":
            self._message(data)
        elif kind == "question":
            self.question = data["question_id"]
            self._turn.append((kind, data))
        elif kind in {"answer", "muted"}:
            self.question = None
        elif kind == "turn_ended":
            self._end(data)

    def _token(self, data: dict[str, Any]) -> None:
        self._settle()
        self._written += cleaned(data["text"])
        if self._words is None:
            self._words = Live(console=self._out, auto_refresh=False, transient=True)
            self._words.start()
        # What has left the screen at the top could not be taken back.
        text = Text.assemble(*_named(data["agent"]), self._written)
        lines = text.wrap(self._out, self._out.width)[-max(1, self._out.height - 1) :]
        self._words.update(Text("\n").join(lines), refresh=True)

    def _message(self, data: dict[str, Any]) -> None:
        """Show a whole answer on a terminal; in a file it waits for the turn's end, unless a person wrote it."""
        self._withdraw()
        # A key is for what stands last: a question before this one is answered in words, which the shop reads.
        self.question = None
        if self.live:
            name = self.words("person") if data["role"] == "person" else data.get("agent") or ""
            self._out.print(Text.assemble(*_named(name), cleaned(data["text"])))
        elif data["role"] == "person":
            self._out.print(Text(cleaned(data["text"])))
        else:
            self._turn.append(("message", data))

    def _end(self, data: dict[str, Any]) -> None:
        self._withdraw()
        if not self.live and (text := single_message(self._turn)) is not None:
            self._out.print(Text(cleaned(text)))
        self._turn.clear()
        self.failed = self.failed or data["status"] == "failed"
        sys.stdout.flush()

    def _withdraw(self) -> None:
        """Take back the words that came."""
        self._clear()
        self._written = ""

    def _clear(self) -> None:
        """Leave nothing on the screen that is only there for now."""
        if self._words is not None:
            self._words.stop()
        self._words = None
        self._settle()

    def _settle(self) -> None:
        if self._status is not None:
            self._status.stop()
        self._status = None
        sys.stdout.flush()


def _named(name: str) -> list[tuple[str, str]]:
    return [(f"{cleaned(name)}: ", "bold cyan")] if name else []
