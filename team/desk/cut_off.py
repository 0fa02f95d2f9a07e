"""A turn whose process died: what it was about, and whether it is safe to run again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.chats.events import Event, list_events, list_latest_events, read_of
from team.turn.gist import Gist

MODEL_CALLS = ("router", "model")


@dataclass(frozen=True)
class CutOff:
    """What the stored steps say about a turn that never ended.

    `answers` is the id of the question it answered, with that answer; `is_second` is true if it was itself the retry of
    a turn that was cut off; `masked` is true if the message was stored without the customer's personal details. `began`
    is the number of the step that started it, and `gist` what was counted of it. `hidden`, `notice` and `refused` are
    what followed from how it was written (`team/desk/conduct.py`).
    """

    turn_id: str
    began: int
    gist: Gist
    text: str
    image_ids: tuple[str, ...]
    language: str | None
    masked: bool
    hidden: tuple[str, ...]
    notice: str
    refused: str
    answers: tuple[str, bool] | None
    is_second: bool
    changes: bool
    spent: dict[str, Any]

    @property
    def may_be_repeated(self) -> bool:
        """Whether running it again can neither repeat a write nor loop for ever.

        A confirmed call is safe to repeat: its server recognises the confirmation and runs it once.
        """
        return not (self.is_second or self.masked or self.changes)


async def find_cut_off(session: AsyncSession, conversation_id: str) -> CutOff | None:
    """Return the conversation's last turn if it never ended."""
    begun = await list_latest_events(session, conversation_id, "turn_started", limit=1)
    if not begun:
        return None
    steps = await list_events(session, conversation_id, after=begun[0].seq - 1)
    return None if _of(steps, "turn_ended") else _read(steps)


def _read(steps: Sequence[Event]) -> CutOff:
    started = steps[0].data
    message = next((data for data in _of(steps, "message") if data["role"] == "customer"), {})
    answer = next(iter(_of(steps, "answer")), None)
    gist = Gist()
    for step in steps:
        gist.hear(step.kind, step.data)
    return CutOff(
        turn_id=started["turn"],
        began=steps[0].seq,
        gist=gist,
        text=read_of(message) if message else "",
        image_ids=tuple(message.get("image_ids", ())),
        language=message.get("language"),
        masked=message.get("masked", False),
        hidden=tuple(message.get("hidden", ())),
        notice=message.get("notice", ""),
        refused=message.get("refused", ""),
        answers=None if answer is None else (answer["question_id"], answer["yes"]),
        is_second="resumes" in started,
        changes=_may_have_changed(steps),
        spent=_spent(steps),
    )


def _may_have_changed(steps: Sequence[Event]) -> bool:
    """Whether a call wrote without asking, or may have. A confirmed call does not count: its server runs it once."""
    results = {data["call_id"]: data for data in _of(steps, "tool_result")}
    calls = [data["call_id"] for data in _of(steps, "tool_call") if data.get("unasked", True)]
    return any(call not in results or "audit_id" in results[call] for call in calls)


def _spent(steps: Sequence[Event]) -> dict[str, Any]:
    made = [step.data for step in steps if step.kind in MODEL_CALLS and step.data.get("model")]
    tokens = {name: sum(data.get(name) or 0 for data in made) for name in ("prompt_tokens", "completion_tokens")}
    ms = (steps[-1].at - steps[0].at).total_seconds() * 1000
    return {"ms": round(ms, 1), "model_calls": len(made), **tokens}


def _of(steps: Sequence[Event], kind: str) -> list[dict[str, Any]]:
    return [step.data for step in steps if step.kind == kind]
