"""What is known of providers and model servers, and the endpoint that the environment alone may name."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from storage.settings import CannotStartError, Settings, SettingsError

PRESETS = Path(__file__).with_name("presets.toml")
CUSTOM = "custom"
"""The key of an endpoint that BASE_URL names, which may be any server's."""


class UnknownPresetError(CannotStartError):
    """There is no such preset."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no preset {name}; there are: {', '.join(load_presets())}. "
            "For any other server: `shopdesk models add NAME --base-url URL --model MODEL`."
        )


class Preset(BaseModel):
    """A provider or server: where it answers, which key it wants, and what its requests may hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    base_url: str
    key_env: str
    model: str
    context_tokens: int
    choice: str
    takes: tuple[str, ...]
    quirks: str
    source: str
    vision: bool = True
    lists_models: bool = True

    def as_endpoint(self, *, base_url: str = "", model: str = "", key_env: str = "") -> dict[str, Any]:
        """Return the fields of its endpoint in models.toml; what is given takes the place of the preset's own."""
        key = key_env or self.key_env
        return {
            "base_url": base_url or self.base_url,
            "model": model or self.model,
            **({"api_key_env": key} if key else {}),
            **({} if self.vision else {"vision": False}),
            **({} if self.lists_models else {"lists_models": False}),
            "context_tokens": self.context_tokens,
            "choice": self.choice,
            "takes": list(self.takes),
        }


@dataclass(frozen=True)
class Told:
    """An endpoint that the environment names: its key, its fields, and the variables that did."""

    key: str
    fields: Mapping[str, Any]
    by: str
    firmly: bool
    """Whether a provider or an address was named, and not only a key, which may be there for another program."""


@cache
def load_presets() -> Mapping[str, Preset]:
    """Return all presets by name, as they are shipped."""
    return {name: Preset.model_validate(one) for name, one in tomllib.loads(PRESETS.read_text("utf-8")).items()}


def preset_named(name: str) -> Preset:
    """Return a preset.

    Raises:
        UnknownPresetError: there is none of that name; the message has those there are.
    """
    found = load_presets().get(name.lower())
    if found is None:
        raise UnknownPresetError(name)
    return found


def told_endpoint(settings: Settings) -> Told | None:
    """Return the endpoint that LLM_PROVIDER, BASE_URL or an API key alone names for every role; None for none.

    Raises:
        UnknownPresetError: LLM_PROVIDER names no preset.
        SettingsError: what it needs besides is not set.
    """
    model = settings.llm_model or settings.model
    if settings.llm_provider:
        return _of_provider(settings, settings.llm_provider.lower(), "LLM_PROVIDER", model, firmly=True)
    if settings.base_url:
        if not model:
            raise SettingsError("BASE_URL", "it needs the name of a model there, in MODEL")
        fields = {"base_url": settings.base_url, "model": model, "api_key_env": "API_KEY", "choice": "json_schema"}
        return Told(CUSTOM, fields, "BASE_URL", firmly=True)
    for name, key in (("openai", settings.openai_api_key), ("anthropic", settings.anthropic_api_key)):
        if key:
            return _of_provider(settings, name, f"{name.upper()}_API_KEY", settings.llm_model, firmly=False)
    return None


def _of_provider(settings: Settings, name: str, by: str, model: str, *, firmly: bool) -> Told:
    preset = preset_named(name)
    fields = preset.as_endpoint(
        base_url=settings.base_url if firmly else "",
        model=model,
        key_env="API_KEY" if settings.api_key and firmly else "",
    )
    if not fields["base_url"]:
        raise SettingsError("LLM_PROVIDER", f"{preset.title} has an address of your own, which BASE_URL has to name")
    if not fields["model"]:
        raise SettingsError("LLM_PROVIDER", f"{preset.title} serves what you gave it, which LLM_MODEL has to name")
    return Told(name, fields, by, firmly=firmly)
