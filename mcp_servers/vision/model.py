"""One question about one picture, answered in a schema by the `vision` role's model or its fallback."""

import asyncio
import logging
import re
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import anyio
import httpx2
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from mcp_servers.vision.completion import complete
from storage.endpoints import VISION, Endpoint, EndpointsError, Role, load_endpoints
from storage.errors import UnavailableError
from storage.pictures.images import Image
from storage.process.breaker import Breaker
from storage.process.logs import note
from storage.reasons import Code, Reason
from storage.settings import Settings

ANSWER_WITHIN_S = 10.0
"""Timeout for one endpoint while another can be asked."""

ALL_WITHIN_S = 17.0
"""Timeout for all of them together: a tool has 20 seconds."""

FAILURES = (TimeoutError, httpx2.HTTPError, httpx2.InvalidURL, ValidationError)

ABOUT_THE_REQUEST = frozenset({400, 413, 422})
"""Status codes that tell of this picture or question, and nothing of the endpoint."""

Place = tuple[str, str]
"""An endpoint's address and its model."""

NO_PICTURES = re.compile(
    r"not a multimodal model|at most 0 image|image input is not supported|mmproj|missing data required for image"
    r"|does not support (?:images?|vision)|image_url.{0,3} is only supported|unknown variant .{0,3}image_url",
    re.IGNORECASE,
)
"""How servers say that a model has no eyes: vLLM, llama.cpp, Ollama, LM Studio and hosted ones."""

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")

logger = logging.getLogger(__name__)


class Breakers(defaultdict[Place, Breaker]):
    """A circuit breaker by place, and in `calling` how many calls this process has open there."""

    def __init__(self) -> None:
        super().__init__(Breaker)
        self.calling: Counter[Place] = Counter()


class NotLookedAtError(UnavailableError):
    """No model returned a usable answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The picture could not be inspected right now: {reason}. What it shows is unknown. "
            "Try again in a minute, or ask the customer to describe it."
        )


class NoVisionModelError(UnavailableError):
    """No model that accepts pictures is configured."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"The picture cannot be inspected: {problem}. What it shows is unknown. Ask the customer to describe it; "
            f"the shop's owner can set a model for the role {VISION} in models.toml, which `shopdesk up` creates."
        )


class Answer(BaseModel):
    """What the model is asked to fill in."""

    model_config = ConfigDict(extra="forbid")


Filled = TypeVar("Filled", bound=Answer)


@dataclass(frozen=True)
class Seen(Generic[Filled]):
    """What a model answered, and every call it took, for the result's `_meta`."""

    answer: Filled
    calls: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Votes(Generic[Filled]):
    """What each of `asked` models answered that looked side by side, by its endpoint; those that failed are missing."""

    answers: Mapping[str, Filled]
    asked: int
    calls: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Look(Generic[Filled]):
    """One call; `answer` is None where it failed, `call` says why, and `down` whether the next may fail as well."""

    answer: Filled | None
    call: dict[str, Any]
    down: bool


@dataclass(frozen=True)
class Eye:
    """An endpoint to ask; `in_place_of` is the key of the role's own endpoint if this is a fallback."""

    key: str
    endpoint: Endpoint
    role: Role
    in_place_of: str = ""

    @property
    def place(self) -> Place:
        """The endpoint's address and its model."""
        return self.endpoint.base_url, self.endpoint.model

    def as_call(self) -> dict[str, Any]:
        """Which model this is."""
        asked = {"role": VISION, "endpoint": self.key, "model": self.endpoint.model, "slice": self.endpoint.slice}
        return asked | ({"in_place_of": self.in_place_of} if self.in_place_of else {})


def clipped(limit: int) -> AfterValidator:
    """Return a validator that truncates a model's text and blanks control characters, which PostgreSQL rejects."""

    def clip(text: str) -> str:
        clean = CONTROL.sub(" ", text).strip()
        return clean if len(clean) <= limit else clean[: limit - 1] + "…"

    return AfterValidator(clip)


async def ask(
    settings: Settings, breakers: Breakers, image: Image, question: str, answer: type[Filled]
) -> Seen[Filled]:
    """Show a picture to the role's model, or to the next one if it does not answer; models.toml is read each time.

    Of several endpoints of the role, the one with the fewest open calls is asked first. One whose breaker is open is
    not waited for, unless there is no other to ask.

    Raises:
        NoVisionModelError: there is none to ask, or the first that was asked takes no pictures and no other answered.
        NotLookedAtError: each is down or slow, or its answer does not fit; the reason is of the first that was asked.
    """
    return await _first_of(_eyes(settings, breakers.calling), breakers, image, question, answer)


