"""What `shopdesk chat` shows: the streamed text, then the answer, the question, the trace."""

import sys
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.status import Status
from rich.text import Text

from scripts.chat.plain import without_marks
from scripts.chat.trace import trace_of
from scripts.chat.words import Words
from storage.characters import cleaned
from team.turn.parts import single_message

WITHDRAWING = frozenset(("tool_call", "handoff"))
"""Steps after which the streamed text is not part of the answer, or is repeated in it."""


class Screen:
    """The terminal, or the files it is redirected to: answers on stdout, trace and remarks on stderr.

    On a terminal, streamed text is shown until the answer replaces it, so text that was withdrawn disappears.
    Files get one message per turn.
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
        """Show that work is in progress until there is something else to show."""
        self._clear()
        if self.live:
            self._status = self._out.status(self.words(key))
            self._status.start()

    def remark(self, text: str) -> None:
        """Print a message from the program itself."""
        self._clear()
        self._aside.print(Text(cleaned(text), style="dim"))

    def take(self, kind: str, data: dict[str, Any]) -> None:
        """Show one step."""
        if self.trace and (line := trace_of(kind, data, self.words)) is not None:
            self.remark(f"  {line}")
        if kind == "token" and self.live:
            self._token(data)
        elif kind in WITHDRAWING or data.get("error") or data.get("failed"):
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
        if data.get("withdrawn"):
            self._withdraw()
            return
        self._settle()
        self._written += cleaned(data["text"])
        if self._words is None:
            self._words = Live(console=self._out, auto_refresh=False, transient=True)
            self._words.start()
        # Text that has scrolled off the top could not be withdrawn.
        text = Text.assemble(*_named(data.get("agent") or ""), without_marks(self._written))
        lines = text.wrap(self._out, self._out.width)[-max(1, self._out.height - 1) :]
        self._words.update(Text("\n").join(lines), refresh=True)

    def _message(self, data: dict[str, Any]) -> None:
        """Show a complete answer on a terminal; in a file it waits for the turn's end, unless staff wrote it."""
        self._withdraw()
        # A key answers the last question only; an earlier one has to be answered in words, which the shop interprets.
        self.question = None
        if self.live:
            name = self.words("person") if data["role"] == "person" else data.get("agent") or ""
            self._out.print(Text.assemble(*_named(name), _said(data)))
        elif data["role"] == "person":
            self._out.print(Text(cleaned(data["text"])))
        else:
            self._turn.append(("message", data))

    def _end(self, data: dict[str, Any]) -> None:
        self._withdraw()
        if not self.live and (text := single_message(self._turn)) is not None:
            self._out.print(Text(without_marks(cleaned(text))))
        self._turn.clear()
        self.failed = self.failed or data["status"] == "failed"
        sys.stdout.flush()

    def _withdraw(self) -> None:
        """Withdraw the streamed text."""
        self._clear()
        self._written = ""

    def _clear(self) -> None:
        """Remove everything temporary from the screen."""
        if self._words is not None:
            self._words.stop()
        self._words = None
        self._settle()

    def _settle(self) -> None:
        if self._status is not None:
            self._status.stop()
        self._status = None
        sys.stdout.flush()


def _said(data: dict[str, Any]) -> str:
    """Return the text of a message; a model's Markdown is removed, what a person wrote is left alone."""
    text = cleaned(data["text"])
    return text if data["role"] == "person" else without_marks(text)


def _named(name: str) -> list[tuple[str, str]]:
    return [(f"{cleaned(name)}: ", "bold cyan")] if name else []
