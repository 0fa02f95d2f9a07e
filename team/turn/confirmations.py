"""The question a turn ended with, and reading the customer's plain yes or no. Only code reads it, never a model."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict

from team.words.answer_words import lexicon, read_words
from team.words.signatures import without_signature

EXPIRES = timedelta(seconds=600)
"""As long as the tool servers accept the sealed state."""


class NoSuchQuestionError(LookupError):
    """The question is not open: it was answered, replaced, or never asked here."""

    def __init__(self, question_id: str) -> None:
        super().__init__(f"Question {question_id} is not open any more. Ask again.")


MOST_NEXT = 3
"""Changes that wait behind a question."""


class Waiting(BaseModel):
    """A change the customer asked for in the same message: it is asked about after the question before it."""

    model_config = ConfigDict(frozen=True)

    asker: str
    tool: str
    arguments: dict[str, Any]
    text: str


class OpenQuestion(BaseModel):
    """A write that waits for the customer's yes. `request_state` is the server's seal, `keys` name its questions.

    `passed`: something was said beside it or since that a plain yes may be meant for. Its button knows what it is for.
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
        """Whether both ask about the same call."""
        return (self.tool, self.arguments) == (other.tool, other.arguments)

    def as_event(self) -> dict[str, Any]:
        """The data of the `question` event: all but the seal."""
        shown = {"server", "tool", "arguments", "text", "expires_at"}
        return {"question_id": self.id, **self.model_dump(mode="json", include=shown)}


def new_question_id() -> str:
    """Return an id for a question."""
    return f"q_{secrets.token_urlsafe(9)}"


LONGEST_ANSWER = 200
"""Characters; a longer message is no plain yes or no."""

ASKING = frozenset("?？؟⁇⁈⁉❓❔")


def read_answer(text: str, tool: str) -> bool | None:
    """Return the customer's plain yes or no to a question about `tool`; None for anything else.

    A yes may be polite, may be signed and may repeat the question's own verb; with any other word it is no plain yes.
    """
    answers = read_answers(text)
    return answers.get(tool, answers[""])


def read_answers(text: str) -> dict[str, bool | None]:
    """Return the answer to each tool's question whose verb it may repeat, and under "" that to any other's."""
    known = lexicon()
    if len(text) > LONGEST_ANSWER or not ASKING.isdisjoint(text):
        return {"": None}
    words = read_words(without_signature(text), known)
    return {tool: _meant(known.kinds(words, tool)) for tool in ("", *known.tools)}


def _meant(kinds: list[str] | None) -> bool | None:
    """What phrases of these kinds say together; the data's comments tell what each kind is."""
    if kinds is None:
        return None
    found = set(kinds)
    if "no" in found:
        # An "ok" opens a no, and takes it back where it comes later.
        agrees = "ok" in kinds[kinds.index("no") :] or found & {"yes", "beside_yes", "alone", "unclear"}
        return None if agrees else False
    if found & {"beside_no", "unclear"} or {"alone", "beside_yes"} <= found:
        return None
    return True if found & {"yes", "ok", "fine", "alone"} else None
