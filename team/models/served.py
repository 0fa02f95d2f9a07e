"""Compares an endpoint with what its server lists, and names the setting that fixes a mismatch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.endpoints import FILE, Endpoint
from storage.settings import Settings

SHOWN = 5


@dataclass(frozen=True)
class Served:
    """The models an endpoint lists; for a server such as vLLM, also how many tokens each accepts."""

    longest: Mapping[str, int | None]

    @property
    def names(self) -> list[str]:
        """The names of the models."""
        return list(self.longest)


def served_in(listed: object) -> Served | None:
    """Parse the reply of `/v1/models`; None if it does not have OpenAI's shape."""
    entries = listed.get("data") if isinstance(listed, Mapping) else None
    if not isinstance(entries, Sequence):
        return None
    return Served({str(one["id"]): _number(one.get("max_model_len")) for one in entries if _is_model(one)})


def misfits(key: str, endpoint: Endpoint, served: Served | None, settings: Settings) -> list[str]:
    """Say where an endpoint's server differs from its configuration, each with what to set."""
    if served is None or not served.names:
        return []
    if endpoint.model not in served.names:
        names = ", ".join(served.names[:SHOWN])
        setting = _setting_of_the_name(key, endpoint, settings)
        return [f"it serves {names}, and not {endpoint.model}: set {setting} to a name it serves"]
    longest = served.longest[endpoint.model]
    if longest is not None and longest < endpoint.context_tokens:
        return [
            f"it takes {longest} tokens (max_model_len), and context_tokens is {endpoint.context_tokens}: "
            f"set context_tokens = {longest} in [endpoints.{key}] of {FILE}, or start it with a longer --max-model-len"
        ]
    return []


def _setting_of_the_name(key: str, endpoint: Endpoint, settings: Settings) -> str:
    """Return the setting that the endpoint's model name comes from: the environment overrides the file."""
    named = {1: settings.model1_name, 2: settings.model2_name}
    return f"MODEL{endpoint.slice}_NAME" if named.get(endpoint.slice) else f"model in [endpoints.{key}] of {FILE}"


def _is_model(entry: Any) -> bool:  # noqa: ANN401 - another program's JSON
    return isinstance(entry, Mapping) and "id" in entry


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
