"""The routing of a process: decides for each question which endpoint answers, asks it, and keeps what came of it."""

import time
from dataclasses import dataclass
from uuid import uuid4

from storage.db import Sessions, now, writing
from storage.models.decisions import Ended, RoutedDecision
from storage.reasons import Reason
from team.models.models import Models
from team.routing.answering import Answer, NobodyAnsweredError, answer
from team.routing.choosing import Decision, Known, choose
from team.routing.classifying import classified
from team.routing.preferences import Preferences
from team.routing.reading import read_need
from team.routing.remembering import Remembered, meaning_of


@dataclass(frozen=True)
class Routed:
    """A decision as it was made: how long that took in milliseconds, and its age if it was made for another question.

    `unasked` says why no model found the task out, where one was asked to.
    """

    decision: Decision
    meaning: object
    ms: float
    age_s: float | None = None
    unasked: tuple[Reason, ...] = ()


class Routing:
    """Routes questions over the endpoints of models.toml."""

    def __init__(self, models: Models, sessions: Sessions) -> None:
        self.models = models
        self.sessions = sessions
        self.remembered = Remembered()
        self.known = Known(models.speeds, models.loads.last, lambda endpoint: models.breaker(endpoint).is_open)

    async def decide(self, text: str, preferences: Preferences, *, pictured: bool = False) -> Routed:
        """Return which endpoint should answer a question; one that meant the same a while ago gets the same.

        Raises:
            NobodyCanError: no endpoint may answer it, or none keeps to the limits.
            NoClassifierError: a model is to find the task out, and there is none for it.
            EndpointsError: models.toml cannot be used.
        """
        began, endpoints = time.perf_counter(), self.models.endpoints
        meaning = meaning_of(text, pictured=pictured, preferences=preferences)
        found = self.remembered.find(meaning, endpoints)
        if found is not None and not self.known.rests(endpoints.endpoints[found[0].key]):
            return Routed(found[0], meaning, _since(began), round(found[1], 1))
        need, unasked = read_need(text, pictured=pictured), list[Reason]()
        if preferences.classify == "model":
            need, unasked = await classified(self.models, text, need)
        decision = choose(need, preferences, endpoints, self.known)
        if not unasked:
            self.remembered.keep(meaning, endpoints, decision)
        return Routed(decision, meaning, _since(began), None, tuple(unasked))

    async def ask(self, routed: Routed, text: str, language: str) -> Answer:
        """Return the answer of the endpoint that was chosen, or of one after it; what came of it is kept.

        Raises:
            NobodyAnsweredError: none answers.
        """
        try:
            told = await answer(self.models, routed.decision, text, language)
        except NobodyAnsweredError:
            self.remembered.forget(routed.meaning)
            await self._keep(routed, Ended.FAILED)
            raise
        if told.failed:
            self.remembered.forget(routed.meaning)
        await self._keep(routed, Ended.ANSWERED, told)
        return told

    async def keep_dry_run(self, routed: Routed) -> None:
        """Keep that a decision was asked for alone."""
        await self._keep(routed, Ended.DRY_RUN)

    async def _keep(self, routed: Routed, ended: Ended, told: Answer | None = None) -> None:
        decision = routed.decision
        row = RoutedDecision(
            id=uuid4().hex,
            at=now(),
            task=decision.need.task.value,
            complexity=decision.need.complexity.value,
            strategy=decision.preferences.strategy,
            classified_by=decision.need.asked or "rules",
            remembered=routed.age_s is not None,
            chosen=decision.key,
            answered_by=told.key if told else "",
            ended=ended.value,
            decided_ms=routed.ms,
            first_ms=told.first_ms if told else None,
            ms=told.ms if told else None,
            prompt_tokens=told.prompt_tokens if told else 0,
            completion_tokens=told.completion_tokens if told else 0,
            cost=told.cost if told else 0.0,
        )
        async with writing(self.sessions) as session:
            session.add(row)


def _since(began: float) -> float:
    return round(1000 * (time.perf_counter() - began), 3)
