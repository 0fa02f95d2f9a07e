"""`POST /query`: a question of staff goes to the endpoint that suits it; the decision is told with the answer."""

from typing import Any, Literal

from pydantic import Field, field_validator
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.models.needs import Strategy
from storage.process.addresses import address_of
from storage.reasons import Reason
from storage.words.languages import ENGLISH
from team.routing.answering import Answer
from team.routing.choosing import Considered
from team.routing.preferences import Preferences
from team.routing.routing import Routed
from team.words.language import language_of
from ui.bodies import Body, read_body
from ui.inside.staff import staff_of
from ui.logins.person import Person
from ui.parts import parts_of

LONGEST = 20_000
"""Characters of a question."""


class Wishes(Body):
    """What the person wants of the answer."""

    strategy: Strategy = Field("auto", description="What counts: all of it weighed, time, cost, quality, or own models")
    quality_priority: float | None = Field(None, ge=0, le=1, description="How much quality counts; left out: as needed")
    max_cost: float | None = Field(None, ge=0, description="US dollars that an answer may be expected to cost at most")
    max_latency_s: float | None = Field(None, gt=0, description="Seconds that it may be expected to take at most")
    classify: Literal["rules", "model"] = Field("rules", description="Who finds the task out; model: role `classifier`")

    def as_preferences(self) -> Preferences:
        """Return them as the team knows them."""
        return Preferences(**self.model_dump())


class Query(Body):
    """A question, and what is wanted of its answer."""

    query: str = Field(min_length=1, max_length=LONGEST, description="The question")
    preferences: Wishes = Field(Wishes(), description="What is wanted of the answer")
    dry_run: bool = Field(False, description="Whether only the decision is wanted")

    @field_validator("query")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("it has no words")
        return value


async def query(request: Request) -> Response:
    """Route a question of staff, and answer it."""
    person = await staff_of(request)
    return JSONResponse(await answered(request, person, await read_body(request, Query)))


async def answered(request: Request, person: Person, asked: Query) -> dict[str, Any]:
    """Return the answer to a question of somebody of the staff, and how it was decided who answers.

    Raises:
        ShopError: nobody may or does answer it, or too much was asked; the text says why.
    """
    parts = parts_of(request)
    parts.limits.take_message(person.id, address_of(request.scope))
    language, preferences = language_of(asked.query, ENGLISH), asked.preferences.as_preferences()
    routed = await parts.routing.decide(asked.query, preferences)
    if asked.dry_run:
        await parts.routing.keep_dry_run(routed)
        return {"decision": _decision(routed, language)}
    told = await parts.routing.ask(routed, asked.query, language)
    return {**_answer(told, language), "decision": _decision(routed, language)}


def _answer(told: Answer, language: str) -> dict[str, Any]:
    return {
        "response": told.text,
        "endpoint": told.key,
        "model": told.endpoint.model,
        "fell_back": [_reason(one, language) for one in told.failed],
        "metrics": {
            "first_token_ms": told.first_ms,
            "ms": told.ms,
            "prompt_tokens": told.prompt_tokens,
            "completion_tokens": told.completion_tokens,
            "cost": round(told.cost, 6),
        },
    }


def _decision(routed: Routed, language: str) -> dict[str, Any]:
    decision = routed.decision
    return {
        "endpoint": decision.key,
        "task": decision.need.task.value,
        "complexity": decision.need.complexity.value,
        "tokens": decision.need.tokens,
        "strategy": decision.preferences.strategy,
        "classified_by": decision.need.asked or "rules",
        "reasons": [_reason(one, language) for one in (*routed.unasked, *decision.reasons)],
        "considered": [_considered(one, language) for one in decision.considered],
        "remembered_s": routed.age_s,
        "ms": routed.ms,
    }


def _considered(one: Considered, language: str) -> dict[str, Any]:
    told = one.estimate
    return {
        "endpoint": told.key,
        "model": told.endpoint.model,
        "score": one.score,
        "quality": round(told.fit, 3),
        "seconds": round(told.seconds, 2),
        "cost": round(told.cost, 6),
        "local": told.endpoint.is_local,
        "measured_calls": told.speed.calls,
        "left_out": None if one.left_out is None else _reason(one.left_out, language),
    }


def _reason(reason: Reason, language: str) -> dict[str, Any]:
    fields = reason.as_fields("text")
    return {"code": fields["text_code"], "text": reason.told(language), "facts": fields["text_facts"]}


ROUTES = [Route("/query", query, methods=["POST"])]
