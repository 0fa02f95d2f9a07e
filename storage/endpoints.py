"""Model endpoints and the roles that use them, from models.toml in SHOPDESK_HOME."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from storage.models.features import OPTIONAL, UNTRIED, Feature
from storage.models.needs import Routing, Task, is_near
from storage.models.serving import Serving
from storage.presets import Told, told_endpoint
from storage.settings import REPOSITORY, CannotStartError, Settings, secret_named

FILE = "models.toml"
NO_KEY = "none"
HERE = frozenset({"127.0.0.1", "localhost", "::1"})
VISION = "vision"
"""The role that inspects pictures."""

UNCHECKED = frozenset({"router", VISION})
"""The roles that say nothing to customers."""

Mode = Literal["select", "vote"]
"""How a role's endpoints answer: one is asked, or all of them, and only what they agree on counts."""

Choice = Literal["structured_outputs", "json_schema", "tool", "text"]
"""How an endpoint is constrained to one of several names: vLLM's own way, a JSON schema, a forced tool, or a prompt."""


class EndpointsError(CannotStartError):
    """models.toml is missing or invalid."""

    def __init__(self, path: Path, problem: str) -> None:
        self.problem = problem
        super().__init__(f"{path} cannot be used: {problem}. Fix it, or delete it and run `shopdesk up` for a new one.")


class Endpoint(BaseModel):
    """Where one model answers, over the OpenAI API."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str = Field(description="Address, up to and including /v1")
    model: str = Field(description="Model name the endpoint serves")
    slice: int = Field(0, description="Slice of the GPU it runs on; 0: somewhere else")
    vision: bool = Field(True, description="Whether it accepts images")
    api_key: str = Field(NO_KEY, repr=False, description="API key, if the endpoint needs one")
    api_key_env: str = Field("", description="Environment variable that holds the API key; overrides api_key")
    lists_models: bool = Field(True, description="Whether it lists its models at /models")
    context_tokens: int = Field(16_384, gt=0, description="Context window (prompt and reply together), in tokens")
    choice: Choice = Field("structured_outputs", description="How it is constrained to one of several names")
    takes: tuple[Feature, ...] = Field(UNTRIED, description="What it takes in a request, as `models test` found out")
    good_at: tuple[Task, ...] = Field((), description="Kinds of task it is better at than at others; empty: at none")
    quality: float = Field(0.5, ge=0, le=1, description="How good its answers are in your judgement, from 0 to 1")
    price_in: float = Field(0, ge=0, description="US dollars for a million tokens that it reads")
    price_out: float = Field(0, ge=0, description="US dollars for a million tokens that it writes")
    local: bool | None = Field(None, description="Whether it is your own; left out: its address tells")
    serve: Serving | None = Field(None, description="How `models plan` and `models serve` serve it")
    bridges: bool = Field(False, exclude=True, description="Whether it is the stand-in that answers while models load")

    @property
    def is_local(self) -> bool:
        """Whether what it is sent stays with you."""
        return is_near(self.base_url) if self.local is None else self.local

    def as_taken(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the body of a request without the fields that it refuses, and the limit under the name it knows."""
        refused = {name for feature, names in OPTIONAL.items() if feature not in self.takes for name in names}
        sent = {name: value for name, value in body.items() if name not in refused}
        if "max_tokens" in sent and "max_tokens" not in self.takes:
            limit = sent.pop("max_tokens")
            sent |= {"max_completion_tokens": limit} if "max_completion_tokens" in self.takes else {}
        return sent


