"""Model endpoints and the roles that use them, from models.toml in SHOPDESK_HOME."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from storage.settings import CannotStartError, Settings, secret_named

FILE = "models.toml"
NO_KEY = "none"
VISION = "vision"
"""The role that inspects pictures."""

Choice = Literal["structured_outputs", "json_schema", "tool", "text"]
"""How an endpoint is constrained to one of several names: vLLM's own way, a JSON schema, a forced tool, or a prompt."""


Feature = Literal[
    "strict",
    "parallel_tool_calls",
    "stream_options",
    "tool_choice_required",
    "logprobs",
    "temperature",
    "max_tokens",
    "max_completion_tokens",
]
"""What an endpoint may take in a request, or refuse."""

UNTRIED: tuple[Feature, ...] = (
    "strict",
    "parallel_tool_calls",
    "stream_options",
    "logprobs",
    "temperature",
    "max_tokens",
)
"""What is sent to an endpoint that nobody has tried yet: vLLM and most others take it."""


OPTIONAL: Mapping[Feature, tuple[str, ...]] = {
    "temperature": ("temperature",),
    "parallel_tool_calls": ("parallel_tool_calls",),
    "stream_options": ("stream_options",),
    "logprobs": ("logprobs", "top_logprobs"),
}
"""The fields of a request that can be left out, by what takes them."""


class EndpointsError(CannotStartError):
    """models.toml is missing or invalid."""

    def __init__(self, path: Path, problem: str) -> None:
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
    context_tokens: int = Field(16_384, gt=0, description="Context window (prompt and reply together), in tokens")
    choice: Choice = Field("structured_outputs", description="How it is constrained to one of several names")
    takes: tuple[Feature, ...] = Field(UNTRIED, description="What it takes in a request, as `models test` found out")

    def as_taken(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the body of a request without the fields that it refuses, and the limit under the name it knows."""
        refused = {name for feature, names in OPTIONAL.items() if feature not in self.takes for name in names}
        sent = {name: value for name, value in body.items() if name not in refused}
        if "max_tokens" in sent and "max_tokens" not in self.takes:
            limit = sent.pop("max_tokens")
            sent |= {"max_completion_tokens": limit} if "max_completion_tokens" in self.takes else {}
        return sent


class Role(BaseModel):
    """Which endpoint one part of the team uses, and its limits."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoint: str = Field(description="Key of the endpoint")
    temperature: float = Field(0.0, ge=0, le=2)
    max_tokens: int = Field(400, gt=0, description="Longest reply, in tokens")
    timeout_s: float = Field(30, gt=0, description="Longest wait for a reply to start or continue, in seconds")
    fallback: str | None = Field(None, description="Endpoint to use instead; empty: none; left out: another slice")


class Endpoints(BaseModel):
    """All endpoints and roles."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoints: dict[str, Endpoint]
    roles: dict[str, Role]

    def for_role(self, role: str) -> tuple[str, Endpoint, Role]:
        """Return the endpoint's key, the endpoint and the role's own limits."""
        wanted = self.roles[role]
        return wanted.endpoint, self.endpoints[wanted.endpoint], wanted

    def in_place_of(self, role: str) -> list[tuple[str, Endpoint]]:
        """Return the endpoints to try when a role's own does not answer.

        A role without a `fallback` uses the other slices: customers' text goes to an external endpoint only if it is
        named. Pictures go only to endpoints that accept them.
        """
        own, named = self.roles[role].endpoint, self.roles[role].fallback
        keys = [key for key, one in self.endpoints.items() if one.slice] if named is None else [named]
        others = [(key, self.endpoints[key]) for key in keys if key and key != own]
        return [(key, one) for key, one in others if one.vision or role != VISION]


def load_endpoints(settings: Settings) -> Endpoints:
    """Read models.toml; MODEL1_BASE_URL, MODEL1_NAME and MODEL2_… override it for slices 1 and 2.

    Raises:
        EndpointsError: the file is missing, is not TOML, or names an undefined endpoint.
    """
    path = settings.shopdesk_home / FILE
    try:
        found = Endpoints.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError as error:
        raise EndpointsError(path, "it does not exist") from error
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise EndpointsError(path, _problem(error)) from error
    for name, role in found.roles.items():
        missing = [key for key in (role.endpoint, role.fallback) if key and key not in found.endpoints]
        if missing:
            raise EndpointsError(path, f"role {name} uses the endpoint {missing[0]}, which is not defined")
    endpoints = {key: _as_told(endpoint, settings) for key, endpoint in found.endpoints.items()}
    return found.model_copy(update={"endpoints": endpoints})


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
    return endpoint.model_copy(
        update={
            "base_url": urls.get(endpoint.slice) or endpoint.base_url,
            "model": names.get(endpoint.slice) or endpoint.model,
            "api_key": secret_named(endpoint.api_key_env) or endpoint.api_key,
        }
    )
