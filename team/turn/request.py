"""What a turn was asked: one message of a customer, and all that was known when it came. It never changes."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.tokens import Caller
from team.turn.confirmations import OpenQuestion
from team.turn.notes import Notes
from team.turn.trouble import Trouble
from team.turn.visitor import Visitor


@dataclass(frozen=True)
class CustomerAnswer:
    """The customer's yes or no, and the question it is for."""

    question: OpenQuestion
    yes: bool


@dataclass(frozen=True)
class Request:
    """One message, and the conversation it stands in.

    `holder` is the lease under which the turn may store anything. `state` is the team's from before.
    `visitor` is set where code does not know yet which customer this is, `in_chat` where it is the chat itself that
    they tell it to. `answer` is set where the message answers an open question, `repeats` where that question is asked
    once more instead. `ticket_id` names the ticket by which a person has the conversation.
    `refused` is set where no team is needed to know that there is no answer, `unsure` where a turn before this one,
    which it takes up, may have changed something.
    """

    conversation_id: str
    holder: str
    caller: Caller | None
    language: str
    text: str = ""
    image_ids: tuple[str, ...] = ()
    turn_id: str = field(default_factory=lambda: f"t_{secrets.token_urlsafe(9)}")
    state: Mapping[str, Any] | None = None
    visitor: Visitor | None = None
    in_chat: bool = False
    answer: CustomerAnswer | None = None
    repeats: OpenQuestion | None = None
    ticket_id: str | None = None
    refused: Trouble | None = None
    unsure: bool = False

    @property
    def task(self) -> str:
        """The message as it is read."""
        return task_of(self.text, self.image_ids)

    @property
    def notes(self) -> Notes:
        """What code wrote down of the turns before."""
        return Notes.model_validate((self.state or {}).get("notes", {}))


def task_of(text: str, image_ids: tuple[str, ...]) -> str:
    """Return a message as models read it: a picture is a line with its id, for the tools that look at it."""
    return "\n".join([text, *(f"[image {image_id}]" for image_id in image_ids)]).strip()
