"""The question a turn ended with, and how the customer's plain yes or no is read: by code only, never by a model."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict

from team.words.answer_words import lexicon, read_words
from team.words.signatures import without_signature

EXPIRES = timedelta(seconds=600)
"""As long as the tool servers accept the sealed request state."""


class NoSuchQuestionError(LookupError):
    """The question is not open: it was answered, replaced, or never asked here."""

    def __init__(self, question_id: str) -> None:
        super().__init__(f"Question {question_id} is not open any more. Ask again.")


MOST_NEXT = 3
"""How many changes may wait behind a question."""


class Waiting(BaseModel):
    """A change the customer asked for in the same message; its question follows the one before it."""

    model_config = ConfigDict(frozen=True)

    asker: str
    tool: str
    arguments: dict[str, Any]
    text: str


class OpenQuestion(BaseModel):
    """A write that waits for the customer's yes. `request_state` is sealed by the server; `keys` name the server's
    questions.

    `passed`: something else was said beside it or since, which a plain yes in a message could be meant for. The
    question's
    button is never ambiguous.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    asker: str
    server: str
    tool: str
    arguments: dict[str, Any]
    request_state: str | None
    keys: list[str]
    text: str
    language: str
    expires_at: datetime
    then: tuple[Waiting, ...] = ()
    passed: bool = False

    def same(self, other: "OpenQuestion") -> bool:
        """Whether both questions are about the same call."""
        return (self.tool, self.arguments) == (other.tool, other.arguments)

    def as_event(self) -> dict[str, Any]:
        """The data of the `question` event: everything except the sealed state."""
        shown = {"server", "tool", "arguments", "text", "expires_at"}
        return {"question_id": self.id, **self.model_dump(mode="json", include=shown)}


def new_question_id() -> str:
    """Return a new question id."""
    return f"q_{secrets.token_urlsafe(9)}"


LONGEST_ANSWER = 200
"""In characters; a longer message is never a plain yes or no."""

ASKING = frozenset("?？؟⁇⁈⁉❓❔")


def read_answer(text: str, tool: str) -> bool | None:
    """Return the customer's plain yes or no to a question about `tool`; None for anything else.

    A yes may be polite, signed, and repeat the question's own verb; any other word makes it unclear.
    """
    answers = read_answers(text)
    return answers.get(tool, answers[""])


def read_answers(text: str) -> dict[str, bool | None]:
    """Return the answer by tool, for each tool whose verb the answer may repeat, and under "" for all others."""
    known = lexicon()
    if len(text) > LONGEST_ANSWER or not ASKING.isdisjoint(text):
        return {"": None}
    words = read_words(without_signature(text), known)
    return {tool: _meant(known.kinds(words, tool)) for tool in ("", *known.tools)}


def _meant(kinds: list[str] | None) -> bool | None:
    """Return what phrases of these kinds mean together; the comments in the data explain each kind."""
    if kinds is None:
        return None
    found = set(kinds)
    if "no" in found:
        # An "ok" may lead into a no; after a no, it takes it back.
        agrees = "ok" in kinds[kinds.index("no") :] or found & {"yes", "beside_yes", "alone", "unclear"}
        return None if agrees else False
    if found & {"beside_no", "unclear"} or {"alone", "beside_yes"} <= found:
        return None
    return True if found & {"yes", "ok", "fine", "alone"} else None
