"""What code reads in a customer's message: all of it before the database is written to, which waits for nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from team.turn.confirmations import read_answers
from team.words.guardrails import Guarded, guard_message
from team.words.particulars import Particulars, as_written, read_particulars


@dataclass(frozen=True)
class Heard:
    """A message after its guard, read every way that what the conversation holds may ask for.

    `answers` are the plain yes or no it is to each tool's question, `asked` and `unasked` what it tells a visitor's
    chat of who they are. A message of somebody who is logged in is `written` as they said it.
    """

    guarded: Guarded
    image_ids: tuple[str, ...]
    answers: Mapping[str, bool | None]
    asked: Particulars
    unasked: Particulars
    written: Particulars

    def answer_to(self, tool: str) -> bool | None:
        """The plain yes or no to a question about this tool; None for anything else, and for what has a picture."""
        return None if self.image_ids else self.answers.get(tool, self.answers[""])

    def told(self, *, in_chat: bool, asked: bool) -> Particulars:
        """What the message tells; in a visitor's chat, once they were `asked` who they are, a bare postcode too."""
        if not in_chat:
            return self.written
        return self.asked if asked else self.unasked


def hear_message(text: str, image_ids: Sequence[str] = ()) -> Heard:
    """Read a customer's message."""
    guarded = guard_message(text, bool(image_ids))
    return Heard(
        guarded,
        tuple(image_ids),
        read_answers(guarded.text),
        read_particulars(guarded.text, asked=True),
        read_particulars(guarded.text, asked=False),
        as_written(guarded.text),
    )
