"""The models: which endpoint speaks for a role, over one HTTP client, reloaded when models.toml changes."""

import logging
import time
from copy import copy
from dataclasses import dataclass

import httpx2
from autogen_core.models import ChatCompletionClient, ModelInfo
from autogen_ext.models.openai import BaseOpenAIChatCompletionClient
from openai import OpenAIError

from storage.endpoints import FILE, Endpoint, Endpoints, EndpointsError, Role, load_endpoints
from storage.process.breaker import Breaker
from storage.settings import CannotStartError, Settings
from team.models.balance import Balance, Named
from team.models.fault import Fault
from team.models.load import STAND_IN, Loads
from team.models.plain_openai import PlainOpenAI
from team.models.slices.speeds import Speeds
from team.models.slices.turns import Turns
from team.pool import Borrowed

logger = logging.getLogger(__name__)

STAND_IN_CHECKED_S = 30
LISTED_S = 3
"""An endpoint lists its models quickly."""

TIMEOUT = httpx2.Timeout(10, connect=3, read=300)
"""For the connection only: the role sets how long to wait for a reply."""


@dataclass(frozen=True)
class Model:
    """A role's model: the endpoint's key, the endpoint, and the role's own limits.

    `in_place_of` is the key of the role's own endpoint, if this is a replacement for it.
    """

    role: str
    key: str
    endpoint: Endpoint
    limits: Role
    in_place_of: str = ""

    def as_event(self) -> dict[str, str | int]:
        """The event fields for the model that was asked."""
        asked: dict[str, str | int] = {
            "endpoint": self.key,
            "model": self.endpoint.model,
            "slice": self.endpoint.slice,
        }
        return asked | ({"in_place_of": self.in_place_of} if self.in_place_of else {})