async def ask_all(
    settings: Settings, breakers: Breakers, image: Image, question: str, answer: type[Filled]
) -> Votes[Filled]:
    """Show a picture to every model of a role that votes, each for itself; to one model where the role does not vote.

    Raises:
        NoVisionModelError, NotLookedAtError: as `ask`, where none of them answers.
    """
    eyes = _eyes(settings, breakers.calling)
    voters = [eye for eye in eyes if eye.key in eye.role.endpoints] if eyes[0].role.mode == "vote" else []
    if not voters:
        seen = await _first_of(eyes, breakers, image, question, answer)
        return Votes({eyes[0].key: seen.answer}, 1, seen.calls)
    looks = await asyncio.gather(
        *(_first_of([replace(eye, in_place_of="")], breakers, image, question, answer) for eye in voters),
        return_exceptions=True,
    )
    answers, calls, failures = dict[str, Filled](), list[dict[str, Any]](), list[BaseException]()
    for eye, looked in zip(voters, looks, strict=True):
        if isinstance(looked, Seen):
            answers[eye.key] = looked.answer
            calls += looked.calls
        elif isinstance(looked, NotLookedAtError | NoVisionModelError):
            failures.append(looked)
        elif isinstance(looked, BaseException):
            raise looked
    if not answers:
        raise failures[0]
    # Those that cannot see pictures at all were asked to vote too.
    return Votes(answers, len(eyes[0].role.endpoints), calls)


async def _first_of(
    eyes: Sequence[Eye], breakers: Breakers, image: Image, question: str, answer: type[Filled]
) -> Seen[Filled]:
    calls, ends = list[dict[str, Any]](), time.monotonic() + ALL_WITHIN_S
    for eye in eyes:
        breaker = breakers[eye.place]
        only_one_left = eye is eyes[-1] and not calls
        if not breaker.admits() and not only_one_left:
            continue
        left = max(0.0, ends - time.monotonic())
        within = left if eye is eyes[-1] else min(ANSWER_WITHIN_S, left)
        breakers.calling[eye.place] += 1
        try:
            looked = await _look(eye, min(within, eye.role.timeout_s), image, question, answer)
        finally:
            breakers.calling[eye.place] -= 1
        calls.append(looked.call)
        if looked.down:
            breaker.failed()
        else:
            breaker.worked()
        if looked.answer is not None:
            return Seen(looked.answer, calls)
    if calls[0]["error_code"] == Code.NO_PICTURES:
        # It will not see a minute later either.
        raise NoVisionModelError(f"the model {calls[0]['model']} takes no pictures")
    raise NotLookedAtError(calls[0]["error"])


async def _look(eye: Eye, within_s: float, image: Image, question: str, answer: type[Filled]) -> Look[Filled]:
    started = time.monotonic()
    told, filled, down = eye.as_call(), None, False
    try:
        with anyio.fail_after(within_s):
            completion = await complete(eye.endpoint, eye.role, image, question, answer)
        told |= completion.spent()
        filled = answer.model_validate_json(completion.written)
    except FAILURES as error:
        told |= _reason(error, eye.endpoint.model).as_fields("error")
        down = _is_down(error)
        note(logger, "model", role=VISION, endpoint=eye.key, fault=told["error_code"])
    return Look(filled, told | {"ms": round((time.monotonic() - started) * 1000, 1)}, down)


def _eyes(settings: Settings, calling: Counter[Place]) -> list[Eye]:
    try:
        found = load_endpoints(settings)
        role, named = found.roles[VISION], found.of_role(VISION)
    except (EndpointsError, KeyError) as error:
        raise NoVisionModelError("no vision model is set up") from error
    own = sorted((Eye(key, one, role) for key, one in named if one.vision), key=lambda eye: calling[eye.place])
    if not own:
        raise NoVisionModelError(f"the model {named[0][1].model} does not accept pictures")
    others = [*((eye.key, eye.endpoint) for eye in own[1:]), *found.in_place_of(VISION)]
    return [own[0], *(Eye(*other, role, own[0].key) for other in others)]


def _is_down(error: Exception) -> bool:
    if isinstance(error, httpx2.HTTPStatusError):
        blind = NO_PICTURES.search(error.response.text) is not None
        return error.response.status_code not in ABOUT_THE_REQUEST and not blind
    return not isinstance(error, ValidationError)


def _reason(error: Exception, model: str) -> Reason:
    match error:
        case TimeoutError():
            return Reason(Code.LATE)
        case httpx2.HTTPStatusError() if NO_PICTURES.search(error.response.text):
            return Reason(Code.NO_PICTURES, {"model": model})
        case httpx2.HTTPStatusError():
            return Reason(Code.STATUS, {"status": error.response.status_code})
        case ValidationError():
            return Reason(Code.UNREADABLE, {"error": type(error).__name__})
    return Reason(Code.AWAY)
