"""What of a step its reader sees: the shop's own people all of it, a customer what is said to them.

A customer sees more only where `DEBUG_MODE` says so. Otherwise each kind of step has a list of the fields that they may
read; whatever else a step holds, now or in a later release, stays here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.owners import Staff
from storage.shop.shop import Origin, find_shop
from ui.cards.results import card_of, proposal_of
from ui.logins.person import Person
from ui.logins.visits import person_of
from ui.parts import Parts, parts_of

THOUGHT = "thought"

FIELDS: Mapping[str, tuple[str, ...]] = {
    "message": ("role", "text", "image_ids", "language", "policies", "question_id", "masked", "hidden"),
    "turn_started": ("turn", "resumes"),
    "token": ("text", "withdrawn"),
    "tool_call": ("server",),
    "tool_result": ("card",),
    "handoff": (),
    "question": ("question_id", "text", "expires_at", "proposal"),
    "answer": ("question_id", "yes", "by"),
    "identity": ("status", "tries_left"),
    "muted": ("ticket_id",),
    "given_back": ("ticket_id",),
    "ticket": ("ticket_id", "opened"),
    "turn_ended": ("turn", "status"),
}
"""What a customer reads of each kind of step. A kind that is not here, such as the router's choice, is not sent."""

MADE: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], dict[str, Any] | None]]] = {
    "tool_result": ("card", card_of),
    "question": ("proposal", proposal_of),
}
"""What code makes of a step for its reader, and the field it is put in."""


@dataclass(frozen=True)
class Sight:
    """How much one reader sees: the team's steps, and what its models thought."""

    steps: bool
    thoughts: bool

    def of(self, kind: str, data: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return a step's data as this reader may see it; None if they do not see the step at all."""
        data = _looked_at(kind, data)
        if self.steps:
            return {name: value for name, value in data.items() if self.thoughts or name != THOUGHT}
        if kind == "model":
            # Whatever a failed call had said so far is said again; why it failed is not for customers.
            return {"failed": True} if data.get("error") else None
        if kind not in FIELDS or (kind == "tool_result" and "card" not in data):
            return None
        return {name: data[name] for name in FIELDS[kind] if name in data}


def _looked_at(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a step with what code adds to it, for everybody: a result's card, and what a question would change."""
    if kind not in MADE:
        return dict(data)
    name, make = MADE[kind]
    step = {field: value for field, value in data.items() if field != name}
    made = make(data)
    return step if made is None else {**step, name: made}


async def sight_of(parts: Parts, person: Person) -> Sight:
    """Return how much of a conversation's steps this person sees."""
    staff = isinstance(person.whose, Staff)
    return Sight(steps=staff or await shown_to_customers(parts), thoughts=staff)


async def shown_to_customers(parts: Parts) -> bool:
    """Return whether customers see the team's steps: `DEBUG_MODE`, or else whether the shop still is the demo."""
    if parts.settings.debug_mode is not None:
        return parts.settings.debug_mode
    async with parts.sessions() as session:
        shop = await find_shop(session)
    return shop is not None and shop.origin is Origin.DEMO


async def steps(request: Request) -> Response:
    """Return whether this person sees the team's steps, and whether customers do."""
    parts, person = parts_of(request), await person_of(request)
    sight = await sight_of(parts, person)
    return JSONResponse({"shown": sight.steps, "to_customers": await shown_to_customers(parts)})


ROUTES = [Route("/api/steps", steps)]
