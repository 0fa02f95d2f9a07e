"""Asks a model for a piece of text, outside of any turn: the role `services` of models.toml, or else `policies`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from openai.types.chat import ChatCompletion

from storage.endpoints import EndpointsError
from storage.errors import ShopError
from storage.process.logs import note
from team.models.fault import MODEL_ERRORS, fault_of, parsing
from team.models.models import Model, Models
from team.words.reasoning import parted

logger = logging.getLogger(__name__)

ROLE, OTHERWISE = "services", "policies"
"""The role that speaks for services, and the one that does where a shop's models.toml does not name it."""


class NoModelError(ShopError):
    """No model of the role answered."""

    def __init__(self, why: str) -> None:
        super().__init__(f"No model answers for services right now: {why}. Try again in a minute, or look at /status.")


@dataclass(frozen=True)
class Written:
    """What a model wrote, without its thoughts, and which endpoint did."""

    text: str
    endpoint: str


def role_of_services(models: Models) -> str:
    """Return the role that speaks for services in this shop.

    Raises:
        NoModelError: models.toml cannot be used.
    """
    try:
        return ROLE if ROLE in models.endpoints.roles else OTHERWISE
    except EndpointsError as error:
        raise NoModelError(error.problem) from error


async def ask_model(models: Models, instructions: str, asked: str) -> Written:
    """Return what the first endpoint that answers writes.

    Args:
        models: the shop's models.
        instructions: the same for every call, so that a prefix cache keeps them.
        asked: what this call is about.

    Raises:
        NoModelError: none answers.
    """
    role = role_of_services(models)

    async def say(model: Model) -> str:
        async with asyncio.timeout(model.limits.timeout_s):
            return await complete(
                models,
                model,
                messages=[{"role": "system", "content": instructions}, {"role": "user", "content": asked}],
                max_tokens=model.limits.max_tokens,
            )

    await models.look(role)
    written = await first_of(models, models.candidates(role), say)
    return Written(parted(written.text).answer.strip(), written.endpoint)


async def first_of(models: Models, candidates: Sequence[Model], say: Callable[[Model], Awaitable[str]]) -> Written:
    """Return what the first of these models says that answers; those that are left alone for a while are not asked.

    Raises:
        NoModelError: none answers.
    """
    why = "all of them are left alone for a while after failures"
    for model in candidates:
        breaker = models.breaker(model.endpoint)
        if not breaker.admits():
            continue
        try:
            with models.balance.calling(model.endpoint):
                said = await say(model)
        except MODEL_ERRORS as error:
            fault = fault_of(error)
            models.note(model, fault)
            note(logger, "service_model", endpoint=model.key, role=model.role, fault=fault.reason.code.value)
            why = f"{model.key}: {fault.reason}"
            continue
        breaker.worked()
        return Written(said, model.key)
    raise NoModelError(why)


async def complete(models: Models, model: Model, **body: Any) -> str:  # noqa: ANN401 - what the API takes
    """Return a model's reply to a request, whole, without a time limit.

    Raises:
        OpenAIError, UnreadableReplyError: there is none.
    """
    with parsing():
        reply: ChatCompletion = await models.openai(model.endpoint).chat.completions.create(
            model=model.endpoint.model, temperature=model.limits.temperature, **body
        )
        return reply.choices[0].message.content or ""
