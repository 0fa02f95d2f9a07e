"""What a message needs of a model, and which endpoints may answer which kind of it: `[routing]` of models.toml."""

import ipaddress
from collections.abc import Iterator
from enum import StrEnum
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

NEAR_ENDINGS = (".local", ".internal", ".lan", ".svc")


class Task(StrEnum):
    """The kinds of task a message can be."""

    ORDER = "order"
    POLICY = "policy"
    PRODUCT = "product"
    VISION = "vision"
    REASONING = "reasoning"
    CODE = "code"
    TRANSLATION = "translation"
    SMALL_TALK = "small_talk"


class Complexity(StrEnum):
    """How much a message asks for."""

    SIMPLE = "simple"
    MEDIUM = "medium"
    COMPLEX = "complex"


Strategy = Literal["auto", "fastest", "cheapest", "best", "local_first"]
"""What counts in a choice: everything weighed, time, cost, quality, or staying with your own endpoints."""


class Rule(BaseModel):
    """One row of the rule table: messages of these tasks are answered by these endpoints and by no other."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tasks: tuple[Task, ...] = Field(min_length=1, description="The tasks it is for")
    endpoints: tuple[str, ...] = Field(alias="endpoint", min_length=1, description="Key of the endpoint, or several")

    @field_validator("endpoints", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class Routing(BaseModel):
    """How questions are routed to endpoints by need."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: tuple[Rule, ...] = Field((), description="The first that names a message's task decides who may answer it")
    fallback: str = Field("", description="The endpoint that is asked when the chosen one and its like do not answer")
    remembers_s: float = Field(300, ge=0, description="How long a decision holds for questions that mean the same")

    @property
    def named(self) -> Iterator[tuple[str, str]]:
        """Yield every endpoint that is named, and where."""
        for number, rule in enumerate(self.rules, 1):
            yield from ((f"rule {number} of routing", key) for key in rule.endpoints)
        if self.fallback:
            yield "routing.fallback", self.fallback

    def rule_for(self, task: Task) -> Rule | None:
        """Return the rule that decides who may answer a task; None where there is none."""
        return next((rule for rule in self.rules if task in rule.tasks), None)


def is_near(url: str) -> bool:
    """Whether an address is this machine's, or one of a private network."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(NEAR_ENDINGS)
