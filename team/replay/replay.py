"""Runs a stored turn again: from what is kept of its beginning, with another endpoint or another prompt."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from storage.errors import NotFoundError, ShopError
from storage.tokens import Caller
from team.crew.router import Router
from team.desk.answering import Answering
from team.desk.desk import GRACE_S, Desk
from team.replay.past import PastServers
from team.replay.unstored import UnstoredSteps
from team.turn.confirmations import OpenQuestion
from team.turn.request import CustomerAnswer, Request
from team.turn.trouble import Trouble
from team.turn.turn import Turn

READS_LIKE = frozenset({"router", "model", "tool_call", "tool_result", "handoff"})


class CannotBeReplayedError(ShopError):
    """Code alone answered the turn, so that no model or prompt would make a difference."""

    def __init__(self) -> None:
        super().__init__("The team did not answer this turn, or not for a known customer: there is nothing to replay.")


class NoSuchPartError(NotFoundError):
    """The replay should use an endpoint or a specialist that there is not."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"There is no {kind} {name}.")


@dataclass(frozen=True)
class Change:
    """What is different in the replay: the endpoint that speaks for all roles, and a specialist's prompt."""

    endpoint: str = ""
    specialist: str = ""
    prompt: str = ""


@dataclass(frozen=True)
class Stored:
    """A stored turn: what it began with, its steps, when it began, and the number of the customer's message."""

    record: Mapping[str, Any]
    steps: Sequence[Mapping[str, Any]]
    as_of: float
    last: int


async def replay(desk: Desk, turn_id: str, conversation_id: str, stored: Stored, change: Change) -> dict[str, Any]:
    """Run a stored turn again and return its answer, its steps and what it cost. Nothing is stored or sent to anybody.

    Raises:
        CannotBeReplayedError: the team did not answer it.
        NoSuchPartError: there is no such endpoint or specialist.
    """
    if not stored.record["team"]:
        raise CannotBeReplayedError
    request = _request(turn_id, conversation_id, stored)
    servers = PastServers(desk.answering.servers, stored.as_of, stored.steps)
    steps = UnstoredSteps(desk.sessions)
    turn = Turn(request, steps, desk.deadline_s)
    answering = _changed(desk.answering, servers, change)
    expiry = asyncio.get_running_loop().call_later(turn.left_s, turn.stop, Trouble.TOO_SLOW)
    try:
        async with asyncio.timeout(turn.left_s + GRACE_S):
            outcome = await answering.answer(turn)
    finally:
        expiry.cancel()
        await servers.close()
    question = None if outcome.question is None else outcome.question.text
    return {
        "answer": "\n\n".join(filter(None, [outcome.text, question])),
        "asks": question is not None,
        "trouble": turn.log.trouble or "",
        "ms": turn.ms,
        **asdict(turn.log.spent),
        "steps": [
            {"seq": None, "at": event.at.isoformat(), "kind": event.kind, "data": event.data}
            for event in steps.noted.events
            if event.kind in READS_LIKE
        ],
    }


def _request(turn_id: str, conversation_id: str, stored: Stored) -> Request:
    record = stored.record
    caller, answer = dict(record["caller"]), record["answer"]
    return Request(
        conversation_id,
        holder="",
        caller=Caller(**{**caller, "scopes": frozenset(caller["scopes"])}),
        language=record["language"],
        text=record["text"],
        image_ids=tuple(record["image_ids"]),
        turn_id=turn_id,
        state=record["state"],
        in_chat=record["in_chat"],
        answer=None
        if answer is None
        else CustomerAnswer(OpenQuestion.model_validate(answer["question"]), answer["yes"]),
        last=stored.last,
    )


def _changed(now: Answering, servers: PastServers, change: Change) -> Answering:
    roster, models = dict(now.roster), now.models
    if change.endpoint:
        if change.endpoint not in models.endpoints.endpoints:
            raise NoSuchPartError("endpoint", change.endpoint)
        models = models.speaking_through(change.endpoint)
    if change.specialist:
        if change.specialist not in roster:
            raise NoSuchPartError("specialist", change.specialist)
        roster[change.specialist] = replace(roster[change.specialist], prompt=change.prompt)
    return replace(now, roster=roster, models=models, router=Router(models, roster), servers=servers)
