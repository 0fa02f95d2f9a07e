"""The rows by which staff find turns: one for each that ended, and for each that was lost with its process."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tokens import Caller
from storage.turns.keeping import Keeping
from team.desk.cut_off import CutOff
from team.turn.gist import add_trace
from team.turn.request import Request
from team.turn.steps import Step
from team.turn.turn import Turn


async def trace_ended(session: AsyncSession, turn: Turn, stored: Sequence[Step]) -> None:
    """Store the row of a turn whose last steps are these, in the transaction that stores its end."""
    request, spent, log = turn.request, asdict(turn.log.spent), turn.log
    answered = "\n".join(step.data["text"] for step in stored if step.data.get("role") == "assistant")
    log.gist.read(answered)
    told = {
        "id": request.turn_id,
        "conversation_id": request.conversation_id,
        "first_seq": request.began,
        "last_seq": stored[-1].seq,
        "status": stored[-1].data["status"],
        "trouble": log.trouble or "",
        "language": turn.language,
        "caller": _kind(turn.caller),
        "ms": turn.ms,
    }
    await add_trace(session, log.gist, log.steps.records.keeping, told | spent, request.text, answered)


async def trace_lost(
    session: AsyncSession, keeping: Keeping, lost: CutOff, after: Request, last_seq: int | None
) -> None:
    """Store the row of a turn that was cut off, whose conversation goes on with the request `after`."""
    told = {
        "id": lost.turn_id,
        "conversation_id": after.conversation_id,
        "first_seq": lost.began,
        "last_seq": last_seq,
        "status": "lost",
        "trouble": "",
        "language": lost.language or after.language,
        "caller": _kind(after.caller),
    }
    await add_trace(session, lost.gist, keeping, told | lost.spent, lost.text, "")


def _kind(caller: Caller | None) -> str:
    return "visitor" if caller is None else caller.kind
