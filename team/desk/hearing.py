"""What code can read from a customer's message. All of it runs before the database transaction, so nothing waits for
it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from team.guards.conduct import Conduct, conduct_of
from team.turn.confirmations import read_answers
from team.words.guardrails import Guarded, guard_message
from team.words.particulars import Particulars, as_written, read_particulars


@dataclass(frozen=True)
class Heard:
    """A guarded message, parsed in every way the conversation's state may call for.

    `answers` holds, by tool, the plain yes or no that the message is to its question. `asked` and `unasked` are the
    personal
    details read from it in a visitor's chat, after and before we asked for them. `written` is the text as it stands,
    for
    customers who are logged in. `conduct` is how it is written, and what of it a model may read.
    """

    guarded: Guarded
    conduct: Conduct
    image_ids: tuple[str, ...]
    answers: Mapping[str, bool | None]
    asked: Particulars
    unasked: Particulars
    written: Particulars

    def answer_to(self, tool: str) -> bool | None:
        """Return the plain yes or no to a question about this tool; None for any other text, or if pictures came with
        it.
        """
        return None if self.image_ids else self.answers.get(tool, self.answers[""])

    def told(self, *, in_chat: bool, asked: bool) -> Particulars:
        """Return the message's personal details; in a visitor's chat, a bare postcode counts only once we `asked`."""
        if not in_chat:
            return self.written
        return self.asked if asked else self.unasked

    def without_orders(self, *, in_chat: bool, asked: bool) -> str:
        """Return what of the message a model may read, where it gives the model orders."""
        told = self.conduct.told
        return (read_particulars(told, asked=asked) if in_chat else as_written(told)).told


def hear_message(text: str, image_ids: Sequence[str] = ()) -> Heard:
    """Read a customer's message."""
    guarded = guard_message(text, bool(image_ids))
    return Heard(
        guarded,
        conduct_of(guarded.text),
        tuple(image_ids),
        read_answers(guarded.text),
        read_particulars(guarded.text, asked=True),
        read_particulars(guarded.text, asked=False),
        as_written(guarded.text),
    )
