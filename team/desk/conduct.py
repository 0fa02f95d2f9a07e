"""What follows from how a message is written: what a model reads of it, what code answers, and what is told besides."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.chats.events import list_latest_events
from storage.reasons import Code, Reason, all_of, told
from team.desk.hearing import Heard
from team.turn.trouble import Trouble
from team.words.guardrails import ACTED, Guarded
from team.words.language import say

LOOKED_BACK = 30
"""Guarded messages and answers of a conversation among which an earlier insult is looked for."""

GUARD = "guard"

CONDUCT = frozenset({Trouble.INSULTED, Trouble.OFFER_PERSON, Trouble.NO_ORDERS})
"""What code answers on its own because of how a message is written."""


@dataclass(frozen=True)
class Response:
    """What code makes of a message.

    `refused` is what it says in the team's place, `notice` what it says after the team; `withholds` is whether a model
    reads less than was written.
    """

    guarded: Guarded
    refused: Trouble | None = None
    notice: str = ""
    withholds: bool = False

    def for_a_person(self) -> "Response":
        """Return what follows where a person answers: nothing is answered in their place, however it is written."""
        return replace(self, refused=None if self.refused in CONDUCT else self.refused, notice="")


async def response_to(session: AsyncSession, conversation_id: str, heard: Heard, *, staff: bool) -> Response:
    """Return what follows from a message; the shop's own people are not judged."""
    guarded, conduct = heard.guarded, heard.conduct
    if guarded.problem:
        return Response(guarded, Trouble(guarded.problem))
    if staff or not (conduct.abuse or conduct.orders):
        return Response(guarded)
    found = [Code.ABUSE] * conduct.abuse + [Code.ORDERS] * conduct.orders
    reasons = [*([guarded.reason] if guarded.reason else []), *map(Reason, found)]
    acted = Guarded(guarded.text, ACTED, all_of(reasons), hidden=guarded.hidden)
    if conduct.abuse:
        again = await _was_abusive_before(session, conversation_id)
        if not conduct.asks:
            refused = Trouble.OFFER_PERSON if again else Trouble.INSULTED
            return Response(acted, refused, withholds=conduct.orders)
        return Response(acted, notice="offer_person" if again else "stay_calm", withholds=conduct.orders)
    asks = conduct.asks or "?" in conduct.told
    return Response(acted, None if conduct.told and asks else Trouble.NO_ORDERS, withholds=True)


def notices_of(hidden: tuple[str, ...], notice: str, language: str) -> tuple[str, ...]:
    """Return what is told after the answer: what was hidden in the message, and a calm word."""
    kinds = ", ".join(told(kind, {}, language) for kind in hidden)
    said = [say("masked", language, kinds=kinds)] if hidden else []
    return (*said, *([say(notice, language)] if notice else []))


async def _was_abusive_before(session: AsyncSession, conversation_id: str) -> bool:
    earlier = await list_latest_events(session, conversation_id, GUARD, limit=LOOKED_BACK)
    return any(_tells_of(event.data, Code.ABUSE) for event in earlier)


def _tells_of(data: dict[str, Any], code: Code) -> bool:
    """Whether a guard's step has this reason, alone or among several."""
    facts = data.get("reason_facts", {})
    return code in (data.get("reason_code"), *(one["code"] for one in facts.get("reasons", ())))
