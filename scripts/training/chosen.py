"""Which conversations are good enough to learn from, and why the others are not."""

from collections.abc import Mapping, Sequence

from storage.chats.events import Event
from storage.chats.handovers import MUTED
from storage.chats.thumbs import DOWN

UNWELL = {
    "failed": "a turn failed",
    "stopped": "the customer stopped a turn",
    "lost": "a process died in the middle of a turn",
}
NO_ANSWER = "nothing was asked, or the answer is not there yet"
THUMB_DOWN = "the customer disliked an answer"
PERSON = "a person had to take over"
REFUSED = "a model's reply had to be asked for again"
STAND_IN = "the stand-in answered, which is no model to learn from"
NOT_MASKED = "personal data in it could not be masked"


def why_not(events: Sequence[Event], thumbs: Mapping[int, str], *, with_stand_in: bool) -> str | None:
    """Return why a conversation is left out; None for a good one.

    A good one was answered to its end, each turn by the model that was asked first, to nobody's dislike.
    """
    ends = [event.data["status"] for event in events if event.kind == "turn_ended"]
    begun = [event for event in events if event.kind == "turn_started"]
    asked = [event.data for event in events if event.kind in {"model", "router"}]
    found = {
        NO_ANSWER: not ends or len(begun) != len(ends),
        **{why: status in ends for status, why in UNWELL.items()},
        THUMB_DOWN: DOWN in thumbs.values(),
        PERSON: any(event.kind in {MUTED, "ticket"} for event in events),
        REFUSED: any("error" in one or "in_place_of" in one for one in asked),
        STAND_IN: not with_stand_in and any(one.get("stand_in") for one in asked),
    }
    return next((why for why, is_so in found.items() if is_so), None)