class Role(BaseModel):
    """Which endpoints one part of the team uses, and its limits."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoints: tuple[str, ...] = Field(alias="endpoint", min_length=1, description="Key of the endpoint, or several")
    temperature: float = Field(0.0, ge=0, le=2)
    max_tokens: int = Field(400, gt=0, description="Longest reply, in tokens")
    timeout_s: float = Field(30, gt=0, description="Longest wait for a reply to start or continue, in seconds")
    fallback: str | None = Field(None, description="Endpoint to use instead; empty: none; left out: another slice")
    mode: Mode = Field("select", description="Whether one of its endpoints answers, or all of them vote")
    check: str = Field("", description="Endpoint that confirms each claim of an answer before it is sent; empty: none")

    @field_validator("endpoints", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("endpoints")
    @classmethod
    def _once_each(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(value)) < len(value):
            raise ValueError("it names an endpoint twice")
        return value


class Endpoints(BaseModel):
    """All endpoints and roles."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoints: dict[str, Endpoint]
    roles: dict[str, Role]
    routing: Routing = Field(default_factory=Routing)

    def for_role(self, role: str) -> tuple[str, Endpoint, Role]:
        """Return the key of the role's first endpoint, the endpoint and the role's own limits."""
        wanted = self.roles[role]
        return wanted.endpoints[0], self.endpoints[wanted.endpoints[0]], wanted

    def of_role(self, role: str) -> list[tuple[str, Endpoint]]:
        """Return every endpoint that the role names; any of them may be asked."""
        return [(key, self.endpoints[key]) for key in self.roles[role].endpoints]

    def in_place_of(self, role: str) -> list[tuple[str, Endpoint]]:
        """Return the endpoints to try when none of a role's own answers.

        A role without a `fallback` uses the other slices: customers' text goes to an external endpoint only if it is
        named. The stand-in that bridges comes last. Pictures go only to endpoints that accept them.
        """
        own, named = self.roles[role].endpoints, self.roles[role].fallback
        keys = [key for key, one in self.endpoints.items() if one.slice] if named is None else [named]
        bridges = [key for key, one in self.endpoints.items() if one.bridges]
        others = [(key, self.endpoints[key]) for key in [*keys, *bridges] if key and key not in own]
        return [(key, one) for key, one in others if one.vision or role != VISION]


def load_endpoints(settings: Settings) -> Endpoints:
    """Read models.toml, and what the environment says besides.

    MODEL1_BASE_URL, MODEL1_NAME and MODEL2_… override slices 1 and 2. While nobody has changed the file, a provider, an
    address or an API key in the environment serves every role. MOCK_LLM=true puts the stand-in in everybody's place.

    Raises:
        EndpointsError: the file is missing, is not TOML, or names an undefined endpoint.
        CannotStartError: the environment names an endpoint, and not enough of it.
    """
    found = read_file(settings)
    if settings.mock_llm == "true":
        return _only(found, dict(_stand_ins(found)))
    told = environment_endpoint(settings, found)
    if told is not None:
        beside = {key: _with_key(one) for key, one in found.endpoints.items() if not one.slice}
        return _only(found, {told.key: _with_key(Endpoint.model_validate(told.fields)), **beside})
    endpoints = {key: _as_told(endpoint, settings) for key, endpoint in found.endpoints.items()}
    if settings.mock_llm == "bridge":
        endpoints |= {f"stand_in{one.slice}": one.model_copy(update=BRIDGE) for _, one in _stand_ins(found)}
    return found.model_copy(update={"endpoints": endpoints})


def environment_endpoint(settings: Settings, found: Endpoints) -> Told | None:
    """Return the endpoint that the environment names for every role, if it decides; None if models.toml does.

    It decides while the file's roles and slices are as shipped. A key alone may be there for another program, so it
    stands behind MODEL1_BASE_URL and MODEL2_BASE_URL, unless these are bridged and may be nobody's.

    Raises:
        CannotStartError: the environment names an endpoint, and not enough of it.
    """
    usual = shipped()
    untouched = found.roles == usual.roles and all(
        found.endpoints.get(key) == one for key, one in usual.endpoints.items()
    )
    told = told_endpoint(settings) if untouched and settings.mock_llm != "true" else None
    slices = (settings.model1_base_url or settings.model2_base_url) and settings.mock_llm != "bridge"
    return told if told is not None and (told.firmly or not slices) else None


