"""What a turn was asked: one customer message, and everything known when it arrived. It never changes."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from storage.chats.events import NEWEST
from storage.tokens import Caller
from team.turn.confirmations import OpenQuestion
from team.turn.notes import Notes
from team.turn.trouble import Trouble
from team.turn.visitor import Visitor


@dataclass(frozen=True)
class CustomerAnswer:
    """The customer's yes or no, and the question it answers."""

    question: OpenQuestion
    yes: bool


@dataclass(frozen=True)
class Request:
    """One message and its conversation.

    `holder` is the lease under which the turn may store anything. `state` is the team's state from before. `visitor` is
    set while we do not know which customer this is; `in_chat` is true if they identify themselves in the chat itself.
    `answer` is set if the message answers an open question, `repeats` if that question must be asked again instead.
    `ticket_id` is the ticket of the person who has taken over the conversation. `refused` is set if code already knows
    there is no answer; `notices` are told after whatever answer there is. `unsure` is true if the interrupted turn that
    this one resumes may have changed something.
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
    notices: tuple[str, ...] = ()
    unsure: bool = False
    began: int = 0
    last: int = NEWEST

    @property
    def task(self) -> str:
        """The message as models read it."""
        return task_of(self.text, self.image_ids)

    def as_record(self) -> dict[str, Any]:
        """Return what it takes to run the turn again, as JSON."""
        caller, answer = self.caller, self.answer
        given = None if answer is None else {"question": answer.question.model_dump(mode="json"), "yes": answer.yes}
        return {
            "text": self.text,
            "image_ids": list(self.image_ids),
            "language": self.language,
            "state": self.state,
            "began": self.began,
            "in_chat": self.in_chat,
            "caller": None if caller is None else {**asdict(caller), "scopes": sorted(caller.scopes)},
            "answer": given,
            "team": self.is_for_the_team,
        }

    @property
    def is_for_the_team(self) -> bool:
        """Whether specialists answer it for a known caller, and not code alone."""
        return not (self.refused or self.ticket_id or self.repeats or self.visitor) and self.caller is not None

    @property
    def notes(self) -> Notes:
        """The notes that code wrote on earlier turns."""
        return Notes.model_validate((self.state or {}).get("notes", {}))


def task_of(text: str, image_ids: tuple[str, ...]) -> str:
    """Return a message as models read it: each picture is a line with its id, for the tools that look at it."""
    return "\n".join([text, *(f"[image {image_id}]" for image_id in image_ids)]).strip()