class Models:
    """All endpoints and their clients."""

    def __init__(self, settings: Settings, pool: httpx2.AsyncHTTPTransport) -> None:
        self.settings = settings
        self._file = settings.shopdesk_home / FILE
        self.http = httpx2.AsyncClient(transport=Borrowed(pool), timeout=TIMEOUT)
        self.loads = Loads(self.http)
        self.balance = Balance(self.loads)
        self.speeds = Speeds()
        self.turns = Turns(self.http, lambda: self.endpoints)
        self.problem = ""
        """What is wrong with models.toml as it is now, where an earlier version of it is in use."""
        self.chosen = ""
        self._loaded: tuple[int, Endpoints] | None = None
        self._clients: dict[Model, ChatCompletionClient] = {}
        self._openai: dict[tuple[Endpoint, float], PlainOpenAI] = {}
        self._stand_ins: dict[str, tuple[float, bool]] = {}
        self._plain: set[Endpoint] = set()
        self._breakers: dict[tuple[str, str], Breaker] = {}

    @property
    def endpoints(self) -> Endpoints:
        """The current contents of models.toml; after a broken edit, the error is logged and the last valid version
        stays in use.

        Raises:
            EndpointsError: it is invalid, and no valid version was loaded before.
        """
        try:
            changed = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            changed = 0
        if self._loaded is None:
            self._loaded = (changed, load_endpoints(self.settings))
        elif self._loaded[0] != changed:
            self._loaded = (changed, self._reload())
            self._clients.clear()
        return self._loaded[1]

    def speaking_through(self, key: str) -> "Models":
        """Return the same models, of which only this endpoint speaks, for every role. Close the original alone."""
        other = copy(self)
        other.chosen = key
        return other

    def for_role(self, role: str) -> Model:
        """Return the model that speaks for a role: the first, where it has several."""
        if self.chosen:
            return Model(role, self.chosen, self.endpoints.endpoints[self.chosen], self.endpoints.roles[role])
        return Model(role, *self.endpoints.for_role(role))

    def candidates(self, role: str) -> list[Model]:
        """Return the role's models, the least loaded first, then those that may replace them.

        Where there is a choice, those that did not answer when they were looked at come last.
        """
        if self.chosen:
            return [self.for_role(role)]
        found = self.endpoints
        first, *rest = self._in_order(self.balance.least_loaded_first(found.of_role(role)))
        limits = found.roles[role]
        others = [Model(role, *other, limits, first[0]) for other in [*rest, *found.in_place_of(role)]]
        models = [Model(role, *first, limits), *others]
        if not _has_choice(found, role):
            return models
        return sorted(models, key=lambda model: self.balance.is_away(model.endpoint))

    async def look(self, role: str) -> None:
        """Find out how busy a role's endpoints are, where it has a choice; the next call of `candidates` knows it."""
        found = self.endpoints
        if _has_choice(found, role):
            await self.balance.look({**dict(found.of_role(role)), **dict(found.in_place_of(role))})

    def _in_order(self, named: list[Named]) -> list[Named]:
        """Put those that are left alone for a while behind the others."""
        return sorted(named, key=lambda one: self.breaker(one[1]).is_open)

    def breaker(self, endpoint: Endpoint) -> Breaker:
        """Return an endpoint's circuit breaker."""
        return self._breakers.setdefault((endpoint.base_url, endpoint.model), Breaker())

    def note(self, model: Model, fault: Fault) -> None:
        """Report a failed call to the endpoint's circuit breaker."""
        breaker = self.breaker(model.endpoint)
        if fault.counts:
            breaker.failed()
        if fault.rest_s:
            breaker.rest(fault.rest_s)

    def openai(self, endpoint: Endpoint, patience_s: float = LISTED_S) -> PlainOpenAI:
        """Return an endpoint's plain OpenAI client; `patience_s` is how long it waits for a streamed reply."""
        if (endpoint, patience_s) not in self._openai:
            self._openai[endpoint, patience_s] = PlainOpenAI(endpoint, self.http, patience_s, self.speeds)
        return self._openai[endpoint, patience_s]

    def client(self, model: Model) -> ChatCompletionClient:
        """Return AutoGen's client for a role's model."""
        if model not in self._clients:
            self._clients[model] = BaseOpenAIChatCompletionClient(
                self.openai(model.endpoint, model.limits.timeout_s),
                create_args={
                    "model": model.endpoint.model,
                    "temperature": model.limits.temperature,
                    "max_tokens": model.limits.max_tokens,
                },
                model_info=_info(model.endpoint),
            )
        return self._clients[model]

    async def is_stand_in(self, endpoint: Endpoint) -> bool:
        """Whether the endpoint is our stand-in rather than a model; checked again every half minute."""
        at, known = self._stand_ins.get(endpoint.base_url, (0.0, False))
        if at and time.monotonic() - at < STAND_IN_CHECKED_S:
            return known
        try:
            listed = await self.openai(endpoint).models.list(timeout=LISTED_S)
        except OpenAIError:
            # It answered a moment ago, so check again next time.
            return known
        self.note_stand_in(endpoint, any(model.owned_by == STAND_IN for model in listed.data))
        return self._stand_ins[endpoint.base_url][1]

    def note_stand_in(self, endpoint: Endpoint, stand_in: bool) -> None:
        """Remember whether an endpoint is the stand-in."""
        self._stand_ins[endpoint.base_url] = (time.monotonic(), stand_in)

    def note_speech(self, endpoint: Endpoint, *, plain: bool) -> None:
        """Remember whether an endpoint's last reply started with the answer, or with a thought that had no opening
        mark.
        """
        (self._plain.add if plain else self._plain.discard)(endpoint)

    async def speaks_plainly(self, endpoint: Endpoint) -> bool:
        """Whether an endpoint's reply may be shown as it streams: its last one started with the answer, or it always
        does.
        """
        return endpoint in self._plain or await self.is_stand_in(endpoint)

    async def close(self) -> None:
        """Close the HTTP client; the pool stays open."""
        await self.balance.close()
        await self.http.aclose()

    def _reload(self) -> Endpoints:
        try:
            self.problem, found = "", load_endpoints(self.settings)
        except CannotStartError as error:
            self.problem = error.problem if isinstance(error, EndpointsError) else str(error)
            assert self._loaded is not None  # noqa: S101 - a reload follows a load
            logger.error("models.toml was changed and cannot be used: %s", error)  # noqa: TRY400 - its message says all
            return self._loaded[1]
        return found


def _has_choice(found: Endpoints, role: str) -> bool:
    return len(found.roles[role].endpoints) > 1 or any(one.bridges for _, one in found.in_place_of(role))


def _info(endpoint: Endpoint) -> ModelInfo:
    return ModelInfo(
        vision=endpoint.vision, function_calling=True, json_output=False, structured_output=False, family="unknown"
    )