def read_file(settings: Settings) -> Endpoints:
    """Read models.toml alone, as it is written.

    Raises:
        EndpointsError: it is missing, is not TOML, or names an undefined endpoint.
    """
    path = settings.shopdesk_home / FILE
    try:
        return parse_endpoints(path, path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise EndpointsError(path, "it does not exist") from error
    except UnicodeDecodeError as error:
        raise EndpointsError(path, "it is not UTF-8") from error


def parse_endpoints(path: Path, text: str) -> Endpoints:
    """Parse the text of models.toml.

    Raises:
        EndpointsError: it is not TOML, or names an undefined endpoint.
    """
    try:
        found = Endpoints.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise EndpointsError(path, _problem(error)) from error
    for name, role in found.roles.items():
        missing = [key for key in (*role.endpoints, role.fallback, role.check) if key and key not in found.endpoints]
        if missing:
            raise EndpointsError(path, f"role {name} uses the endpoint {missing[0]}, which is not defined")
        if problem := _contradiction(name, role):
            raise EndpointsError(path, f"role {name} {problem}")
    if problem := _unknown_or_asleep(found):
        raise EndpointsError(path, problem)
    return found


def _unknown_or_asleep(found: Endpoints) -> str:
    """Return which endpoint routing names that there is not, or pictures go to that may sleep; empty if none."""
    for where, key in found.routing.named:
        if key not in found.endpoints:
            return f"{where} uses the endpoint {key}, which is not defined"
    for key, one in found.of_role(VISION) if VISION in found.roles else []:
        if one.serve is not None and one.serve.takes_turns:
            return f"role {VISION} uses {key}, which takes turns: the tool servers cannot wake it"
    return ""


def _contradiction(name: str, role: Role) -> str:
    """Return why a role's endpoints cannot work together as it says; empty if they can."""
    if role.mode == "vote" and name != VISION:
        return f"cannot vote: only the verdicts of {VISION} can be counted. Give it a `check` instead"
    if role.mode == "vote" and len(role.endpoints) == 1:
        return 'votes with one endpoint. Name two: endpoint = ["slice1", "slice2"]'
    if role.check and name in UNCHECKED:
        return "says nothing to customers that could be checked"
    if role.check in role.endpoints:
        return f"is to be checked by {role.check}, which answers for it. Name another endpoint"
    return ""


@cache
def shipped() -> Endpoints:
    """Return the endpoints and roles that a new shop starts with."""
    path = REPOSITORY / "team" / FILE
    return parse_endpoints(path, path.read_text(encoding="utf-8"))


BRIDGE: Mapping[str, object] = {"slice": 0, "bridges": True}


def _stand_ins(found: Endpoints) -> Iterator[tuple[str, Endpoint]]:
    """Yield where the stand-in of each slice listens: at the file's address if that is here, or the usual."""
    for key, usual in shipped().endpoints.items():
        own = [one.base_url for one in found.endpoints.values() if one.slice == usual.slice]
        here = [url for url in own if urlsplit(url).hostname in HERE]
        yield key, usual.model_copy(update={"base_url": here[0] if here else usual.base_url})


def _only(found: Endpoints, endpoints: dict[str, Endpoint]) -> Endpoints:
    """Return the roles with these endpoints in the place of all others: each role's own slice, or else the first."""
    roles = {
        name: role.model_copy(
            update={
                "endpoints": (next((key for key in role.endpoints if key in endpoints), next(iter(endpoints))),),
                "fallback": None,
                # One endpoint, or the stand-in, speaks for all: there is nobody to vote with, or to check.
                "mode": "select",
                "check": "",
            }
        )
        for name, role in found.roles.items()
    }
    return Endpoints.model_construct(endpoints=endpoints, roles=roles)


def _problem(error: tomllib.TOMLDecodeError | ValidationError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    # Never include the values: one of them may be an API key.
    first = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def _as_told(endpoint: Endpoint, settings: Settings) -> Endpoint:
    """Return the endpoint with overrides from the environment."""
    urls = {1: settings.model1_base_url, 2: settings.model2_base_url}
    names = {1: settings.model1_name, 2: settings.model2_name}
    return _with_key(
        endpoint.model_copy(
            update={
                "base_url": urls.get(endpoint.slice) or endpoint.base_url,
                "model": names.get(endpoint.slice) or endpoint.model,
            }
        )
    )


def _with_key(endpoint: Endpoint) -> Endpoint:
    return endpoint.model_copy(update={"api_key": secret_named(endpoint.api_key_env) or endpoint.api_key})
