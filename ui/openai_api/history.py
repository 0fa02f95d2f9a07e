"""What a client sends back as the conversation so far: hashed to find the one it is, and never believed.

Only the customer's newest words are taken from it. What it says that the assistant, the system or a tool said stands in
the hashes alone, where it is compared with what was sent to that client.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from ui.openai_api.refusals import ProgramError
from ui.openai_api.shapes import Message

LOOKED_FOR = 400
"""Messages at the end of a history by whose hashes its conversation is looked for."""

NOTHING = ""
"""The hash of no message at all."""

USER, ASSISTANT = "user", "assistant"


def plain(text: str) -> str:
    """Return a text for comparing: without white space, which clients trim."""
    return "".join(unicodedata.normalize("NFC", text).split())


def link(before: str, role: str, text: str, pictures: Sequence[str] = ()) -> str:
    """Return the hash of all messages up to this one."""
    seen = [sha256(picture.encode()).hexdigest() for picture in pictures]
    return sha256("\x1f".join([before, role, plain(text), *seen]).encode()).hexdigest()


@dataclass(frozen=True)
class History:
    """The messages of customer and assistant that a client sent, as the continuation of what `base` stands for.

    Each has a place from 1 on; the newest, which is the customer's, is the last.
    """

    messages: tuple[Message, ...]
    base: str = NOTHING

    @cached_property
    def links(self) -> tuple[str, ...]:
        """The hash of all up to each place, that before the first message included."""
        found = [self.base]
        for message in self.messages:
            found.append(link(found[-1], message.role, message.text, message.pictures))
        return tuple(found)

    @property
    def asked(self) -> str:
        """The hash of all there is."""
        return self.links[-1]

    @property
    def before(self) -> str:
        """The hash of all before the newest message."""
        return self.links[-2]

    @property
    def looked_for(self) -> tuple[str, ...]:
        """The hashes by which the conversation can be found."""
        return self.links[1:][-LOOKED_FOR:]

    @property
    def is_one_message(self) -> bool:
        """Whether the client sent the newest message alone."""
        return len(self.messages) == 1

    @property
    def shown(self) -> str | None:
        """What the assistant said last, as the client has it; None where it has nothing that an assistant said."""
        said = [message.text for message in self.messages if message.role == ASSISTANT]
        return said[-1] if said else None

    def place_of(self, hashed: str) -> int:
        """Return the last place whose hash this is; 0 if there is none."""
        return max((place for place, one in enumerate(self.links) if place and one == hashed), default=0)

    def is_followed_by_the_customer(self, place: int) -> bool:
        """Whether the client has no answer to the message at a place."""
        return self.messages[place].role == USER

    def said_since(self, place: int) -> Sequence[Message]:
        """Return what the customer said after a place and after the last answer."""
        answers = [at for at, message in enumerate(self.messages, start=1) if message.role == ASSISTANT]
        return self.messages[max([place, *answers]) :]

    def based_on(self, base: str) -> "History":
        """Return the same messages as the continuation of what this hash stands for."""
        return History(self.messages, base)


def history_of(messages: Sequence[Message]) -> History:
    """Return what customer and assistant said; whatever a client says as the system or a tool is left out.

    Raises:
        ProgramError: the last message is not the customer's.
    """
    if messages[-1].role != USER:
        raise ProgramError("The last message must be the user's.", "invalid_value", "messages")
    return History(tuple(one for one in messages if one.role == USER or (one.role == ASSISTANT and one.content)))
